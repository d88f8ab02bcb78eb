import type { MethodState, MethodStateSource } from './method-transition.ts';

/** What the processes of a group tell each other of a method, so that it is the same in all of them. Plain values. */
export interface MethodStanding {
  /** The method key. */
  readonly method: string;
  readonly state: MethodState;
  readonly isPinned: boolean;
  /** When the state began, on the clock of who is told. */
  readonly sinceMs: number;
  /** Why the state began, and who began it; undefined where there was no other before. */
  readonly reason: string | undefined;
  readonly by: MethodStateSource | undefined;
  /** Quarantines by the rules with no long healthy time in between. */
  readonly quarantinesInARow: number;
}
