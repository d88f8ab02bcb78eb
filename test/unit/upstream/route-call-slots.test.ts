import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { QuarantineRules } from '../../../src/bulkhead/method-rules.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import type { CallOutcome, Exchange } from '../../../src/upstream/exchange.ts';
import { RouteCall } from '../../../src/upstream/route-call.ts';
import { BulkheadsScene, type PoolsInput } from '../bulkhead/bulkheads-scene.ts';
import { QUICK_RULES } from '../bulkhead/method-steps.ts';
import { type FakeChannel, FakeRoute, fakeExchange, fakeProviders } from './fake-channels.ts';

const KEY = 'demo.Foo#bar()';
const TIMEOUT_MS = 500;

/** What became of one call. */
interface MadeCall {
  readonly exchange: Exchange;
  /** The outcome or error of each time it was settled. */
  readonly settled: (CallOutcome | Error)[];
}

/** Calls of one method over fake channels, through bulkheads on a clock that tests move. */
class CallScene extends BulkheadsScene {
  readonly channels: FakeChannel[];
  readonly route: FakeRoute;

  constructor(pools: PoolsInput = {}, providerCount = 1, rules: Partial<QuarantineRules> = {}) {
    super(pools, rules);
    const { channels, providers } = fakeProviders(providerCount);
    this.channels = channels;
    this.route = new FakeRoute(providers, this.bulkheads.gate(KEY));
    this.moveTo(1_000);
  }

  moveTo(nowMs: number): void {
    this.nowMs = nowMs;
    this.route.now = nowMs;
    this.bulkheads.tick(nowMs);
  }

  make(): MadeCall {
    const exchange = fakeExchange();
    const settled: (CallOutcome | Error)[] = [];
    const settle = (outcome: unknown) => void settled.push(outcome as CallOutcome | Error);
    new RouteCall(this.route, exchange, this.nowMs + TIMEOUT_MS, settle, settle).send(this.nowMs);
    return { exchange, settled };
  }

  get channel(): FakeChannel {
    return this.channels[0]!;
  }

  get counts() {
    return this.bulkheads.methods.find(KEY)!.counts(this.nowMs);
  }

  /** Nothing is held, nothing waits, and the method has no call in flight. */
  assertAllGivenBack(): void {
    assert.deepEqual(this.active, [0, 0, 0]);
    assert.equal(this.bulkheads.pools.waiting, 0);
    assert.equal(this.bulkheads.methods.find(KEY)?.inFlight ?? 0, 0);
  }
}

function codeOf(made: MadeCall): string {
  assert.equal(made.settled.length, 1, 'settled once');
  const [error] = made.settled;
  assert.ok(error instanceof GatewayError, String(error));
  return error.code;
}

function statusOf(made: MadeCall): number {
  assert.equal(made.settled.length, 1, 'settled once');
  const [outcome] = made.settled;
  assert.ok(!(outcome instanceof Error), String(outcome));
  return outcome!.status;
}

const ONE_SLOT: PoolsInput = { normal: { size: 1, maxWaitMs: 1_000 } };

