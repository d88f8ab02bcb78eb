/** Whether calls of a method take normal slots, or slow ones while it is probed. */
export type MethodState = 'healthy' | 'quarantined';

/** Who changed a state: the rules, or a person by the admin API. */
export type MethodStateSource = 'gateway' | 'operator';

/** One change of the state of a method. */
export interface MethodTransition {
  /** The method key. */
  readonly method: string;
  readonly from: MethodState;
  readonly to: MethodState;
  /** Why, in words for people. */
  readonly reason: string;
  readonly by: MethodStateSource;
  /** When, on the clock of the calls. */
  readonly atMs: number;
  /** Set where another process of the group made the change, tells of it, and counts it; this one follows. */
  readonly isAdopted?: true;
}
