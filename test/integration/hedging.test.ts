import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { type DemoShop, startDemoShop } from '../support/demo-shop.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import type { HttpCaller } from '../support/http-caller.ts';
import { startListening } from '../support/listening-gateway.ts';
import { type RouteInput, typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

interface Scene {
  readonly http: HttpCaller;
  /** A number of the metrics, 0 where it is not there. */
  metric(name: string): Promise<number>;
}

/** A gateway before a service whose providers are called in turn, with one route for its method. */
async function start(
  context: TestContext,
  services: GatewayConfigInput['services'],
  call: RouteInput['call'],
): Promise<Scene> {
  const config = checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
    defaults: { timeoutMs: 30_000, connectTimeoutMs: 5_000, balancer: 'round-robin', ejection: 'off' },
    services,
    routes: [{ id: 'route', match: { path: '/call' }, call }],
  });
  const gateway = assembleGateway(config, { logger: captureLog().logger });
  const { http, admin } = await startListening(context, gateway);
  return {
    http,
    metric: async (name) => {
      const line = (await admin.text('/metrics')).split('\n').find((text) => text.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.split(' ').at(-1));
    },
  };
}

interface Race extends Scene {
  /** The provider that has the call, and the one that has its hedge. */
  readonly first: DemoShop;
  readonly second: DemoShop;
  readonly reply: Promise<unknown>;
}

/** A call that two providers have, and neither has answered yet. */
async function startRace(context: TestContext): Promise<Race> {
  const shops = [await startDemoShop(context), await startDemoShop(context)] as const;
  const shop = {
    interface: 'demo.Shop',
    providers: shops.map(({ provider }) => provider.address),
    methods: { hold: { idempotent: true, hedge: { afterMs: 100 } } },
  };
  const scene = await start(context, { shop }, { service: 'shop', method: 'hold' });
  const reply = scene.http.json('/call');
  await until(() => shops.some(({ held }) => held() === 1), 'the call');
  const [first, second] = shops[0].held() === 1 ? shops : ([shops[1], shops[0]] as const);
  await until(() => second.held() === 1, 'its hedge');
  return { ...scene, first, second, reply };
}

const HEDGES = (method: string, outcome: string) => `sluice_hedges_total{${method},outcome="${outcome}"}`;
const HOLD = 'service="shop",method="hold"';
const ECHO = 'service="types",method="echo"';

describe('a slow provider', { concurrency: true }, () => {
  it('is overtaken by another one; its late answer reaches nobody and is counted', async (context) => {
    const { first, second, reply, metric } = await startRace(context);
    second.letGo();
    assert.equal(await reply, 'held');
    assert.deepEqual([await metric(HEDGES(HOLD, 'won')), await metric(HEDGES(HOLD, 'lost'))], [1, 0]);
    assert.equal(await metric('sluice_rpc_late_answers_total'), 0);
    first.letGo();
    await until(async () => (await metric('sluice_rpc_late_answers_total')) === 1, 'the late answer');
    assert.equal(await metric('sluice_rpc_calls_in_flight'), 0);
    assert.equal(await metric('sluice_bulkhead_active{pool="normal"}'), 0);
  });

  it('is the one that answers where the other is not quicker', async (context) => {
    const { first, reply, metric } = await startRace(context);
    first.letGo();
    assert.equal(await reply, 'held');
    assert.deepEqual([await metric(HEDGES(HOLD, 'won')), await metric(HEDGES(HOLD, 'lost'))], [0, 1]);
  });

  it('is found by a percentile of the calls, and only a few are made twice', async (context) => {
    const providers = [await startMockProvider(), await startMockProvider()];
    for (const provider of providers) context.after(() => provider.kill());
    const types = typesService(
      providers.map(({ address }) => address),
      { methods: { echo: { parameters: ['Object'], idempotent: true, hedge: { afterMs: 'p95' } } } },
    );
    const call = { service: 'types', method: 'echo', args: ['query.v'] };
    const { http, metric } = await start(context, { types }, call);
    const calls = 300;
    for (let first = 0; first < calls; first += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => http.text(`/call?v=${first + index}`)));
    }
    // The percentile is worked out once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    providers[0]!.setFaults([{ method: '*', fault: { delayMs: 2_000 } }]);
    for (let slow = 0; slow < 6; slow++) await http.text(`/call?v=slow${slow}`);
    assert.ok((await metric(HEDGES(ECHO, 'won'))) >= 3);
    const made = providers[0]!.stats.requests + providers[1]!.stats.requests;
    assert.ok(made <= (calls + 10) * 1.2 + 30, `${made} calls: the budget holds`);
  });
});
