import type { ClosedLoopPlan } from './closed-loop-load.ts';
import type { LoadPlan } from './open-loop-load.ts';

/**
 * What the process of the load is told; one load at a time. `stop` is answered with a `LoadRecording`; orders to a closed
 * loop are answered with a `ClosedLoopAnswer`.
 */
export type LoadOrder =
  | { readonly order: 'start'; readonly plan: LoadPlan }
  | { readonly order: 'rate'; readonly stream: string; readonly perSecond: number }
  | { readonly order: 'stop'; readonly waitMs: number | undefined }
  | ClosedLoopOrder;

export type ClosedLoopOrder =
  | { readonly order: 'open'; readonly plan: ClosedLoopPlan }
  | { readonly order: 'run'; readonly rampMs: number }
  | { readonly order: 'report' }
  | { readonly order: 'halt'; readonly waitMs: number }
  | { readonly order: 'close' };
