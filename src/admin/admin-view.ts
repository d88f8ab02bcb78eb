import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { Clock } from '../time/clock.ts';
import type { WallOffset } from '../time/wall-offset.ts';

/** What the admin API sees of the gateway. Everything is asked for anew with each request, since a reload changes it. */
export interface AdminView {
  readonly clock: Clock;
  readonly wallOffset: WallOffset;
  /** Whether the gateway should get traffic. */
  isReady(): boolean;
  /** What readiness is made of, by name; shown by `/readyz?verbose`. */
  readinessChecks(): Readonly<Record<string, boolean>>;
  /** Undefined where it is off. */
  readonly admission: Admission | undefined;
  /** Undefined where they are off. */
  readonly bulkheads: Bulkheads | undefined;
  /** The keys of all configured methods, called or not. */
  methodKeys(): ReadonlySet<string>;
}
