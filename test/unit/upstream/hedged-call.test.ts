import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CallResult } from '../../../src/balancing/call-record.ts';
import type { PoolsOptions } from '../../../src/bulkhead/pools.ts';
import { SlotAccount } from '../../../src/bulkhead/slot-account.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import { HedgeDelay } from '../../../src/upstream/hedge-delay.ts';
import type { HedgeEntry } from '../../../src/upstream/hedge-timer.ts';
import { HedgedCall, type HedgeOutcome } from '../../../src/upstream/hedged-call.ts';
import { BulkheadsScene } from '../bulkhead/bulkheads-scene.ts';
import { RecordingCaller } from '../bulkhead/recording-caller.ts';
import { type FakeChannel, FakeRoute, fakeExchange, fakeProviders } from './fake-channels.ts';

const METHOD = 'demo.Foo#get()';
const AFTER_MS = 50;
const POOL = { size: 10, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 0 };
const POOLS: PoolsOptions = { normal: POOL, slow: POOL, heartbeat: POOL };

interface SceneOptions {
  readonly providers?: number;
  readonly retries?: number;
  readonly pools?: PoolsOptions;
  readonly timeoutMs?: number;
}

/** One hedged call over fake channels, on a clock that only the test moves. */
class Scene {
  readonly channels: readonly FakeChannel[];
  readonly route: FakeRoute;
  readonly bulkheads: BulkheadsScene;
  readonly exchange = fakeExchange();
  readonly hedges: string[] = [];
  readonly heard: unknown[] = [];
  readonly results: (readonly [provider: string, result: CallResult])[] = [];
  readonly delay = new HedgeDelay(AFTER_MS);
  readonly latencies: number[] = [];
  readonly call: HedgedCall;
  /** Calls that providers had, as far as is known. */
  ran = 0;
  #due: { readonly entry: HedgeEntry; readonly atMs: number } | undefined;

  constructor({ providers = 3, retries = 0, pools = POOLS, timeoutMs = 1_000 }: SceneOptions = {}) {
    this.bulkheads = new BulkheadsScene(pools);
    const fakes = fakeProviders(providers);
    this.channels = fakes.channels;
    const onEnd = fakes.providers.onEnd.bind(fakes.providers);
    fakes.providers.onEnd = (choice, result, startedMs, nowMs) => {
      this.results.push([choice.instance.address.host, result]);
      onEnd(choice, result, startedMs, nowMs);
    };
    this.route = new FakeRoute(fakes.providers, this.bulkheads.bulkheads.gate(METHOD));
    this.route.retries = retries;
    this.route.isIdempotent = true;
    this.delay.record = (ms) => void this.latencies.push(ms);
    const hedging = {
      delay: this.delay,
      timer: {
        schedule: (entry: HedgeEntry, atMs: number) => {
          this.#due = { entry, atMs };
        },
        cancel: () => {
          this.#due = undefined;
        },
      },
      counters: { record: (outcome: string) => void this.hedges.push(outcome) },
    };
    const hear = (what: unknown) => void this.heard.push(what);
    this.call = new HedgedCall(this.route, hedging, this.exchange, this.route.now + timeoutMs, hear, hear);
  }

  get sent(): number[] {
    return this.channels.map(({ calls }) => calls.length);
  }

  /** Slots in use of the pools normal, slow and heartbeat. */
  get active(): readonly number[] {
    return this.bulkheads.active;
  }

  get isHedgeable(): boolean {
    return this.#due !== undefined;
  }

  begin(): this {
    this.call.send(this.route.now);
    return this;
  }

  pass(ms: number): void {
    this.route.now += ms;
    this.bulkheads.nowMs = this.route.now;
    const due = this.#due;
    if (due === undefined || due.atMs > this.route.now) return;
    this.#due = undefined;
    due.entry.onDue(this.route.now);
  }

  answer(provider: number, error?: GatewayError): void {
    this.route.decodeError = error;
    this.channels[provider]!.take().onAnswer(new AnswerFrame(`p${provider}`));
    this.route.decodeError = undefined;
  }

