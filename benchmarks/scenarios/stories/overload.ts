import { setTimeout as delay } from 'node:timers/promises';
import type { LoadRecording } from '../../load/load-recording.ts';
import { wallMs } from '../../load/open-loop-load.ts';
import { type Totals, totalsBetween } from '../../load/totals.ts';
import { Timeline } from '../report/timeline.ts';
import { type GatewayStatus, isIdle } from '../stage/gateway-status.ts';
import { METHODS, type MethodName, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage, Stage } from '../stage/stage.ts';
import { type StatusSample, StatusWatch } from '../stage/status-watch.ts';

/** How large and how long the story of overload is. */
export interface OverloadSettings {
  readonly sections: StorySections;
  readonly method: MethodName;
  /** Path to be asked for, where it is not the method's usual one. */
  readonly path?: string;
  /** How long a call takes at the provider. */
  readonly backendMs: number;
  /** Requests in flight while the best rate is looked for: enough to keep the gateway busy, and none is refused. */
  readonly bestConnections: number;
  /** A rate that is surely more than the gateway can do. */
  readonly tooManyPerSecond: number;
  readonly bestMs: number;
  /** Multiple of the best rate that is offered. */
  readonly factor: number;
  /** The same, before and after the overload; below 1. */
  readonly restFactor: number;
  /** Before and after the overload, and the overload itself. */
  readonly phaseMs: number;
  readonly overloadMs: number;
  /** Time after the overload in which the gateway has to get over it. */
  readonly recoveryMs: number;
  /**
   * Connections of the client, open from the start: Node takes one new connection in a turn of its event loop, so a
   * crowd of them would be held back by that, and not by what is looked at here.
   */
  readonly maxConnections: number;
  /** How long in ms the client waits for one of them to be free. */
  readonly giveUpMs: number;
}

/** What happened while more was asked for than can be done. */
export interface OverloadResult {
  readonly timeline: Timeline;
  readonly recording: LoadRecording;
  readonly samples: readonly StatusSample[];
  /** Good answers a second when as much is asked for as can be done. */
  readonly bestPerSecond: number;
  /** The overload without its first second. */
  readonly overload: Totals;
  /** Part of the time of one core that the gateway used during the overload. */
  readonly gatewayBusy: number;
  /** The same for the client's process, from before the overload to after it: a busy one sends and reads late. */
  readonly loadBusy: number;
  /** Samples from within the overload. */
  readonly overloadSamples: readonly StatusSample[];
  /** When the time to recover was over. */
  readonly after: Totals;
  /** Longest time in ms that a status took during the overload: how long the event loop kept others waiting. */
  readonly longestStatusMs: number;
  /** The last status, when nothing was in flight any more. */
  readonly finalStatus: GatewayStatus;
}

const RAMP_MS = 1_000;
const LIMIT_MS = 30_000;

/** First the best rate is measured; then a multiple of it is offered for a while, between two times of rest. */
export async function playOverload(openStage: OpenStage, settings: OverloadSettings): Promise<OverloadResult> {
  const { method, backendMs, factor, restFactor, phaseMs, overloadMs, recoveryMs, maxConnections, giveUpMs } = settings;
  const path = settings.path ?? METHODS[method].path;
  const stage = await openStage(settings.sections);
  try {
    await stage.setDelays({ [method]: backendMs });
    const bestPerSecond = await findBest(stage, settings, path);
    const watch = new StatusWatch(stage, 50);
    await watch.until(isIdle, 'slots given back', LIMIT_MS);
    const load = stage.startLoad({
      streams: [{ name: method, path, perSecond: bestPerSecond * restFactor }],
      maxConnections,
      openConnections: maxConnections,
      giveUpMs,
    });
    const timeline = new Timeline();
    const startAtMs = timeline.begin('before');
    await delay(phaseMs);
    load.setRate(method, bestPerSecond * factor);
    const overloadAtMs = timeline.begin(`x ${factor}`);
    await delay(overloadMs);
    load.setRate(method, bestPerSecond * restFactor);
    const overAtMs = timeline.begin('recovery');
    await delay(recoveryMs);
    const recoveredAtMs = timeline.begin('after');
    await delay(phaseMs);
    const endAtMs = wallMs();

    const recording = await load.stop();
    const { status } = await watch.until(isIdle, 'slots given back', LIMIT_MS);
    await watch.stop();
    const overloadSamples = watch.samples.filter(({ atMs }) => atMs >= overloadAtMs && atMs < overAtMs);
    return {
      timeline,
      recording,
      samples: watch.samples,
      bestPerSecond,
      overload: totalsBetween(recording.streams, overloadAtMs + Math.min(RAMP_MS, overloadMs / 4), overAtMs),
      gatewayBusy: busyBetween(overloadSamples),
      loadBusy: recording.cpuMicros / 1_000 / (endAtMs - startAtMs),
      overloadSamples,
      after: totalsBetween(recording.streams, recoveredAtMs, endAtMs),
      longestStatusMs: Math.max(...overloadSamples.map(({ tookMs }) => tookMs)),
      finalStatus: status,
    };
  } finally {
    await stage.stop();
  }
}

/** Good answers a second while a few connections are kept busy all the time. The first third warms up. */
async function findBest(
  stage: Stage,
  { method, bestConnections, tooManyPerSecond, bestMs }: OverloadSettings,
  path: string,
): Promise<number> {
  const load = stage.startLoad({
    streams: [{ name: method, path, perSecond: tooManyPerSecond }],
    maxConnections: bestConnections,
    giveUpMs: 1_000,
  });
  await delay(bestMs / 3);
  const fromMs = wallMs();
  await delay((bestMs * 2) / 3);
  const toMs = wallMs();
  const { streams } = await load.stop(0);
  const { okPerSecond, refused } = totalsBetween(streams, fromMs, toMs);
  if (okPerSecond === 0 || refused > 0) {
    throw new Error(`the best rate cannot be told: ${okPerSecond} good answers a second, ${refused} refused`);
  }
  return okPerSecond;
}

function busyBetween(samples: readonly StatusSample[]): number {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return (last.usage.cpuMicros - first.usage.cpuMicros) / 1_000 / (last.atMs - first.atMs);
}
