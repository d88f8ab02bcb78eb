import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../mock-providers/faults.ts';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import type { HttpCaller } from '../support/http-caller.ts';
import { startListening } from '../support/listening-gateway.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const CALLERS = 16;
/** Longer than calls of the others take on a busy machine, and far from the time-out. */
const SLOW_MS = 600;
/** A call takes so long when its provider is well, so that latency can be told from the noise of the machine. */
const WELL_MS = 5;
/** What the share of an ill instance is to fall to; an equal one has a quarter. */
const SMALL_SHARE = 0.05;
const BACK_SHARE = 0.12;
const CALLS_OF_A_SHARE = 1_000;

interface Fleet {
  readonly providers: readonly MockProvider[];
  readonly http: HttpCaller;
  /** How often each status was answered. */
  readonly statuses: Map<number, number>;
  successRatio(): number;
  /** Lets the first so many instances answer with the fault. */
  ill(count: number, fault: Fault): void;
  well(): void;
  /** The part of the next calls that reached the instance. */
  share(index: number): Promise<number>;
  /** How many are ejected now, as the admin API says. */
  ejected(): Promise<number>;
}

/** Four instances of a service behind a gateway that is called all the time. */
async function startFleet(context: TestContext): Promise<Fleet> {
  const providers = await Promise.all(Array.from({ length: 4 }, () => startMockProvider()));
  const config = checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    bulkhead: { quarantine: 'off' },
    // The ways in are the defaults; who was ejected is looked at again sooner than those say.
    defaults: { timeoutMs: 5_000, ejection: { baseEjectionMs: 500, maxEjectionMs: 500, windowMs: 2_000 } },
    services: {
      types: typesService(
        providers.map(({ address }) => address),
        { methods: { echo: { parameters: ['java.lang.Object'] } } },
      ),
    },
    routes: [{ id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } }],
  });
  const gateway = assembleGateway(config, { logger: captureLog().logger });
  const statuses = new Map<number, number>();
  let isOver = false;
  const set = (provider: MockProvider, fault: Fault) => provider.setFaults([{ method: '*', fault }]);
  const well = () => {
    for (const provider of providers) set(provider, { delayMs: WELL_MS });
  };
  well();
  const callers: Promise<void>[] = [];
  context.after(async () => {
    isOver = true;
    well();
    await Promise.allSettled(callers);
  });
  const { http, admin } = await startListening(context, gateway);
  context.after(() => Promise.all(providers.map((provider) => provider.kill())));
  const callAllTheTime = async () => {
    while (!isOver) {
      const { status } = await http.send('/echo?v=x');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  for (let caller = 0; caller < CALLERS; caller++) callers.push(callAllTheTime());
  const counts = () => providers.map(({ stats }) => stats.requests);
  return {
    providers,
    http,
    statuses,
    successRatio: () => (statuses.get(200) ?? 0) / [...statuses.values()].reduce((sum, count) => sum + count, 0),
    well,
    ill: (count, fault) => {
      for (const provider of providers.slice(0, count)) set(provider, fault);
    },
    share: async (index) => {
      const before = counts();
      const during = () => counts().map((count, position) => count - before[position]!);
      const all = () => during().reduce((sum, count) => sum + count, 0);
      await until(() => all() >= CALLS_OF_A_SHARE, 'calls');
      return during()[index]! / all();
    },
    ejected: async () => {
      const { services } = await admin.json<{ services: { providers: { ejected: number } }[] }>('/admin/v1/services');
      return services[0]!.providers.ejected;
    },
  };
}

const ILLNESSES: Readonly<Record<string, Fault>> = {
  slowly: { delayMs: SLOW_MS },
  'that its thread pool is exhausted': { status: { code: 100, text: 'Thread pool is EXHAUSTED!' } },
  'by the end of the connection': { dropConnection: 'before' },
};

describe('one of four instances', () => {
  for (const [how, fault] of Object.entries(ILLNESSES)) {
    it(`that answers ${how}: it gets next to nothing, and its share again when it is well`, async (context) => {
      const fleet = await startFleet(context);
      await until(async () => (await fleet.share(0)) > BACK_SHARE, 'it has its share');
      fleet.ill(1, fault);
      await until(async () => (await fleet.share(0)) < SMALL_SHARE, 'next to nothing reaches it');
      fleet.statuses.clear();
      assert.ok((await fleet.share(0)) < BACK_SHARE, 'and that stays so');
      assert.ok(fleet.successRatio() > 0.9, JSON.stringify([...fleet.statuses]));
      fleet.well();
      await until(async () => (await fleet.share(0)) > BACK_SHARE, 'its share is back');
    });
  }
});

describe('three of four instances that fail one after the other', () => {
  it('are never ejected beyond half of the list', async (context) => {
    const fleet = await startFleet(context);
    const fault: Fault = { status: { code: 100, text: 'Thread pool is EXHAUSTED!' } };
    for (const count of [1, 2]) {
      fleet.ill(count, fault);
      await until(async () => (await fleet.ejected()) === count, `${count} ejected`);
    }
    fleet.ill(3, fault);
    let most = 0;
    const overMs = performance.now() + 3_000;
    while (performance.now() < overMs) {
      most = Math.max(most, await fleet.ejected());
      await delay(20);
    }
    assert.equal(most, 2);
    fleet.statuses.clear();
    assert.ok((await fleet.share(3)) > 0.9, 'the one that is well does the work');
    assert.ok(fleet.successRatio() > 0.95, JSON.stringify([...fleet.statuses]));
    fleet.well();
    await until(async () => (await fleet.ejected()) === 0, 'all of them are back');
  });
});
