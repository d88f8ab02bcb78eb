import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { PoolsOptions } from '../../../src/bulkhead/pools.ts';
import { POOL_NAMES } from '../../../src/bulkhead/slot.ts';
import { SlotAccount } from '../../../src/bulkhead/slot-account.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import type { CallOwner, PendingCall } from '../../../src/rpc/pending-call.ts';
import { RpcFailure, type RpcFailureReason } from '../../../src/rpc/rpc-failure.ts';
import { RouteCall } from '../../../src/upstream/route-call.ts';
import { BulkheadsScene } from '../bulkhead/bulkheads-scene.ts';
import { RecordingCaller } from '../bulkhead/recording-caller.ts';
import { FakeRoute, fakeExchange, providersInTurn } from './fake-channels.ts';

export const METHODS = ['demo.Foo#a()', 'demo.Foo#b()', 'demo.Foo#c()'] as const;
export const PROVIDERS = 2;

/** What a provider does with a call: take it, refuse it before it is sent, or throw. */
export type Reception = 'take' | 'connect-failed' | 'backlog-full' | 'throw';

/** A call of the crowd, and all that was ever heard of it. */
interface CrowdCall {
  readonly call: RouteCall;
  readonly method: number;
  readonly deadlineMs: number;
  readonly exchange: ReturnType<typeof fakeExchange>;
  settled: number;
  isCancelled: boolean;
}

/** Things that must have happened often enough for the crowd to prove anything. */
export interface CrowdCounts {
  made: number;
  refused: number;
  waited: number;
  startedLate: number;
  failedOver: number;
  cancelledWaiting: number;
  cancelledHeld: number;
  timedOut: number;
  quarantined: number;
}

/** A channel that holds any number of calls and has no clock: the crowd ends them. */
class CrowdChannel implements CallOwner {
  readonly address: { readonly key: string };
  readonly held = new Set<PendingCall>();
  readonly isUsable = true;
  reception: Reception = 'take';

  constructor(key: string) {
    this.address = { key };
  }