describe('a call with a slot', () => {
  const ENDS: readonly [what: string, end: (scene: CallScene, made: MadeCall) => void, counts: string][] = [
    ['an answer', ({ channel }) => channel.take().onAnswer(new AnswerFrame('p')), 'calls'],
    ['a one-way call sent', ({ channel }) => channel.take().onSent(), 'calls'],
    ['a time-out', ({ channel }) => channel.fail('timeout', true), 'calls timeouts'],
    ['an answer too large to be read', ({ channel }) => channel.fail('frame-too-large', true), 'calls'],
    ['a connection lost', ({ channel }) => channel.fail('connection-lost', true), 'failed'],
    ['a connection refused', ({ channel }) => channel.fail('connect-failed', false), 'failed'],
    ['a connection that never opened', ({ channel }) => channel.fail('connect-timeout', false), 'failed'],
    ['a provider that does not read', ({ channel }) => channel.fail('backlog-full', false), 'failed'],
    ['the end of the client', ({ channel }) => channel.fail('client-stopped', true), 'failed'],
    ['a cancellation', (_, { exchange }) => exchange.call!.cancel(), ''],
  ];
  for (const [what, end, counted] of ENDS) {
    it(`gives it back after ${what}, and the method's health hears the right thing`, () => {
      const scene = new CallScene();
      const made = scene.make();
      assert.deepEqual(scene.active, [1, 0, 0]);
      end(scene, made);
      scene.assertAllGivenBack();
      assert.equal(made.exchange.call, undefined);
      assert.equal(made.exchange.pool, 'normal');
      assert.equal(made.settled.length, what === 'a cancellation' ? 0 : 1);
      const words = Object.entries(scene.counts).filter(([, count]) => count > 0);
      assert.equal(words.map(([name]) => name).join(' '), counted);
    });
  }

  for (const [code, counted] of [
    ['PROVIDER_EXCEPTION', 'calls'],
    ['PROVIDER_REFUSED', 'calls'],
    ['PROVIDER_PROTOCOL', 'calls'],
    ['RESPONSE_TOO_LARGE', 'calls'],
    ['PROVIDER_TIMEOUT', 'calls timeouts'],
    ['PROVIDER_BUSY', 'failed'],
  ] as const) {
    it(`gives it back when the answer is ${code}`, () => {
      const scene = new CallScene();
      scene.route.decodeError = new GatewayError(code, 'x');
      const made = scene.make();
      scene.channel.take().onAnswer(new AnswerFrame('p'));
      assert.equal(codeOf(made), code);
      scene.assertAllGivenBack();
      const words = Object.entries(scene.counts).filter(([, count]) => count > 0);
      assert.equal(words.map(([name]) => name).join(' '), counted);
    });
  }

  it('gives it back when decoding fails in a way nobody thought of', () => {
    const scene = new CallScene();
    scene.route.decodeError = new TypeError('x is not a function');
    const made = scene.make();
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.deepEqual(made.settled, [scene.route.decodeError]);
    scene.assertAllGivenBack();
  });

  it('keeps it while it goes from provider to provider', () => {
    const scene = new CallScene({}, 3);
    const made = scene.make();
    scene.channels[0]!.fail('connect-failed', false);
    assert.deepEqual(scene.active, [1, 0, 0], 'the same one');
    scene.channels[1]!.fail('backlog-full', false);
    assert.deepEqual(scene.active, [1, 0, 0]);
    scene.channels[2]!.take().onAnswer(new AnswerFrame('p'));
    assert.equal(statusOf(made), 200);
    scene.assertAllGivenBack();
    assert.deepEqual(scene.counts, { calls: 1, timeouts: 0, slow: 0, failed: 0 }, 'one call, not three');
  });

  it('gives it back when all providers refuse it at once', () => {
    const scene = new CallScene({}, 2);
    for (const channel of scene.channels) channel.behaviour = 'connect-failed';
    assert.equal(codeOf(scene.make()), 'PROVIDER_NONE');
    scene.assertAllGivenBack();
  });

  it('gives it back when it cannot be encoded for the next provider', () => {
    const scene = new CallScene({}, 2);
    const made = scene.make();
    scene.route.encodeError = new GatewayError('REQUEST_INVALID', 'x');
    scene.channels[0]!.fail('connect-failed', false);
    assert.equal(codeOf(made), 'REQUEST_INVALID');
    scene.assertAllGivenBack();
  });

  it('gives it back when picking a provider throws', () => {
    const scene = new CallScene();
    const error = new Error('no list');
    scene.route.providers.pick = () => {
      throw error;
    };
    assert.deepEqual(scene.make().settled, [error]);
    scene.assertAllGivenBack();
  });

  it('gives it back when sending throws', () => {
    const scene = new CallScene();
    const error = new Error('broken socket');
    scene.channel.send = () => {
      throw error;
    };
    assert.deepEqual(scene.make().settled, [error]);
    scene.assertAllGivenBack();
  });

  it('costs a call with wrong arguments nothing: neither a slot nor a probe', () => {
    const scene = new CallScene({}, 1, { probeShare: 1 });
    scene.make();
    scene.bulkheads.methods.find(KEY)!.quarantine(scene.nowMs);
    scene.route.encodeError = new GatewayError('REQUEST_INVALID', 'x');
    for (let call = 0; call < 10; call++) assert.throws(() => scene.make(), { code: 'REQUEST_INVALID' });
    assert.deepEqual(scene.active, [0, 1, 0]);
    scene.route.encodeError = undefined;
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    const made = scene.make();
    assert.deepEqual(scene.active, [0, 0, 1], 'the first that can be sent is the probe');
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(made.exchange.pool, 'heartbeat');
  });

  it('is refused where there is none, with the pool in the body, and nothing is sent', () => {
    const scene = new CallScene({ normal: { size: 1 } });
    scene.make();
    assert.throws(
      () => scene.make(),
      (error) => {
        assert.ok(error instanceof GatewayError);
        assert.deepEqual([error.code, error.extensions], ['BULKHEAD_FULL', { pool: 'normal' }]);
        return true;
      },
    );
    assert.equal(scene.channel.calls.length, 1);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    scene.assertAllGivenBack();
  });

  it('is logged with the pool it was booked over to', () => {
    const scene = new CallScene();
    const made = scene.make();
    scene.bulkheads.methods.find(KEY)!.quarantine(scene.nowMs);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(made.exchange.pool, 'slow');
  });

  it('is measured from its start', () => {
    const scene = new CallScene();
    scene.make();
    scene.moveTo(1_250);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    scene.make();
    scene.channel.fail('timeout', true);
    scene.make().exchange.call!.cancel();
    assert.deepEqual(scene.route.ends, [
      ['ok', 0.25],
      ['timeout', 0],
      ['cancelled', 0],
    ]);
  });
});

