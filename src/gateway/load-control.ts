import { Admission } from '../admission/admission.ts';
import { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { MethodTransition } from '../bulkhead/method-transition.ts';
import type { PoolsOptions } from '../bulkhead/pools.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { HeldRequests } from '../http/held-requests.ts';
import { SlowReaders } from '../http/slow-readers.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { Ticker } from '../time/ticker.ts';
import { quarantineRulesByMethod } from './quarantine-rules.ts';

/** How often in ms waits are looked at while somebody waits for admission. */
const WAITING_TICK_MS = 10;
/** How often in ms answers are looked at that wait for their clients. */
const SLOW_READERS_TICK_MS = 500;
/** Part of the places and of the budget for bytes that answers nobody reads may use up. */
const SLOW_READERS_SHARE = 0.5;
/** The limits of admission that hold for slow readers where it is off: its defaults. */
const DEFAULT_ADMISSION = { maxInFlight: 8_000, maxInFlightBytes: 256 * 1024 ** 2 };

/**
 * All that bounds the load of a gateway: admission, bulkheads, slow readers, and the one ticker that moves them. Lives as
 * long as the process.
 */
export class LoadControl {
  /** Undefined where it is off. */
  readonly admission: Admission | undefined;
  /** Undefined where they are off. */
  readonly bulkheads: Bulkheads | undefined;
  readonly slowReaders: SlowReaders;
  readonly heldRequests: HeldRequests;
  readonly #clock: Clock;
  readonly #ticker: Ticker;

  /** @param onTransition hears of each change of a method's state, after the log */
  constructor(
    config: GatewayConfig,
    clock: Clock,
    logger: Logger,
    onTransition: (transition: MethodTransition) => void = () => {},
  ) {
    const ticker = new Ticker(() => this.#tick());
    const { admission, bulkhead, server } = config;
    this.#clock = clock;
    this.#ticker = ticker;
    if (admission !== 'off') {
      this.admission = new Admission(admission, clock.nowMs(), () => ticker.wake(WAITING_TICK_MS));
    }
    if (bulkhead !== 'off') {
      const rules = quarantineRulesByMethod(config);
      this.bulkheads = new Bulkheads({
        pools: poolsOptions(bulkhead),
        rulesOf: (key) => rules.get(key)!,
        onTransition: (transition) => {
          logTransition(transition, logger);
          onTransition(transition);
        },
        wake: (intervalMs) => ticker.wake(intervalMs),
      });
    }
    const { maxInFlight, maxInFlightBytes } = admission === 'off' ? DEFAULT_ADMISSION : admission;
    const limits = {
      answerTimeoutMs: server.limits.answerTimeoutMs,
      maxAnswers: maxInFlight * SLOW_READERS_SHARE,
      maxBytes: maxInFlightBytes * SLOW_READERS_SHARE,
    };
    this.heldRequests = new HeldRequests(server.limits.maxConnections, () => ticker.wake(WAITING_TICK_MS));
    this.slowReaders = new SlowReaders(limits, () => ticker.wake(SLOW_READERS_TICK_MS));
  }

  /** Ends the ticks; nothing that waits is told any more. */
  close(): void {
    this.#ticker.stop();
  }

  #tick(): number {
    const nowMs = this.#clock.nowMs();
    this.admission?.tick(nowMs);
    this.slowReaders.tick(nowMs);
    this.heldRequests.tick(nowMs);
    const bulkheadsMs = this.bulkheads?.tick(nowMs) ?? 0;
    return soonest(
      this.admission !== undefined && this.admission.waiting > 0 ? WAITING_TICK_MS : 0,
      this.slowReaders.waiting > 0 ? SLOW_READERS_TICK_MS : 0,
      this.heldRequests.size > 0 ? WAITING_TICK_MS : 0,
      bulkheadsMs,
    );
  }
}

/** The shortest of these times; 0 is none. */
function soonest(...timesMs: readonly number[]): number {
  let soonestMs = 0;
  for (const timeMs of timesMs) if (timeMs !== 0 && (soonestMs === 0 || timeMs < soonestMs)) soonestMs = timeMs;
  return soonestMs;
}

/** Sizes and rules of the pools; where nothing is said, twice as many may wait as a pool has slots. */
export function poolsOptions(bulkhead: Exclude<GatewayConfig['bulkhead'], 'off'>): PoolsOptions {
  const { normal, slow, heartbeat } = bulkhead;
  return {
    normal: { ...normal, maxQueue: normal.maxQueue ?? 2 * normal.size },
    slow: { ...slow, maxQueue: slow.maxQueue ?? 2 * slow.size },
    heartbeat: { ...heartbeat, maxQueue: heartbeat.maxQueue ?? 2 * heartbeat.size },
  };
}

function logTransition({ method, from, to, reason, by }: MethodTransition, logger: Logger): void {
  const fields = { method, from, to, reason, by };
  if (to === 'quarantined') logger.warn('method quarantined', fields);
  else logger.info('method released', fields);
}
