import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import type { GatewayConfig } from '../../src/config/schema.ts';
import { DataPlane } from '../../src/gateway/data-plane.ts';
import { renderMetrics } from '../../src/telemetry/metrics/render-metrics.ts';
import { systemClock } from '../../src/time/clock.ts';
import { captureLog } from '../support/captured-log.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { type DemoShop, startDemoShop } from '../support/demo-shop.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { until } from '../support/until.ts';

interface Stage extends DemoShop {
  readonly plane: DataPlane;
  readonly http: HttpCaller;
}

async function setUp(context: TestContext, configure: (provider: MockProvider) => GatewayConfig): Promise<Stage> {
  const shop = await startDemoShop(context, [method('late', [], 'volatile', () => 'late')]);
  const plane = new DataPlane(configure(shop.provider), { logger: captureLog().logger, clock: systemClock });
  const http = new HttpCaller((await plane.start()).port);
  context.after(async () => {
    shop.letGo();
    http.close();
    await plane.stop();
  });
  return { ...shop, plane, http };
}

function configOf({ address }: MockProvider, timeoutMs: number, more: readonly string[] = []): GatewayConfig {
  return checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    services: {
      shop: {
        interface: 'demo.Shop',
        providers: [address],
        methods: { quick: {}, late: {}, hold: { timeoutMs: 20_000 } },
      },
    },
    defaults: { timeoutMs },
    routes: [
      { id: 'hold', match: { path: '/hold' }, call: { service: 'shop', method: 'hold' } },
      { id: 'quick', match: { path: '/quick' }, call: { service: 'shop', method: 'quick' } },
      ...more.map((id) => ({ id, match: { path: `/${id}` }, call: { service: 'shop', method: methodOf(id) } })),
    ],
  });
}

const methodOf = (routeId: string) => (routeId === 'late' ? 'late' : 'quick');

/** Each kind of change leaves other parts of the generation before in use. */
const CHANGES: Readonly<Record<string, (provider: MockProvider) => GatewayConfig>> = {
  'a new route': (provider) => configOf(provider, 5_000, ['further']),
  'a default that all routes depend on': (provider) => configOf(provider, 6_000),
};

async function metricsText(plane: DataPlane): Promise<string> {
  let text = '';
  for await (const part of renderMetrics(plane.metrics, 'text')) text += part.toString();
  return text;
}

describe('a generation that was replaced', () => {
  for (const [what, next] of Object.entries(CHANGES)) {
    it(`is collected when its last request has ended: ${what}`, async (context) => {
      const { plane, http, provider, held, letGo } = await setUp(context, (started) => configOf(started, 5_000));
      const old = new WeakRef(plane.live.current);
      const oldRoutes = new WeakRef(plane.live.current.routes);
      assert.equal(await http.json('/quick'), 'quick');
      const running = http.json('/hold');
      await until(() => held() === 1, 'a request in flight');

      await plane.live.replace(next(provider), 'application');
      assert.equal(await http.json('/quick'), 'quick');
      collectGarbage();
      assert.ok(old.deref() !== undefined, 'its request still needs it');

      letGo();
      assert.equal(await running, 'held');
      const isGone = () => {
        collectGarbage();
        return old.deref() === undefined && oldRoutes.deref() === undefined;
      };
      await until(isGone, 'the old generation is collected');
      assert.equal(await http.json('/quick'), 'quick');
      assert.deepEqual(
        plane.live.generations.records.map(({ number, state }) => `${number} ${state}`),
        ['2 serving', '1 gone'],
      );
    });
  }

  it('takes its series out of the metrics, and none of those that the next one has already', async (context) => {
    const many = Array.from({ length: 500 }, (_, index) => `route-${index}`);
    const { plane, http, provider, held, letGo } = await setUp(context, (started) =>
      configOf(started, 5_000, ['gone']),
    );
    assert.equal(await http.json('/gone'), 'quick');
    const running = http.json('/hold');
    await until(() => held() === 1, 'a request in flight');
    await plane.live.replace(configOf(provider, 5_000), 'application');
    // The new series are made while the next generation is built; the old one ends just then.
    let isOver = false;
    const replaced = plane.live.replace(configOf(provider, 5_000, ['late', ...many]), 'application').then(() => {
      isOver = true;
    });
    letGo();
    assert.equal(await running, 'held');
    assert.equal(isOver, false, 'it ended before the next generation was built');
    await replaced;
    assert.equal(await http.json('/late'), 'late');
    const samples = () => metricsText(plane);
    await until(async () => !(await samples()).includes('route="gone"'), 'the series of the route that is gone');
    assert.match(await samples(), /^sluice_rpc_calls_total\{service="shop",method="late",outcome="ok"\} 1$/m);
    assert.match(await samples(), /^sluice_http_requests_total\{route="late",method="GET",status="200"\} 1$/m);
  });

  it('leaves no memory behind in a hundred changes', async (context) => {
    const many = (first: number) => Array.from({ length: 200 }, (_, index) => `route-${first + index}`);
    const { plane, http, provider } = await setUp(context, (started) => configOf(started, 5_000, many(0)));
    const change = async (number: number) => {
      await plane.live.replace(configOf(provider, 5_000 + (number % 2), many(number * 200)), 'application');
      assert.equal(await http.json(`/route-${number * 200}`), 'quick');
    };
    let number = 0;
    while (number < 25) await change(++number);
    const bytesBefore = collectGarbage();
    while (number < 100) await change(++number);
    const grown = collectGarbage() - bytesBefore;
    // A generation of 200 routes takes more than a megabyte.
    assert.ok(grown < 4 * 1024 ** 2, `${grown} bytes more after 75 changes`);
  });
});
