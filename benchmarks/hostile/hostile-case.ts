import type { ErrorCode } from '../../src/errors/error-codes.ts';
import type { Comparison } from '../statistics.ts';

/** Answers that a provider could send to do harm. */
export interface HostileCase {
  readonly name: string;
  readonly summary: string;
  /** How many answers are sent in a full run. */
  readonly answers: number;
  /** What becomes of each. */
  readonly outcome: 'ok' | ErrorCode;
  /** Makes what is sent; only done in the process that measures. */
  prepare(): HostileAnswers;
}

export interface HostileAnswers {
  /** The body of one answer. The buffer may be the same each time, filled anew. */
  body(index: number): Buffer;
}

export interface HostileSettings {
  /** Rounds of the normal route before the hostile answers, and as many after. */
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  /** Part of the answers that are sent. */
  readonly partOfAnswers: number;
}

export interface HostileResult {
  readonly name: string;
  readonly summary: string;
  readonly outcome: string;
  readonly answers: number;
  /** Bytes of all answers. */
  readonly bytes: number;
  /** CPU time of all answers. */
  readonly cpuMs: number;
  /**
   * CPU time of a byte, as a multiple of that of a byte of the normal answer; undefined where the answer is refused, since
   * what that costs does not come from its length.
   */
  readonly costToNormal: number | undefined;
  /** Most that the process grew at any time. Bytes. */
  readonly peakBytes: number;
  /** What is left on and off the heap after one more normal answer and a collection of garbage. Bytes, also below zero. */
  readonly leftBytes: number;
  /** What another route's answer costs right afterwards, to what it cost before. */
  readonly normalAfter: Comparison;
  /** The same once it has had `recoveryMs` of CPU time; the same figure where it was not slower. */
  readonly normalLater: Comparison;
  readonly recoveryMs: number;
}

/** More than this, and more than the spread, is slower. */
export const MAX_AFTER = 1.05;

export function isSlower(comparison: Comparison): boolean {
  return comparison.differs && comparison.median > MAX_AFTER;
}