  send(_frame: Uint8Array, _start: number, _end: number, timeoutMs: number, call: PendingCall): void {
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, got ${timeoutMs}`);
    assert.equal(call.owner, null, 'a call is on one channel at a time');
    if (this.reception === 'throw') throw new Error('broken');
    if (this.reception !== 'take') {
      call.onFailure(new RpcFailure(this.reception, false, this.address.key, 'refused'));
      return;
    }
    call.owner = this;
    this.held.add(call);
  }

  take(call: PendingCall): void {
    assert.equal(this.held.delete(call), true);
    call.owner = null;
  }

  release(call: PendingCall): void {
    assert.equal(this.held.delete(call), true);
  }

  expire(call: PendingCall): void {
    this.take(call);
    call.onFailure(new RpcFailure('timeout', true, this.address.key, 'no answer'));
  }
}

/**
 * Calls of several methods over several providers through real bulkheads, on a clock that only steps move. After each step
 * everything must add up: slots in use are calls at a provider, calls in the line are calls that have not begun, and of
 * each call that is over exactly one end was heard, of a cancelled one none.
 */
export class CallCrowd extends BulkheadsScene {
  readonly counts: CrowdCounts;
  readonly #channels: CrowdChannel[] = [];
  readonly #routes: readonly FakeRoute[];
  readonly #live: CrowdCall[] = [];
  readonly #over: CrowdCall[] = [];

  constructor(pools: PoolsOptions, counts: CrowdCounts) {
    super(pools);
    this.counts = counts;
    const providers = providersInTurn(PROVIDERS, ({ key }) => {
      const channel = new CrowdChannel(key);
      this.#channels.push(channel);
      return channel;
    });
    this.#routes = METHODS.map((key) => new FakeRoute(providers, this.bulkheads.gate(key)));
  }

  make(method: number, timeoutMs: number): void {
    const exchange = fakeExchange();
    const settle = (outcome: unknown) => {
      assert.ok(!(outcome instanceof RangeError), String(outcome));
      made.settled++;
    };
    const deadlineMs = this.nowMs + timeoutMs;
    const call = new RouteCall(this.#routes[method]!, exchange, deadlineMs, settle, settle);
    const made: CrowdCall = { call, method, deadlineMs, exchange, settled: 0, isCancelled: false };
    this.counts.made++;
    try {
      call.send(this.nowMs);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      assert.equal(error.code, 'BULKHEAD_FULL');
      assert.deepEqual([made.settled, exchange.call], [0, undefined], 'who is refused at once is only thrown');
      this.counts.refused++;
      return;
    }
    this.#live.push(made);
    if (!call.isPending && exchange.call !== undefined) this.counts.waited++;
  }

  /** An answer for one of the calls at a provider. */
  answer(which: number, isResult: boolean): void {
    this.#withHeld(which, (channel, call, route) => {
      route.decodeError = isResult ? undefined : new GatewayError('PROVIDER_EXCEPTION', 'x');
      channel.take(call);
      call.onAnswer(new AnswerFrame(channel.address.key));
    });
  }

  /** A failure of one of the calls at a provider. */
  fail(which: number, reason: RpcFailureReason, sent: boolean): void {
    this.#withHeld(which, (channel, call) => {
      channel.take(call);
      call.onFailure(new RpcFailure(reason, sent, channel.address.key, 'failed'));
      if (call.isPending) this.counts.failedOver++;
    });
  }

  cancel(which: number): void {
    const made = this.#live[which % Math.max(1, this.#live.length)];
    if (made?.exchange.call === undefined) return;
    if (made.call.isPending) this.counts.cancelledHeld++;
    else this.counts.cancelledWaiting++;
    made.isCancelled = true;
    made.exchange.call.cancel();
    made.call.cancel();
  }

  /** The client looks at its time limits before the bulkheads do at theirs, or after: both happen. */
  moveBy(ms: number, isTickFirst: boolean): void {
    this.nowMs += ms;
    for (const route of this.#routes) route.now = this.nowMs;
    if (isTickFirst) this.bulkheads.tick(this.nowMs);
    for (const { call, deadlineMs } of [...this.#live]) {
      const channel = call.owner;
      if (channel === null || deadlineMs > this.nowMs) continue;
      this.counts.timedOut++;
      channel.expire(call);
    }
    if (!isTickFirst) this.bulkheads.tick(this.nowMs);
  }

  order(method: number, what: 'quarantine' | 'release' | 'pin' | 'unpin'): void {
    this.bulkheads.methods.method(METHODS[method]!, this.nowMs)[what](this.nowMs);
  }

  receive(provider: number, reception: Reception): void {
    this.#channels[provider]!.reception = reception;
  }

  /** From now on the arguments of this method can be encoded, or cannot. */
  spoil(method: number, isSpoilt: boolean): void {
    this.#routes[method]!.encodeError = isSpoilt ? new GatewayError('BULKHEAD_FULL', 'spoilt') : undefined;
  }

  /** Lets those begin that were told of their slots, and compares all books. */
  async check(): Promise<void> {
    const ordered = this.#live.filter(({ call, exchange }) => !call.isPending && exchange.call !== undefined);
    await turn();
    this.counts.startedLate += ordered.filter(({ call }) => call.isPending).length;
    const held = this.#live.filter(({ call }) => call.isPending);
    const { pools, methods } = this.bulkheads;
    assert.equal(
      this.active.reduce((sum, active) => sum + active),
      held.length,
      'a slot for each call at a provider, and for no other',
    );
    assert.equal(
      this.#channels.reduce((sum, channel) => sum + channel.held.size, 0),
      held.length,
    );
    const line = this.#live.filter(({ call, exchange }) => !call.isPending && exchange.call !== undefined);
    assert.equal(pools.waiting, line.length, 'a place in the line for each call that has not begun');
    for (const [index, key] of METHODS.entries()) {
      const running = held.filter(({ method }) => method === index).length;
      const { normal, slow, heartbeat } = this.bulkheads.activeOf(key);
      assert.deepEqual([normal + slow + heartbeat, methods.find(key)?.inFlight ?? 0], [running, running]);
    }
    for (const made of this.#live) {
      const isOver = made.exchange.call === undefined;
      assert.equal(made.settled, isOver && !made.isCancelled ? 1 : 0, 'one end of each call that is over');
    }
    for (let index = this.#live.length - 1; index >= 0; index--) {
      if (this.#live[index]!.exchange.call === undefined) this.#over.push(...this.#live.splice(index, 1));
    }
  }

  /** Ends all calls. Then nothing is held, nothing was heard twice, and every slot can be given again. */
  async endAll(): Promise<void> {
    for (const channel of this.#channels) channel.reception = 'take';
    for (let rounds = 0; this.#live.length > 0; rounds++) {
      assert.ok(rounds < 10_000, 'calls that never end');
      for (const { call } of [...this.#live]) if (call.isPending) this.#answerNow(call);
      this.moveBy(10, true);
      await this.check();
    }
    for (const made of this.#over) assert.equal(made.settled, made.isCancelled ? 0 : 1);
    this.counts.quarantined += this.transitions.filter(({ to }) => to === 'quarantined').length;
    assert.deepEqual(this.active, [0, 0, 0]);
    for (const name of POOL_NAMES) {
      const pool = this.bulkheads.pools[name];
      for (let slot = 0; slot < pool.size; slot++) {
        assert.ok(pool.tryAcquire(new SlotAccount(), new RecordingCaller('last', [])), `slot ${slot} of ${name}`);
      }
    }
  }

  #answerNow(call: RouteCall): void {
    const channel = call.owner as CrowdChannel;
    for (const route of this.#routes) route.decodeError = undefined;
    channel.take(call);
    call.onAnswer(new AnswerFrame(channel.address.key));
  }

  #withHeld(which: number, act: (channel: CrowdChannel, call: RouteCall, route: FakeRoute) => void): void {
    const held = this.#live.filter(({ call }) => call.isPending);
    if (held.length === 0) return;
    const { call, method } = held[which % held.length]!;
    act(call.owner as CrowdChannel, call, this.#routes[method]!);
  }
}
