import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkConfig } from '../../../src/config/check-config.ts';
import type { GatewayConfig, GatewayConfigInput } from '../../../src/config/schema.ts';
import { workerShare } from '../../../src/workers/worker-share.ts';

function configOf(input: GatewayConfigInput): GatewayConfig {
  const { config, diagnostics } = checkConfig(input);
  assert.ok(config, JSON.stringify(diagnostics));
  return config;
}

function sharesOf(config: GatewayConfig, count: number): GatewayConfig[] {
  return Array.from({ length: count }, (_, index) => workerShare(config, { index, count }));
}

type Bulkhead = Exclude<GatewayConfig['bulkhead'], 'off'>;
type Admission = Exclude<GatewayConfig['admission'], 'off'>;

/** What is divided, by name. */
function sharedNumbers(config: GatewayConfig): Record<string, number> {
  const { normal, slow, heartbeat } = config.bulkhead as Bulkhead;
  const { maxInFlight, maxInFlightBytes, maxQueue } = config.admission as Admission;
  return {
    normal: normal.size,
    slow: slow.size,
    heartbeat: heartbeat.size,
    slowQueue: slow.maxQueue ?? 0,
    maxInFlight,
    maxInFlightBytes,
    maxQueue,
    maxConnections: config.server.limits.maxConnections,
    mirrored: config.routes[0]!.mirror!.maxInFlight,
  };
}

const SERVICES: GatewayConfigInput['services'] = {
  shop: { interface: 'demo.Shop', providers: ['dubbo://127.0.0.1:1'], methods: { buy: {} } },
};
const call = { service: 'shop', method: 'buy' };

describe('workerShare()', () => {
  it('divides what all may have so that the parts add up to it', () => {
    const size = fc.integer({ min: 64, max: 100_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.tuple(size, size, size, size, size, size, size),
        fc.integer({ min: 0, max: 10 }),
        (count, [normal, slow, heartbeat, maxInFlight, maxConnections, mirrored, megabytes], queue) => {
          const config = configOf({
            server: { limits: { maxConnections } },
            admission: { maxInFlight, maxQueue: queue, maxInFlightBytes: megabytes * 1024 ** 2 + 1 },
            bulkhead: {
              normal: { size: normal },
              slow: { size: slow, maxQueue: queue },
              heartbeat: { size: heartbeat },
            },
            services: SERVICES,
            routes: [{ id: 'buy', match: { path: '/' }, call, mirror: { share: 0.5, call, maxInFlight: mirrored } }],
          });
          const shares = sharesOf(config, count).map(sharedNumbers);
          for (const [name, total] of Object.entries(sharedNumbers(config))) {
            const parts = shares.map((share) => share[name]!);
            assert.equal(
              parts.reduce((sum, part) => sum + part, 0),
              total,
              name,
            );
            assert.ok(Math.max(...parts) - Math.min(...parts) <= 1, `${name}: ${parts}`);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves what is off, empty or not written as it is', () => {
    const off = configOf({ admission: 'off', bulkhead: 'off' });
    assert.deepEqual(workerShare(off, { index: 1, count: 3 }).admission, 'off');
    assert.deepEqual(workerShare(off, { index: 1, count: 3 }).bulkhead, 'off');
    const empty = configOf({ bulkhead: { slow: { size: 0 }, quarantine: 'off' } });
    const { slow, quarantine } = workerShare(empty, { index: 0, count: 3 }).bulkhead as Bulkhead;
    assert.deepEqual([slow.size, slow.maxQueue, quarantine], [0, undefined, 'off']);
  });

  it('gives each worker one at least of what none can be without', () => {
    const config = configOf({ bulkhead: { slow: { size: 2 } }, server: { limits: { maxConnections: 1 } } });
    for (const share of sharesOf(config, 4)) {
      assert.equal((share.bulkhead as Bulkhead).slow.size, 1);
      assert.equal(share.server.limits.maxConnections, 1);
    }
  });

  it('rounds the connections to each provider up', () => {
    const connections = (connectionsPerProvider: number, count: number) =>
      sharesOf(configOf({ services: { shop: { ...SERVICES.shop!, connectionsPerProvider } } }), count).map(
        ({ services }) => services.shop!.connectionsPerProvider,
      );
    assert.deepEqual(connections(1, 3), [1, 1, 1]);
    assert.deepEqual(connections(6, 3), [2, 2, 2]);
    assert.deepEqual(connections(7, 3), [3, 3, 3]);
  });

  it('expects of a worker its part of the calls that show that a method is slow, but three at least', () => {
    const quarantine = { timeouts: 100, minCalls: 2 };
    const config = configOf({
      bulkhead: { quarantine: { timeouts: 10, minCalls: 20 } },
      services: {
        shop: {
          ...SERVICES.shop!,
          quarantine: { minCalls: 9, slowRatio: 0.1 },
          methods: { buy: { quarantine }, list: { quarantine: 'off' }, sell: {} },
        },
      },
    });
    const { bulkhead, services } = workerShare(config, { index: 3, count: 4 });
    const { timeouts, minCalls, windowMs } = (bulkhead as Bulkhead).quarantine as { [key: string]: number };
    assert.deepEqual([timeouts, minCalls, windowMs], [3, 5, 10_000]);
    const { shop } = services;
    assert.deepEqual(shop!.quarantine, { minCalls: 3, slowRatio: 0.1 });
    assert.deepEqual(shop!.methods.buy!.quarantine, { timeouts: 25, minCalls: 2 });
    assert.deepEqual([shop!.methods.list!.quarantine, shop!.methods.sell!.quarantine], ['off', undefined]);
  });

  it('is the configuration itself for one worker, and changes nothing in it for several', () => {
    const config = configOf({ services: SERVICES });
    const before = structuredClone(config);
    assert.equal(workerShare(config, { index: 0, count: 1 }), config);
    workerShare(config, { index: 1, count: 2 });
    assert.deepEqual(config, before);
  });
});
