import type { LineUp } from './line-ups.ts';
import type { LoopDelay } from './loop-delay.ts';
import type { MacroSample } from './macro-sample.ts';

/** What one server, or one way to use it, came to. */
export interface TargetSamples {
  readonly target: string;
  /** Round by round; where it has several processes, of one after the other in each round. */
  readonly samples: readonly MacroSample[];
  /** The warm-up, second by second; of its first process. */
  readonly warmUp: readonly MacroSample[];
  /** Time from the start of the process to its first right answer; undefined where it ran since before the case. */
  readonly readyMs: number | undefined;
  /** Of the last 30 to 60 s before the end of the case; undefined where the server does not measure it. */
  readonly loopDelay: LoopDelay | undefined;
}

/** A case as it was measured. */
export interface MacroResult {
  readonly name: string;
  readonly summary: string;
  readonly answerBytes: number;
  readonly ratio: LineUp['ratio'];
  /** Whether something else than the servers bounds the load, so that none of them can be busy all the time. */
  readonly isPaced: boolean;
  /** What has to be known about it. */
  readonly notes: readonly string[];
  readonly targets: readonly TargetSamples[];
}
