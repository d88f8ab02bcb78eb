import { setTimeout as delay } from 'node:timers/promises';
import type { LoadRecording } from '../../load/load-recording.ts';
import { Timeline } from '../report/timeline.ts';
import { type GatewayStatus, isIdle, stateOf } from '../stage/gateway-status.ts';
import { METHODS, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage } from '../stage/stage.ts';
import { type StatusSample, StatusWatch } from '../stage/status-watch.ts';

/** How large and how long the story of two slow methods is. */
export interface TwoSlowMethodsSettings {
  readonly sections: StorySections;
  /** Of orders and users, each. */
  readonly slowPerSecond: number;
  readonly pricesPerSecond: number;
  /** How long orders and users take when they are well, and when they are slow. */
  readonly wellMs: number;
  readonly slowMs: number;
  /** Of each phase that ends by the clock. */
  readonly phaseMs: number;
  /** Longest wait in ms for the quarantine of both. */
  readonly limitMs: number;
  /** How long in ms users may take to come back until that is given up. */
  readonly returnLimitMs: number;
}

/** What happened while two methods were slow and one of them got well. */
export interface TwoSlowMethodsResult {
  readonly timeline: Timeline;
  readonly recording: LoadRecording;
  readonly samples: readonly StatusSample[];
  /** When users got well, and were back, in ms since 1970; undefined when they were not back in time. */
  readonly wellAtMs: number;
  readonly backAtMs: number | undefined;
  /** The status when users were back, or when that was given up. */
  readonly statusInTheEnd: GatewayStatus;
  /** The last status, when nothing was in flight any more. */
  readonly finalStatus: GatewayStatus;
}

/** Orders and users turn slow and fill the slow pool. Then users get well, while orders stay slow. */
export async function playTwoSlowMethods(
  openStage: OpenStage,
  settings: TwoSlowMethodsSettings,
): Promise<TwoSlowMethodsResult> {
  const { slowPerSecond, pricesPerSecond, wellMs, slowMs, phaseMs, limitMs, returnLimitMs } = settings;
  const { orders, users, prices } = METHODS;
  const stage = await openStage(settings.sections);
  try {
    await stage.setDelays({ orders: wellMs, users: wellMs });
    const watch = new StatusWatch(stage);
    const load = stage.startLoad({
      streams: [
        { name: 'orders', path: orders.path, perSecond: slowPerSecond },
        { name: 'users', path: users.path, perSecond: slowPerSecond },
        { name: 'prices', path: prices.path, perSecond: pricesPerSecond },
      ],
    });
    const timeline = new Timeline();
    timeline.begin('before');
    await delay(phaseMs);

    timeline.begin('slow');
    await stage.setDelays({ orders: slowMs, users: slowMs });
    const areBothOut = (status: GatewayStatus): boolean =>
      [orders, users].every(({ key }) => stateOf(status, key) === 'quarantined');
    await watch.until(areBothOut, 'orders and users in quarantine', limitMs);
    timeline.begin('quarantine');
    await delay(phaseMs);

    const wellAtMs = timeline.begin('users well');
    await stage.setDelays({ orders: slowMs, users: wellMs });
    const back = await watch.next((status) => stateOf(status, users.key) === 'healthy', returnLimitMs);
    const statusInTheEnd = (back ?? watch.latest).status;
    timeline.begin(back === undefined ? 'given up' : 'users back');
    await delay(phaseMs);

    const recording = await load.stop();
    const { status } = await watch.until(isIdle, 'slots given back', limitMs);
    await watch.stop();
    return {
      timeline,
      recording,
      samples: watch.samples,
      wellAtMs,
      backAtMs: back?.atMs,
      statusInTheEnd,
      finalStatus: status,
    };
  } finally {
    await stage.stop();
  }
}