  /** Something happens to the call at this provider, or to the provider. */
  happen(kind: string, provider: number): void {
    const channel = this.channels[provider]!;
    if (kind === 'unusable') channel.isUsable = !channel.isUsable;
    else if (kind === 'refusing') channel.behaviour = channel.behaviour === 'hold' ? 'connect-failed' : 'hold';
    if (channel.held === undefined) return;
    if (kind !== 'unsent' && kind !== 'unusable' && kind !== 'refusing') this.ran++;
    if (kind === 'answer') this.answer(provider);
    else if (kind === 'exception') this.answer(provider, EXCEPTION);
    else if (kind === 'busy') this.answer(provider, new GatewayError('PROVIDER_BUSY', 'busy'));
    else if (kind === 'sent') channel.fail('connection-lost', true);
    else if (kind === 'unsent') channel.fail('connection-lost', false);
    else if (kind === 'timeout') channel.fail('timeout', true);
  }

  /** What the caller heard, and that nothing is held any more. */
  assertOver(...codes: string[]): void {
    const texts = this.heard.map((what) => (what instanceof GatewayError ? what.code : 'answer'));
    assert.deepEqual(texts, codes);
    assert.deepEqual(this.active, [0, 0, 0]);
    assert.equal(this.exchange.call, undefined);
    assert.equal(this.isHedgeable, false);
    for (const { held } of this.channels) assert.equal(held, undefined);
    for (const { endpoint } of this.route.providers.candidates) assert.equal(endpoint.inFlight, 0);
  }
}

const EXCEPTION = new GatewayError('PROVIDER_EXCEPTION', 'wrong');

