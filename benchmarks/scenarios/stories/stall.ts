import { setTimeout as delay } from 'node:timers/promises';
import type { LoadRecording } from '../../load/load-recording.ts';
import { Timeline } from '../report/timeline.ts';
import { type GatewayStatus, isIdle } from '../stage/gateway-status.ts';
import { METHODS, type MethodName, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage } from '../stage/stage.ts';
import { type StatusSample, StatusWatch } from '../stage/status-watch.ts';

/** How large and how long the story of a stall is. */
export interface StallSettings {
  readonly sections: StorySections;
  /** Of each of three methods. */
  readonly perSecond: number;
  /** How long a call takes when nothing stalls. */
  readonly wellMs: number;
  readonly stallMs: number;
  /** The stall lasts longer where it must for so many requests to be in the gateway; default: it need not. */
  readonly leastInGateway?: number;
  /** How long it goes well before. */
  readonly phaseMs: number;
  /** What is looked at right after the stall, for the time in which things get back to normal. */
  readonly settleMs: number;
  readonly maxConnections: number;
}

/** What happened while all providers stood still. */
export interface StallResult {
  readonly timeline: Timeline;
  readonly recording: LoadRecording;
  readonly samples: readonly StatusSample[];
  /** Most requests in the gateway at a time, those that waited to be admitted included. */
  readonly mostInGateway: number;
  /** Memory of the gateway's process before the stall, and the most from then on. */
  readonly residentBytesBefore: number;
  readonly residentBytesMost: number;
  /** The last status, when nothing was in flight any more. */
  readonly finalStatus: GatewayStatus;
}

const STREAMS: readonly MethodName[] = ['orders', 'users', 'prices'];
const LIMIT_MS = 30_000;

/** Three methods at a steady rate; then all providers stand still for a while, and go on. */
export async function playStall(openStage: OpenStage, settings: StallSettings): Promise<StallResult> {
  const { perSecond, wellMs, stallMs, leastInGateway = 0, phaseMs, settleMs, maxConnections } = settings;
  const stage = await openStage(settings.sections);
  try {
    await stage.setDelays({ orders: wellMs, users: wellMs, prices: wellMs });
    const watch = new StatusWatch(stage, 50);
    const load = stage.startLoad({
      streams: STREAMS.map((name) => ({ name, path: METHODS[name].path, perSecond })),
      maxConnections,
    });
    const timeline = new Timeline();
    timeline.begin('before');
    await delay(phaseMs);

    const residentBytesBefore = stage.gatewayUsage().residentBytes;
    stage.freezeProvider();
    timeline.begin('stall');
    await delay(stallMs);
    await watch.until((status) => inGateway(status) >= leastInGateway, 'requests in the gateway', LIMIT_MS);
    stage.thawProvider();
    timeline.begin('right after');
    await delay(settleMs);
    timeline.begin('after');
    await delay(phaseMs);

    const recording = await load.stop();
    const { status } = await watch.until(isIdle, 'slots given back', LIMIT_MS);
    await watch.stop();
    const { samples } = watch;
    return {
      timeline,
      recording,
      samples,
      mostInGateway: Math.max(...samples.map((sample) => inGateway(sample.status))),
      residentBytesBefore,
      residentBytesMost: Math.max(...samples.map(({ usage }) => usage.residentBytes)),
      finalStatus: status,
    };
  } finally {
    await stage.stop();
  }
}

function inGateway({ admission }: GatewayStatus): number {
  return admission.inFlight + admission.waiting;
}
