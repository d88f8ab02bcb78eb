import type { ProviderInstance } from '../registry/provider-instance.ts';
import type { Endpoint } from './endpoint.ts';

/** What calls to a provider go through: one per address. */
export interface CallTarget {
  /** Whether calls are likely to be answered: it is neither failing nor about to stop. */
  readonly isUsable: boolean;
  /** It is not wanted any more; calls in flight may end. */
  release(): void;
}

/** One provider of one service that calls may go to. It stays the same object for as long as its address is in the list. */
export class Candidate<Target extends CallTarget = CallTarget> {
  readonly target: Target;
  readonly endpoint: Endpoint;
  /** As the registry told last. */
  instance: ProviderInstance;
  /** When it started, on the clock of the calls; undefined where it is not known. */
  startedMs: number | undefined = undefined;
  /** Its weight now: less than that of the instance while it warms up. Above 0 where it takes calls. */
  weight = 0;
  /** Whether it is left out at present. One that should be, where too many are, takes part. */
  isEjected = false;
  /** When round robin has it next, on a scale of its own. */
  turn = 0;

  constructor(target: Target, endpoint: Endpoint, instance: ProviderInstance) {
    this.target = target;
    this.endpoint = endpoint;
    this.instance = instance;
  }
}

/** Whether a call can go there: it has not been there before, and the provider is usable. */
export function isFree(candidate: Candidate, tried: readonly Candidate[]): boolean {
  return (tried.length === 0 || !tried.includes(candidate)) && candidate.target.isUsable;
}

/** The first that is free, from a place on and around the list; undefined if none is. */
export function firstFree<Target extends CallTarget>(
  candidates: readonly Candidate<Target>[],
  tried: readonly Candidate[],
  start: number,
): Candidate<Target> | undefined {
  const { length } = candidates;
  for (let i = 0; i < length; i++) {
    const candidate = candidates[(start + i) % length]!;
    if (isFree(candidate, tried)) return candidate;
  }
  return undefined;
}
