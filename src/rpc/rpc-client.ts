import { connect as netConnect } from 'node:net';
import type { ProviderAddress } from '../config/provider-address.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import { Ticker } from '../time/ticker.ts';
import { TimerWheel } from '../time/timer-wheel.ts';
import { addChannelCounters, type ChannelCounters, createChannelCounters } from './channel-counters.ts';
import type { ChannelStats } from './channel-stats.ts';
import type { ClientContext, ClientLimits, ConnectFunction, RpcEvent } from './client-context.ts';
import { type ConnectionLimits, UNLIMITED } from './connection-lifetime.ts';
import type { PendingCall } from './pending-call.ts';
import { ProviderChannel } from './provider-channel.ts';

/** Settings of an {@link RpcClient}. The defaults of the limits stand in the configuration's schema. */
export interface RpcClientOptions extends Readonly<Omit<ClientLimits, 'connections'>> {
  /** How long connections live; default: without bounds. */
  readonly connections?: ConnectionLimits;
  /** Time-outs in a row, with no answer between them, after which a connection is replaced; default 16. */
  readonly recycleAfterTimeouts?: number;
  /**
   * Connections under way at a time, above which none is begun before there are calls; default 0: none ever is, for clients
   * that only look.
   */
  readonly maxEarlyDials?: number;
  /** Default: the clock of the machine. */
  readonly clock?: Clock;
  /** Default `Math.random`. */
  readonly random?: () => number;
  /** Default `net.connect`. */
  readonly connect?: ConnectFunction;
  /** Told what happens to connections; default: nobody is. */
  readonly log?: (event: RpcEvent) => void;
}

/** Width of a tick: how exact time-outs are. */
const TICK_MS = 10;
/** Channels that are looked at in a tick: each of a thousand every 100 ms. */
const LOOKS_PER_TICK = 100;

/**
 * The Dubbo client: one channel per provider address, and one timer wheel and one ticker for all of them. While nothing
 * is in flight the ticker slows down to what heartbeats need; without connections it rests.
 */
export class RpcClient {
  readonly #context: ClientContext;
  readonly #wheel: TimerWheel<PendingCall>;
  readonly #ticker: Ticker;
  readonly #channels = new Map<string, ProviderChannel>();
  /** Channels without users whose last calls are still in flight. */
  readonly #released = new Set<ProviderChannel>();
  /** Of channels that are no more. */
  readonly #goneCounters = createChannelCounters();
  /** Those that this round of looks has not come to yet. */
  #round = this.#channels.values();
  /** The soonest that a channel of this round wants to be looked at again, in ms; infinite where none does. */
  #roundMs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: RpcClientOptions) {
    const clock = options.clock ?? systemClock;
    const ticker = new Ticker(() => this.#tick());
    const wheel = new TimerWheel<PendingCall>(clock.nowMs(), { tickMs: TICK_MS });
    this.#ticker = ticker;
    this.#wheel = wheel;
    this.#context = {
      connectTimeoutMs: options.connectTimeoutMs,
      heartbeatMs: options.heartbeatMs,
      maxFrameBytes: options.maxFrameBytes,
      connections: options.connections ?? UNLIMITED,
      recycleAfterTimeouts: options.recycleAfterTimeouts ?? 16,
      maxEarlyDials: options.maxEarlyDials ?? 0,
      dials: new Set(),
      clock,
      random: options.random ?? Math.random,
      connect: options.connect ?? netConnect,
      log: options.log ?? ignore,
      wheel,
      wake: () => ticker.wake(TICK_MS),
    };
  }

  /** Takes the limits of a new configuration; connections that are open keep theirs, but for how long they live. */
  configure({ connectTimeoutMs, heartbeatMs, maxFrameBytes, connections }: Readonly<ClientLimits>): void {
    Object.assign(this.#context, { connectTimeoutMs, heartbeatMs, maxFrameBytes, connections });
  }

  /** Number of calls in flight on all channels. */
  get pendingCalls(): number {
    return this.#wheel.size;
  }

  /**
   * The channel to an address: the same one for the same address, so that configurations that follow each other share
   * its connections. Each caller releases it once. Where callers differ in `connections`, the largest number holds.
   *
   * @param isEarly whether the connections are opened before the first call; if one caller wants that, it holds for all
   */
  channel(address: ProviderAddress, connections: number, isEarly = false): ProviderChannel {
    if (this.#isClosed) throw new Error('the client is closed');
    let channel = this.#channels.get(address.key);
    if (channel === undefined) {
      channel = new ProviderChannel(address, this.#context, this.#onReleased);
      this.#channels.set(address.key, channel);
    }
    channel.retain(connections, isEarly);
    return channel;
  }

  /** One entry per channel, those that end their last calls included. */
  stats(): ChannelStats[] {
    return [...this.#channels.values(), ...this.#released].map((channel) => channel.stats());
  }

  /** What was counted on all channels that ever were. */
  totals(): ChannelCounters {
    const totals = { ...this.#goneCounters };
    for (const { counters } of this.stats()) addChannelCounters(totals, counters);
    return totals;
  }

  /** Closes all connections at once; calls in flight fail with `client-stopped`. */
  close(): void {
    this.#isClosed = true;
    for (const channel of [...this.#channels.values(), ...this.#released]) channel.close();
    this.#channels.clear();
    this.#released.clear();
    this.#ticker.stop();
  }

  readonly #onReleased = (channel: ProviderChannel): void => {
    this.#channels.delete(channel.address.key);
    this.#released.add(channel);
  };

  #tick(): number {
    const nowMs = this.#context.clock.nowMs();
    this.#wheel.advance(nowMs, expire);
    let nextMs = this.#lookAround(nowMs);
    for (const channel of this.#released) {
      nextMs = sooner(nextMs, channel.tick(nowMs));
      if (!channel.isGone) continue;
      this.#released.delete(channel);
      addChannelCounters(this.#goneCounters, channel.stats().counters);
    }
    if (this.#wheel.size > 0) return TICK_MS;
    return nextMs === Number.POSITIVE_INFINITY ? 0 : nextMs;
  }

  /** Looks at the next channels of the round, and says in how many ms to do so again; infinite where there is no need. */
  #lookAround(nowMs: number): number {
    for (let looks = 0; looks < LOOKS_PER_TICK; looks++) {
      const { value: channel, done } = this.#round.next();
      if (done === true) {
        const nextMs = this.#roundMs;
        this.#round = this.#channels.values();
        this.#roundMs = Number.POSITIVE_INFINITY;
        return nextMs;
      }
      this.#roundMs = sooner(this.#roundMs, channel.tick(nowMs));
    }
    return TICK_MS;
  }
}

function expire(call: PendingCall): void {
  call.owner?.expire(call);
}

function sooner(nextMs: number, wantedMs: number): number {
  return wantedMs === 0 ? nextMs : Math.min(nextMs, wantedMs);
}

function ignore(): void {}
