import { Admission } from '../admission/admission.ts';
import { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { QuarantineRules } from '../bulkhead/method-rules.ts';
import type { MethodStanding } from '../bulkhead/method-standing.ts';
import type { MethodTransition } from '../bulkhead/method-transition.ts';
import type { PoolsOptions } from '../bulkhead/pools.ts';
import { quarantineRules } from '../config/resolve-quarantine.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { HeldRequests } from '../http/held-requests.ts';
import { type SlowReaderLimits, SlowReaders } from '../http/slow-readers.ts';
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

/** The rules of methods that are not configured any more, while their last calls end. */
const NO_QUARANTINE = quarantineRules('off', undefined, undefined);

const UNBOUNDED_ADMISSION = {
  maxInFlight: Number.MAX_SAFE_INTEGER,
  maxInFlightBytes: Number.MAX_SAFE_INTEGER,
  maxWaitMs: 0,
  maxQueue: 0,
};
const UNBOUNDED_POOL = { size: Number.MAX_SAFE_INTEGER, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };

/**
 * All that bounds the load of a gateway: admission, bulkheads, slow readers, and the one ticker that moves them. Lives as
 * long as the process; each new configuration is told to it.
 */
export class LoadControl {
  readonly slowReaders: SlowReaders;
  readonly heldRequests: HeldRequests;
  readonly #clock: Clock;
  readonly #ticker: Ticker;
  readonly #onTransition: (transition: MethodTransition) => void;
  readonly #onStanding: ((standing: MethodStanding) => void) | undefined;
  #isConfigured: (method: string) => boolean = () => false;
  #admission: Admission | undefined;
  #bulkheads: Bulkheads | undefined;

  /**
   * @param onTransition hears of each change of a method's state that was made here, after the log
   * @param onStanding hears of each change of a method's state or pin that was made here
   */
  constructor(
    config: GatewayConfig,
    clock: Clock,
    logger: Logger,
    onTransition: (transition: MethodTransition) => void = () => {},
    onStanding?: (standing: MethodStanding) => void,
  ) {
    const ticker = new Ticker(() => this.#tick());
    this.#clock = clock;
    this.#ticker = ticker;
    this.#onStanding = onStanding;
    this.#onTransition = (transition) => {
      if (transition.isAdopted) return;
      logTransition(transition, logger);
      onTransition(transition);
    };
    this.heldRequests = new HeldRequests(config.server.limits.maxConnections, () => ticker.wake(WAITING_TICK_MS));
    this.slowReaders = new SlowReaders(slowReaderLimits(config), () => ticker.wake(SLOW_READERS_TICK_MS));
    this.#configureAdmission(config);
    this.#configureBulkheads(config);
  }

  /** Undefined while it is off. */
  get admission(): Admission | undefined {
    return this.#admission;
  }

  /** Undefined while they are off. */
  get bulkheads(): Bulkheads | undefined {
    return this.#bulkheads;
  }

  /** Turns on what the next configuration has and the present one lacks, so that its routes can be built upon it. */
  prepare(config: GatewayConfig): void {
    if (this.#bulkheads === undefined) this.#configureBulkheads(config);
  }

  /** Takes the sizes, limits and rules of a new configuration. What is in flight and what was learnt of methods stays. */
  configure(config: GatewayConfig): void {
    this.heldRequests.configure(config.server.limits.maxConnections);
    this.slowReaders.configure(slowReaderLimits(config));
    this.#configureAdmission(config);
    this.#configureBulkheads(config);
  }

  /** Takes the state that a method has in another process of the group, unless the method is not configured here. */
  adopt(standing: MethodStanding): void {
    if (this.#isConfigured(standing.method)) this.#bulkheads?.methods.adopt(standing, this.#clock.nowMs());
  }

  /** Ends the ticks; nothing that waits is told any more. */
  close(): void {
    this.#ticker.stop();
  }

  #configureAdmission({ admission }: GatewayConfig): void {
    if (admission === 'off') {
      // Who waits has nothing to wait for any more.
      this.#admission?.configure(UNBOUNDED_ADMISSION);
      this.#admission = undefined;
    } else if (this.#admission === undefined) {
      this.#admission = new Admission(admission, this.#clock.nowMs(), () => this.#ticker.wake(WAITING_TICK_MS));
    } else {
      this.#admission.configure(admission);
    }
  }

  #configureBulkheads(config: GatewayConfig): void {
    const { bulkhead } = config;
    if (bulkhead === 'off') {
      this.#bulkheads?.pools.resize({ normal: UNBOUNDED_POOL, slow: UNBOUNDED_POOL, heartbeat: UNBOUNDED_POOL });
      this.#bulkheads = undefined;
      return;
    }
    const rules = quarantineRulesByMethod(config);
    const rulesOf = (key: string): QuarantineRules => rules.get(key) ?? NO_QUARANTINE;
    this.#isConfigured = (method) => rules.has(method);
    const pools = poolsOptions(bulkhead);
    if (this.#bulkheads === undefined) {
      const wake = (intervalMs: number): void => this.#ticker.wake(intervalMs);
      this.#bulkheads = new Bulkheads({
        pools,
        rulesOf,
        onTransition: this.#onTransition,
        onStanding: this.#onStanding,
        wake,
      });
    } else {
      this.#bulkheads.configure(pools, rulesOf, this.#clock.nowMs(), this.#isConfigured);
    }
  }

  #tick(): number {
    const nowMs = this.#clock.nowMs();
    this.#admission?.tick(nowMs);
    this.slowReaders.tick(nowMs);
    this.heldRequests.tick(nowMs);
    const bulkheadsMs = this.#bulkheads?.tick(nowMs) ?? 0;
    return soonest(
      this.#admission !== undefined && this.#admission.waiting > 0 ? WAITING_TICK_MS : 0,
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

function slowReaderLimits({ admission, server }: GatewayConfig): SlowReaderLimits {
  const { maxInFlight, maxInFlightBytes } = admission === 'off' ? DEFAULT_ADMISSION : admission;
  return {
    answerTimeoutMs: server.limits.answerTimeoutMs,
    maxAnswers: maxInFlight * SLOW_READERS_SHARE,
    maxBytes: maxInFlightBytes * SLOW_READERS_SHARE,
  };
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