describe('a hedged call', () => {
  it('is made once where the first provider is quick enough', () => {
    const scene = new Scene().begin();
    scene.pass(49);
    scene.answer(0);
    scene.pass(100);
    assert.deepEqual([scene.sent, scene.hedges, scene.latencies], [[1, 0, 0], [], [49]]);
    scene.assertOver('answer');
  });

  it('is made again at another provider after the delay, and the first answer counts', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    assert.deepEqual(
      [scene.sent, scene.active],
      [
        [1, 1, 0],
        [2, 0, 0],
      ],
    );
    assert.equal(scene.channels[1]!.calls[0]!.timeoutMs, 950, 'within the deadline of the first');
    scene.pass(10);
    scene.answer(1);
    scene.assertOver('answer');
    assert.deepEqual(scene.hedges, ['won']);
    assert.deepEqual(scene.latencies, [60], 'the first one took that long at least');
    assert.deepEqual([scene.exchange.provider, scene.exchange.pool], ['p1:20880', 'normal']);
    assert.deepEqual(scene.results, [
      ['p1', 'ok'],
      ['p0', 'overtaken'],
    ]);
    assert.deepEqual(
      scene.route.ends.map(([outcome]) => outcome),
      ['ok', 'cancelled'],
    );
  });

  it('gives the second call up where the first is answered after all', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    scene.pass(10);
    scene.answer(0);
    scene.assertOver('answer');
    assert.deepEqual([scene.hedges, scene.latencies, scene.exchange.provider], [['lost'], [60], 'p0:20880']);
    assert.deepEqual(scene.results, [
      ['p0', 'ok'],
      ['p1', 'neutral'],
    ]);
  });

  it('takes a business exception of either for the answer', () => {
    for (const [provider, hedge] of [
      [0, 'lost'],
      [1, 'won'],
    ] as const) {
      const scene = new Scene().begin();
      scene.pass(50);
      scene.answer(provider, EXCEPTION);
      scene.assertOver('PROVIDER_EXCEPTION');
      assert.deepEqual(scene.hedges, [hedge]);
    }
  });

  it('waits for the second call when the first one fails for its provider', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    scene.channels[0]!.fail('connection-lost', true);
    assert.deepEqual([scene.heard, scene.active], [[], [1, 0, 0]]);
    assert.equal(scene.exchange.call, scene.call, 'it can still be cancelled');
    scene.answer(1);
    scene.assertOver('answer');
    assert.deepEqual([scene.hedges, scene.latencies], [['won'], []]);
  });

  it('waits for the first call when the second one fails for its provider', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    scene.channels[1]!.fail('connection-lost', true);
    assert.deepEqual(scene.heard, []);
    scene.answer(0);
    scene.assertOver('answer');
    assert.deepEqual(scene.hedges, ['failed']);
  });

  it('fails with what the first call failed with when both do', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    scene.channels[0]!.fail('timeout', true);
    scene.channels[1]!.fail('connection-lost', true);
    scene.assertOver('PROVIDER_TIMEOUT');
    assert.deepEqual(scene.hedges, ['failed']);
  });

  it('gives both calls up when the caller goes away', () => {
    const scene = new Scene().begin();
    scene.pass(50);
    scene.exchange.call!.cancel();
    scene.assertOver();
    scene.call.cancel();
    assert.deepEqual(scene.hedges, []);
  });

  it('gives up one call and its delay when the caller goes away before it', () => {
    const scene = new Scene().begin();
    scene.exchange.call!.cancel();
    scene.assertOver();
    scene.pass(100);
    assert.deepEqual(scene.sent, [1, 0, 0]);
  });

  it('goes on to a third provider, never to that of the other call, where the hedge cannot be sent', () => {
    const scene = new Scene();
    scene.channels[1]!.behaviour = 'connect-failed';
    scene.begin();
    scene.pass(50);
    assert.deepEqual(scene.sent, [1, 1, 1]);
    scene.answer(2);
    scene.assertOver('answer');
    assert.deepEqual(scene.hedges, ['won']);
  });

  it('is not tried again beside its hedge', () => {
    const scene = new Scene({ retries: 3 }).begin();
    scene.pass(50);
    scene.channels[0]!.fail('connection-lost', true);
    scene.channels[1]!.fail('connection-lost', true);
    assert.deepEqual(scene.sent, [1, 1, 0]);
    scene.assertOver('PROVIDER_CONNECTION_LOST');
  });

  it('is hedged where it is, and not where it was before', () => {
    const scene = new Scene({ retries: 1 }).begin();
    scene.pass(20);
    scene.channels[0]!.fail('connection-lost', true);
    scene.pass(30);
    assert.deepEqual(scene.sent, [1, 1, 1]);
    scene.answer(2);
    scene.assertOver('answer');
  });

  it('is made once where there is one provider, or no usable other', () => {
    const alone = new Scene({ providers: 1 }).begin();
    alone.pass(50);
    assert.deepEqual([alone.sent, alone.hedges], [[1], ['refused']]);
    alone.answer(0);
    alone.assertOver('answer');

    const left = new Scene({ providers: 2 }).begin();
    left.channels[1]!.isUsable = false;
    left.pass(50);
    assert.deepEqual([left.sent, left.hedges], [[1, 0], ['refused']]);
    left.answer(0);
    left.assertOver('answer');
  });

  it('takes a slot only where one is free, and refuses nobody for that', () => {
    const scene = new Scene({ pools: { ...POOLS, normal: { ...POOL, size: 1 } } }).begin();
    scene.pass(50);
    assert.deepEqual([scene.sent, scene.hedges, scene.active], [[1, 0, 0], ['refused'], [1, 0, 0]]);
    const { normal, slow } = scene.bulkheads.bulkheads.pools;
    assert.deepEqual([normal.counters.rejectedTotal, slow.counters.rejectedTotal, slow.active], [0, 0, 0]);
    scene.answer(0);
    scene.assertOver('answer');
  });

  it('is made once while its method is in quarantine', () => {
    const scene = new Scene();
    scene.bulkheads.bulkheads.methods.method(METHOD, 0).quarantine(0);
    scene.begin();
    scene.pass(50);
    assert.deepEqual([scene.sent, scene.hedges], [[1, 0, 0], ['refused']]);
  });

  it('keeps within the budget of retries', () => {
    const scene = new Scene();
    while (scene.route.providers.retryBudget.tryTake(scene.route.now));
    scene.begin();
    scene.pass(50);
    assert.deepEqual([scene.sent, scene.hedges], [[1, 0, 0], ['refused']]);
  });

  it('counts for the budget once, with and without retries', () => {
    for (const retries of [0, 2]) {
      const scene = new Scene({ retries });
      let calls = 0;
      scene.route.providers.retryBudget.recordCall = () => void calls++;
      scene.begin();
      scene.pass(50);
      assert.equal(calls, 1);
    }
  });

  it('is not hedged where its time ends before, or the delay is not known', () => {
    const late = new Scene({ timeoutMs: 50 }).begin();
    assert.equal(late.isHedgeable, false);
    const unknown = new Scene();
    unknown.delay.delayMs = () => undefined;
    assert.equal(unknown.begin().isHedgeable, false);
  });

  it('is not hedged while it waits for its slot', () => {
    const waiting = { size: 1, maxMethodShare: 1, maxWaitMs: 500, maxQueue: 5 };
    const scene = new Scene({ pools: { ...POOLS, normal: waiting } });
    const { pools } = scene.bulkheads.bulkheads;
    const taken = pools.normal.tryAcquire(new SlotAccount(), new RecordingCaller('other', []));
    assert.ok(taken);
    scene.begin();
    scene.pass(50);
    assert.deepEqual([scene.sent, scene.hedges], [[0, 0, 0], []]);
    scene.exchange.call!.cancel();
    assert.equal(pools.normal.waiting, 0);
  });

  it('learns from results and business exceptions how long calls take, and from nothing else', () => {
    for (const [error, latencies] of [
      [undefined, [20]],
      [EXCEPTION, [20]],
      [new GatewayError('PROVIDER_BUSY', 'busy'), []],
      [new GatewayError('RESPONSE_TOO_LARGE', 'large'), []],
    ] as const) {
      const scene = new Scene().begin();
      scene.pass(20);
      scene.answer(0, error);
      assert.deepEqual(scene.latencies, latencies);
    }
  });

  it('throws what is wrong with the request, and holds nothing', () => {
    const scene = new Scene();
    scene.route.encodeError = new GatewayError('REQUEST_INVALID', 'x');
    assert.throws(() => scene.begin(), /x/);
    scene.assertOver();
  });

  it('goes on without a hedge that cannot be encoded', () => {
    const scene = new Scene().begin();
    scene.route.encodeError = new GatewayError('REQUEST_INVALID', 'x');
    scene.pass(50);
    assert.deepEqual([scene.sent, scene.hedges], [[1, 0, 0], ['refused']]);
    scene.answer(0);
    scene.assertOver('answer');
  });

  it('ends once, holds a slot for each of its calls and no provider twice, whatever happens', () => {
    const provider = fc.nat(2);
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('answer', 'exception', 'busy', 'sent', 'unsent', 'timeout'), provider }),
      fc.record({ kind: fc.constantFrom('pass', 'pass', 'pass', 'pass', 'cancel', 'unusable', 'refusing'), provider }),
    );
    const seen = { hedged: 0, won: 0, lost: 0, failed: 0, refused: 0, over: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 20 }), fc.nat(2), (steps, retries) => {
        const scene = new Scene({ retries }).begin();
        let isCancelled = false;
        for (const { kind, provider: index } of steps) {
          if (kind === 'pass') scene.pass(30);
          else if (kind === 'cancel') {
            if (scene.exchange.call === undefined) continue;
            isCancelled = true;
            scene.exchange.call.cancel();
          } else scene.happen(kind, index);
          const held = scene.channels.filter((channel) => channel.held !== undefined).length;
          assert.ok(held <= 2);
          assert.equal(
            scene.active.reduce((sum, active) => sum + active),
            held,
          );
          assert.equal(scene.heard.length, held === 0 && !isCancelled ? 1 : 0);
          assert.equal(scene.exchange.call === undefined, held === 0);
        }
        assert.ok(scene.ran <= 2 + retries, `it ran ${scene.ran} times`);
        if (retries === 0) assert.ok(scene.sent.every((sent) => sent <= 1));
        const ends = scene.results.length;
        assert.equal(scene.sent.reduce((sum, sent) => sum + sent) - ends, scene.active[0]);
        if (scene.sent.filter((sent) => sent > 0).length > 1) seen.hedged++;
        for (const outcome of scene.hedges) seen[outcome as HedgeOutcome]++;
        if (scene.heard.length > 0) seen.over++;
      }),
      { numRuns: 3_000 },
    );
    for (const [what, count] of Object.entries(seen)) assert.ok(count >= 20, `${what}: ${count}`);
  });
});