describe('a call that waits for its slot', () => {
  it('starts later, with what is left of its time', async () => {
    const scene = new CallScene(ONE_SLOT);
    scene.make();
    const waiting = scene.make();
    assert.equal(scene.channel.calls.length, 1, 'nothing is sent while it waits');
    const first = scene.channel.take();
    scene.moveTo(1_120);
    first.onAnswer(new AnswerFrame('p'));
    await turn();
    assert.deepEqual(scene.active, [1, 0, 0]);
    assert.equal(scene.channel.calls[1]!.timeoutMs, TIMEOUT_MS - 120);
    assert.deepEqual(scene.route.told, [undefined, undefined, TIMEOUT_MS - 120], 'and the provider is told so');
    assert.equal(scene.channel.calls[1]!.frame, 'a frame of the call', 'encoded again: the buffer is shared');
    assert.equal(waiting.exchange.provider, 'p0:20880');
    scene.moveTo(1_200);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(statusOf(waiting), 200);
    scene.assertAllGivenBack();
    assert.deepEqual(scene.route.ends.at(-1), ['ok', 0.08], 'the wait is not the method’s time');
  });

  it('is refused when its wait is over, and is heard of once', async () => {
    const scene = new CallScene({ normal: { size: 1, maxWaitMs: 100 } });
    scene.make();
    const waiting = scene.make();
    scene.moveTo(1_110);
    assert.equal(codeOf(waiting), 'BULKHEAD_FULL');
    assert.equal(waiting.exchange.call, undefined);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    await turn();
    assert.equal(waiting.settled.length, 1);
    assert.equal(scene.channel.calls.length, 1);
    scene.assertAllGivenBack();
    assert.deepEqual(scene.counts, { calls: 1, timeouts: 0, slow: 0, failed: 0 });
  });

  it('is refused, not sent, when its slot comes after its deadline', async () => {
    const scene = new CallScene(ONE_SLOT);
    scene.make();
    const waiting = scene.make();
    const first = scene.channel.take();
    scene.route.now = 1_000 + TIMEOUT_MS; // no tick has come since
    scene.nowMs = scene.route.now;
    first.onAnswer(new AnswerFrame('p'));
    await turn();
    assert.equal(codeOf(waiting), 'BULKHEAD_FULL');
    assert.equal(scene.channel.calls.length, 1);
    scene.assertAllGivenBack();
    assert.deepEqual(
      scene.route.ends.map(([outcome]) => outcome),
      ['ok', 'refused'],
    );
    const { rejectedTotal, waitTimedOutTotal } = scene.bulkheads.pools.status('normal');
    assert.deepEqual([rejectedTotal, waitTimedOutTotal], [1, 1]);
    assert.equal(waiting.exchange.call, undefined);
  });

  it('leaves the line when it is cancelled', async () => {
    const scene = new CallScene(ONE_SLOT);
    scene.make();
    const [gone, next] = [scene.make(), scene.make()];
    gone.exchange.call!.cancel();
    assert.equal(scene.bulkheads.pools.waiting, 1);
    assert.equal(gone.exchange.call, undefined);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    await turn();
    assert.equal(scene.channel.calls.length, 2);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.deepEqual([gone.settled.length, statusOf(next)], [0, 200]);
    scene.assertAllGivenBack();
  });

  it('gives its slot on when it is cancelled after it was told and before it has begun', async () => {
    const scene = new CallScene(ONE_SLOT);
    scene.make();
    const [gone, next] = [scene.make(), scene.make()];
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    gone.exchange.call!.cancel();
    await turn();
    assert.deepEqual(gone.settled, []);
    assert.equal(scene.channel.calls.length, 2, 'the next one, and not the one that is gone');
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(statusOf(next), 200);
    scene.assertAllGivenBack();
  });

  it('gives its slot back when it cannot be started', async () => {
    for (const spoil of [
      (scene: CallScene) => {
        scene.route.encodeError = new Error('spoilt');
      },
      (scene: CallScene) => {
        scene.channel.send = () => {
          throw new Error('spoilt');
        };
      },
      (scene: CallScene) => {
        scene.route.providers.pick = () => {
          throw new Error('spoilt');
        };
      },
    ]) {
      const scene = new CallScene(ONE_SLOT);
      scene.make();
      const waiting = scene.make();
      const first = scene.channel.take();
      spoil(scene);
      first.onAnswer(new AnswerFrame('p'));
      await turn();
      assert.equal(waiting.settled.length, 1);
      assert.match(String(waiting.settled[0]), /spoilt/);
      scene.assertAllGivenBack();
    }
  });

  it('goes on to the slow pool when its method goes into quarantine', async () => {
    const scene = new CallScene({ normal: { size: 1, maxWaitMs: 1_000 }, slow: { size: 2 } });
    const held = scene.make();
    const [served, refused] = [scene.make(), scene.make()];
    const first = scene.channel.take();
    scene.bulkheads.methods.find(KEY)!.quarantine(scene.nowMs);
    await turn();
    assert.deepEqual(scene.active, [0, 2, 0]);
    const error = refused.settled[0] as GatewayError;
    assert.deepEqual([codeOf(refused), error.extensions?.pool], ['BULKHEAD_FULL', 'slow']);
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    first.onAnswer(new AnswerFrame('p'));
    assert.deepEqual([statusOf(served), statusOf(held), served.exchange.pool], [200, 200, 'slow']);
    scene.assertAllGivenBack();
  });
});

describe('the calls of a method that does not answer', () => {
  it('bring it into quarantine, and a probe brings it back', () => {
    const scene = new CallScene({}, 1, { probeShare: 1, recoverAfter: 1 });
    for (let call = 0; call < QUICK_RULES.timeouts; call++) {
      scene.make();
      scene.channel.fail('timeout', true);
    }
    assert.equal(scene.stateOf(KEY), 'quarantined');
    scene.moveTo(1_000 + QUICK_RULES.minQuarantineMs);
    scene.make();
    scene.channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(scene.stateOf(KEY), 'healthy');
    scene.assertAllGivenBack();
  });

  it('do not when it is the connection that fails, however often', () => {
    const scene = new CallScene();
    for (let call = 0; call < 100; call++) {
      scene.make();
      scene.channel.fail('connection-lost', true);
    }
    assert.equal(scene.stateOf(KEY), 'healthy');
    assert.deepEqual(scene.counts, { calls: 0, timeouts: 0, slow: 0, failed: 100 });
  });
});
