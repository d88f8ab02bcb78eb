import type { CallTarget, Candidate } from './candidate.ts';

/** What a request says of the provider it wants. */
export interface SelectionRequest {
  /** Dubbo's tag; empty for none. */
  readonly tag: string;
  /** Whether untagged providers do not do where there is none of the tag: `dubbo.force.tag`. */
  readonly isTagForced: boolean;
  /**
   * Hash of what the request is about (`hashText`, `hashBytes`), an unsigned 32-bit number; negative for none. Only
   * consistent hash reads it.
   */
  readonly hash: number;
}

/** A request that takes any provider. */
export const ANY_PROVIDER: SelectionRequest = { tag: '', isTagForced: false, hash: -1 };

/** What a balancer picks from. */
export interface CandidateList<Target extends CallTarget> {
  /** All that take calls in the zone, ejected ones too. */
  readonly all: readonly Candidate<Target>[];
  /** Those that are not ejected. */
  readonly healthy: readonly Candidate<Target>[];
}

/** How one of several providers is picked. Pure: time and chance come from outside. */
export interface Balancer<Target extends CallTarget> {
  /** The list, or a weight in it, is another one from now on. Costs time in proportion to the list. */
  prepare(list: CandidateList<Target>): void;
  /**
   * A candidate that is neither ejected nor tried and is usable; undefined where the balancer finds none, which does not
   * mean that there is none elsewhere.
   */
  pick(request: SelectionRequest, tried: readonly Candidate[], nowMs: number): Candidate<Target> | undefined;
}
