import { setTimeout as delay } from 'node:timers/promises';
import type { LoadRecording } from '../../load/load-recording.ts';
import { Timeline } from '../report/timeline.ts';
import { changeTimeMs, type GatewayStatus, isIdle, stateOf } from '../stage/gateway-status.ts';
import { METHODS, type StorySections } from '../stage/scenario-config.ts';
import type { OpenStage } from '../stage/stage.ts';
import { type StatusSample, StatusWatch } from '../stage/status-watch.ts';

/** How large and how long the story of one slow method is. */
export interface OneSlowMethodSettings {
  readonly sections: StorySections;
  readonly ordersPerSecond: number;
  readonly pricesPerSecond: number;
  /** How long orders take when they are well, and when they are slow. */
  readonly wellMs: number;
  readonly slowMs: number;
  /** Of each phase that ends by the clock: before, in quarantine, after. */
  readonly phaseMs: number;
  /** Longest wait in ms for the quarantine, and for the return. */
  readonly limitMs: number;
}

/** What happened while one method turned slow and got well again. */
export interface OneSlowMethodResult {
  readonly timeline: Timeline;
  readonly recording: LoadRecording;
  readonly samples: readonly StatusSample[];
  /** When orders turned slow, were in quarantine, got well and were back, in ms since 1970. */
  readonly slowAtMs: number;
  readonly quarantinedAtMs: number;
  readonly wellAtMs: number;
  readonly backAtMs: number;
  /** The last status, when nothing was in flight any more. */
  readonly finalStatus: GatewayStatus;
}

/**
 * Orders and prices are called at steady rates. Orders turn slow, go into quarantine, get well, and come back. Nobody
 * does anything about it.
 */
export async function playOneSlowMethod(
  openStage: OpenStage,
  settings: OneSlowMethodSettings,
): Promise<OneSlowMethodResult> {
  const { ordersPerSecond, pricesPerSecond, wellMs, slowMs, phaseMs, limitMs } = settings;
  const orders = METHODS.orders.key;
  const stage = await openStage(settings.sections);
  try {
    await stage.setDelays({ orders: wellMs });
    const watch = new StatusWatch(stage);
    const load = stage.startLoad({
      streams: [
        { name: 'orders', path: METHODS.orders.path, perSecond: ordersPerSecond },
        { name: 'prices', path: METHODS.prices.path, perSecond: pricesPerSecond },
      ],
    });
    const timeline = new Timeline();
    timeline.begin('before');
    await delay(phaseMs);

    const slowAtMs = timeline.begin('slow');
    await stage.setDelays({ orders: slowMs });
    await watch.until((status) => stateOf(status, orders) === 'quarantined', 'orders in quarantine', limitMs);
    timeline.begin('quarantine');
    await delay(phaseMs);

    const wellAtMs = timeline.begin('well');
    await stage.setDelays({ orders: wellMs });
    await watch.until((status) => stateOf(status, orders) === 'healthy', 'orders back', limitMs);
    timeline.begin('after');
    await delay(phaseMs);

    const recording = await load.stop();
    const idle = await watch.until(isIdle, 'slots given back', limitMs);
    await watch.stop();
    return {
      timeline,
      recording,
      samples: watch.samples,
      slowAtMs,
      quarantinedAtMs: changeTimeMs(idle.status, orders, 'quarantined'),
      wellAtMs,
      backAtMs: changeTimeMs(idle.status, orders, 'healthy'),
      finalStatus: idle.status,
    };
  } finally {
    await stage.stop();
  }
}
