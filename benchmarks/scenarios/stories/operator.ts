import { setTimeout as delay } from 'node:timers/promises';
import type { LoadRecording } from '../../load/load-recording.ts';
import { Timeline } from '../report/timeline.ts';
import { type GatewayStatus, isIdle, type MethodOrder, type MethodStatus } from '../stage/gateway-status.ts';
import { METHODS, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage } from '../stage/stage.ts';
import { type StatusSample, StatusWatch } from '../stage/status-watch.ts';

/** How long the story of an operator is. */
export interface OperatorSettings {
  readonly sections: StorySections;
  readonly ordersPerSecond: number;
  readonly wellMs: number;
  /** Time between two turns of the operator. */
  readonly phaseMs: number;
}

/** An order, and what the very next status said of the method. */
export interface OrderGiven {
  readonly order: MethodOrder;
  /** HTTP status of the answer to the order. */
  readonly answer: number;
  readonly state: MethodStatus['state'];
  readonly isPinned: boolean;
  readonly reason: string | null;
}

/** What happened while an operator moved a method by hand. */
export interface OperatorResult {
  readonly timeline: Timeline;
  readonly recording: LoadRecording;
  readonly samples: readonly StatusSample[];
  readonly orders: readonly OrderGiven[];
  /** The last status, when nothing was in flight any more. */
  readonly finalStatus: GatewayStatus;
}

/** Quarantined and at once pinned there, well as it is; released although pinned; then free again. */
const TURNS: readonly (readonly MethodOrder[])[] = [['quarantine', 'pin'], ['release'], ['unpin']];
const LIMIT_MS = 10_000;

/** A healthy method is called at a steady rate, and an operator moves it by hand. */
export async function playOperator(openStage: OpenStage, settings: OperatorSettings): Promise<OperatorResult> {
  const { ordersPerSecond, wellMs, phaseMs } = settings;
  const stage = await openStage(settings.sections);
  try {
    await stage.setDelays({ orders: wellMs });
    const watch = new StatusWatch(stage);
    const load = stage.startLoad({
      streams: [{ name: 'orders', path: METHODS.orders.path, perSecond: ordersPerSecond }],
    });
    const timeline = new Timeline();
    timeline.begin('before');
    await delay(phaseMs);
    const orders: OrderGiven[] = [];
    for (const turn of TURNS) {
      for (const order of turn) {
        const answer = await stage.order('orders', order);
        const method = (await stage.status()).methods.find(({ key }) => key === METHODS.orders.key)!;
        orders.push({ order, answer, state: method.state, isPinned: method.pinned, reason: method.reason });
      }
      timeline.begin(turn.join(', '));
      await delay(phaseMs);
    }
    const recording = await load.stop();
    const { status } = await watch.until(isIdle, 'slots given back', LIMIT_MS);
    await watch.stop();
    return { timeline, recording, samples: watch.samples, orders, finalStatus: status };
  } finally {
    await stage.stop();
  }
}
