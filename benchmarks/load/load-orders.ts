import type { LoadPlan } from './open-loop-load.ts';

/** What the process of the load is told. One load at a time; `stop` is answered with its `LoadRecording`. */
export type LoadOrder =
  | { readonly order: 'start'; readonly plan: LoadPlan }
  | { readonly order: 'rate'; readonly stream: string; readonly perSecond: number }
  | { readonly order: 'stop'; readonly waitMs: number | undefined };
