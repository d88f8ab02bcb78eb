import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import type { HttpCaller } from '../support/http-caller.ts';
import { startListening } from '../support/listening-gateway.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

interface Scene {
  readonly providers: readonly MockProvider[];
  readonly http: HttpCaller;
  /** A number of the metrics, 0 where it is not there. */
  metric(name: string): Promise<number>;
}

/** A gateway before two providers that are called in turn, and of which one can be told to be slow. */
async function start(context: TestContext, afterMs: number | 'p95'): Promise<Scene> {
  const providers = [await startMockProvider(), await startMockProvider()];
  for (const provider of providers) context.after(() => provider.kill());
  const config = checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
    defaults: { timeoutMs: 5_000, connectTimeoutMs: 5_000, balancer: 'round-robin', ejection: 'off' },
    services: {
      types: typesService(
        providers.map(({ address }) => address),
        { methods: { echo: { parameters: ['Object'], idempotent: true, hedge: { afterMs } } } },
      ),
    },
    routes: [{ id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } }],
  });
  const gateway = assembleGateway(config, { logger: captureLog().logger });
  const { http, admin } = await startListening(context, gateway);
  // Connections are there, and classes loaded.
  for (let call = 0; call < 4; call++) await http.text('/echo?v=warm');
  return {
    providers,
    http,
    metric: async (name) => {
      const line = (await admin.text('/metrics')).split('\n').find((text) => text.startsWith(`${name} `));
      return line === undefined ? 0 : Number(line.split(' ').at(-1));
    },
  };
}

const HEDGES = (outcome: string) => `sluice_hedges_total{service="types",method="echo",outcome="${outcome}"}`;

describe('a slow provider', { concurrency: true }, () => {
  it('is overtaken by another one; its late answer reaches nobody and is counted', async (context) => {
    const { providers, http, metric } = await start(context, 300);
    const [slow, quick] = providers;
    slow!.setFaults([{ method: '*', fault: { delayMs: 2_000 }, times: 1 }]);
    const before = quick!.stats.requests;
    const replies = await Promise.all([http.json('/echo?v=a'), http.json('/echo?v=b')]);
    assert.deepEqual(replies, ['a', 'b']);
    assert.ok(quick!.stats.requests >= before + 2, 'both calls were answered there');
    assert.ok((await metric(HEDGES('won'))) >= 1);
    await until(async () => (await metric('sluice_rpc_late_answers_total')) >= 1, 'the late answer', 10_000);
    assert.equal(await metric('sluice_rpc_calls_in_flight'), 0);
    assert.equal(await metric('sluice_bulkhead_active{pool="normal"}'), 0);
  });

  it('is the one that answers where the other is not quicker', async (context) => {
    const { providers, http, metric } = await start(context, 300);
    for (const provider of providers) provider.setFaults([{ method: '*', fault: { delayMs: 900 }, times: 1 }]);
    assert.equal(await http.json('/echo?v=a'), 'a');
    assert.deepEqual([await metric(HEDGES('lost')), await metric(HEDGES('won'))], [1, 0]);
  });

  it('is found by a percentile of the calls, and only a few are made twice', async (context) => {
    const { providers, http, metric } = await start(context, 'p95');
    const calls = 300;
    for (let call = 0; call < calls; call += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => http.text(`/echo?v=${call + index}`)));
    }
    // The percentile is worked out once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    providers[0]!.setFaults([{ method: '*', fault: { delayMs: 2_000 } }]);
    for (let call = 0; call < 6; call++) await http.text(`/echo?v=slow${call}`);
    assert.ok((await metric(HEDGES('won'))) >= 3);
    const made = providers[0]!.stats.requests + providers[1]!.stats.requests;
    assert.ok(made <= (calls + 10) * 1.2 + 30, `${made} calls: the budget holds`);
  });
});
