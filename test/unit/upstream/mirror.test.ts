import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import type { Exchange, RouteTarget } from '../../../src/upstream/exchange.ts';
import { Mirror } from '../../../src/upstream/mirror.ts';
import { MirroredRoute } from '../../../src/upstream/mirrored-route.ts';
import type { OutcomeMetrics } from '../../../src/upstream/outcome-metrics.ts';
import { RpcMetrics } from '../../../src/upstream/rpc-metrics.ts';
import { seededRandom } from '../balancing/seeded-random.ts';
import { renderedLines } from '../telemetry/metrics/rendered-text.ts';
import { type FakeChannel, FakeRoute, fakeExchange, fakeProviders } from './fake-channels.ts';

const CALLS = 'sluice_mirror_calls_total';
const OUTCOME = { status: 200, body: undefined, headers: undefined };

interface Scene {
  readonly route: FakeRoute;
  readonly channel: FakeChannel;
  readonly mirror: Mirror;
  readonly metrics: OutcomeMetrics<'route'>;
  counted(outcome: string): Promise<number | undefined>;
}

function scene(maxInFlight = 2): Scene {
  const { channels, providers } = fakeProviders(1);
  const registry = new MetricRegistry();
  const { mirrors: metrics } = new RpcMetrics(registry);
  const own = metrics.of({ route: 'r' });
  const route = Object.assign(new FakeRoute(providers), { timeoutMs: 300, metrics: own });
  const mirror = new Mirror({ route, maxInFlight, metrics: own });
  const counted = async (outcome: string) => {
    const line = (await renderedLines(registry, CALLS)).find((text) => text.includes(`outcome="${outcome}"`));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { route, channel: channels[0]!, mirror, metrics, counted };
}

/** A route whose call has begun as soon as it is invoked, or has been refused. */
function target(isRefused = false): RouteTarget {
  return {
    id: 'r',
    methodKey: 'demo.Foo#bar()',
    logText: '',
    readsBody: false,
    compresses: true,
    maxBodyBytes: 10,
    invoke: async (exchange: Exchange) => {
      if (isRefused) throw new GatewayError('BULKHEAD_FULL', 'x');
      exchange.call = { cancel: () => {} };
      return OUTCOME;
    },
  };
}

describe('a mirror', () => {
  it('makes the call of a request, and leaves the request alone', async () => {
    const { channel, mirror, counted } = scene();
    const exchange = fakeExchange();
    mirror.send(exchange);
    assert.deepEqual(channel.calls, [{ frame: 'a frame of the call', timeoutMs: 300 }]);
    assert.deepEqual([exchange.call, exchange.provider, exchange.pool], [undefined, undefined, undefined]);
    assert.equal(mirror.inFlight, 1);
    channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(mirror.inFlight, 0);
    assert.equal(await counted('ok'), 1);
  });

  it('counts each way in which its calls end, and tells nobody', async () => {
    const { route, channel, mirror, counted } = scene();
    mirror.send(fakeExchange());
    channel.fail('timeout', true);
    mirror.send(fakeExchange());
    channel.fail('connection-lost', true);
    channel.behaviour = 'connect-failed';
    mirror.send(fakeExchange());
    channel.behaviour = 'hold';
    route.decodeError = new GatewayError('PROVIDER_EXCEPTION', 'x');
    mirror.send(fakeExchange());
    channel.take().onAnswer(new AnswerFrame('p'));
    route.encodeError = new GatewayError('REQUEST_INVALID', 'x');
    mirror.send(fakeExchange());
    const outcomes = ['timeout', 'failed', 'refused', 'exception', 'ok'];
    assert.deepEqual(await Promise.all(outcomes.map(counted)), [1, 1, 2, 1, undefined]);
    assert.equal(mirror.inFlight, 0);
  });

  it('drops what comes while it has as many calls as it may', async () => {
    const { channel, mirror, counted } = scene(2);
    for (let call = 0; call < 5; call++) mirror.send(fakeExchange());
    assert.equal(channel.calls.length, 2);
    assert.equal(await counted('dropped'), 3);
    channel.take().onAnswer(new AnswerFrame('p'));
    mirror.send(fakeExchange());
    assert.equal(channel.calls.length, 3);
  });

  it('survives a fault in its own call', async () => {
    const { channel, mirror } = scene();
    channel.send = () => {
      throw new Error('broken');
    };
    assert.doesNotThrow(() => mirror.send(fakeExchange()));
    assert.equal(mirror.inFlight, 0);
  });

  it('has no series left once its route is gone', async () => {
    const { channel, mirror, metrics, counted } = scene();
    mirror.send(fakeExchange());
    mirror.send(fakeExchange());
    channel.take().onAnswer(new AnswerFrame('p'));
    assert.equal(await counted('ok'), 1);
    metrics.keepOnly(new Set([metrics.of({ route: 'other' })]));
    mirror.send(fakeExchange());
    channel.fail('timeout', true);
    assert.deepEqual([await counted('ok'), await counted('timeout')], [undefined, undefined]);
  });
});

describe('a mirrored route', () => {
  it('mirrors its share of the requests', async () => {
    const { route, channel, mirror } = scene(Number.POSITIVE_INFINITY);
    const mirrored = new MirroredRoute(target(), mirror, false, 0.1, seededRandom(3));
    for (let call = 0; call < 10_000; call++) assert.equal(await mirrored.invoke(fakeExchange()), OUTCOME);
    assert.ok(Math.abs(channel.calls.length - 1_000) < 100, `${channel.calls.length}`);
    assert.equal(route.encodings, channel.calls.length);
  });

  it('does not mirror what is refused', async () => {
    const { channel, mirror } = scene();
    const mirrored = new MirroredRoute(target(true), mirror, false, 1, seededRandom(3));
    await assert.rejects(mirrored.invoke(fakeExchange()), { code: 'BULKHEAD_FULL' });
    assert.equal(channel.calls.length, 0);
  });

  it('reads the body where its mirror does', () => {
    const { mirror } = scene();
    assert.equal(new MirroredRoute(target(), mirror, true, 1, Math.random).readsBody, true);
    assert.equal(new MirroredRoute(target(), mirror, false, 1, Math.random).readsBody, false);
  });
});
