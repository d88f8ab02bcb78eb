import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bulkheadsAnswer } from '../../../src/admin/answers/bulkheads-answer.ts';
import { generationsAnswer } from '../../../src/admin/answers/config-answers.ts';
import { workersAnswer } from '../../../src/admin/answers/workers-answer.ts';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { BulkheadView } from '../../../src/gateway/bulkhead-view.ts';
import type { ConfigurationView } from '../../../src/gateway/configuration-view.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { WallOffset } from '../../../src/time/wall-offset.ts';
import { GroupAdminView } from '../../../src/workers/group-admin-view.ts';
import { WorkerLoadView } from '../../../src/workers/worker-load.ts';
import { captureLog } from '../../support/captured-log.ts';
import { idleLoad } from '../admin/admin-harness.ts';
import { type FakeAnswers, FakeGroup } from './fake-group.ts';

const GENERATION = {
  number: 1,
  source: 'start',
  since: '2026-01-01T00:00:00.000Z',
  routes: 0,
  services: 0,
  state: 'serving',
  inFlight: 0,
} as const;

const CONFIGURATION = {
  config: () => gatewaySchema.parse({}),
  generations: () => ({ generations: [GENERATION], lastReload: null }),
} as unknown as ConfigurationView;

/** A worker with real bulkheads and no traffic. */
class IdleWorker {
  readonly load = idleLoad();
  readonly answers: FakeAnswers;
  /** Most methods that were asked for at a time. */
  mostKeys = 0;

  constructor(configured: ReadonlySet<string> = new Set()) {
    const wallOffset = new WallOffset(systemClock);
    const bulkheads = new BulkheadView(this.load, systemClock, wallOffset, () => configured);
    const view = new WorkerLoadView(this.load, bulkheads, systemClock, wallOffset);
    this.answers = {
      methodIndex: () => view.index(),
      load: (keys) => {
        this.mostKeys = Math.max(this.mostKeys, keys.length);
        return view.load(keys);
      },
      method: (key) => view.method(key),
      actOnMethod: ({ key, action, reason }) => bulkheads.actOnMethod(key, action, reason),
      generationUse: () => [{ number: 1, inFlight: 3 }],
    };
  }

  called(...keys: readonly string[]): this {
    for (const key of keys) this.load.bulkheads.methods.method(key, systemClock.nowMs());
    return this;
  }
}

function scene(...workers: readonly IdleWorker[]) {
  const group = new FakeGroup(...workers.map(({ answers }) => answers));
  const view = new GroupAdminView({
    group,
    configuration: CONFIGURATION,
    metrics: new MetricRegistry(),
    clock: systemClock,
    logger: captureLog().logger,
    isServing: () => true,
  });
  return { group, view };
}

describe('GroupAdminView', () => {
  it('shows the methods of all workers page by page, those in quarantine first', async () => {
    const keys = Array.from({ length: 700 }, (_, index) => `demo.Many#m${index}()`);
    const [one, other] = [new IdleWorker().called(...keys.slice(0, 500)), new IdleWorker().called(...keys.slice(300))];
    other.load.bulkheads.methods.find(keys[650]!)!.quarantine(systemClock.nowMs());
    other.load.bulkheads.methods.find(keys[600]!)!.pin(systemClock.nowMs());
    const { view } = scene(one, other);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await view.bulkheads({ limit: 300, after });
      assert.deepEqual(bulkheadsAnswer.parse(page), page);
      assert.equal(page.methodsTotal, 700);
      seen.push(...page.methods.map(({ key }) => key));
      sizes.push(page.methods.length);
      after = page.nextAfter;
    }
    assert.deepEqual(sizes, [300, 300, 100]);
    assert.deepEqual(seen.slice(0, 3), [keys[650], keys[600], keys[0]]);
    assert.deepEqual(seen.toSorted(), keys.toSorted());
    assert.equal(Math.max(one.mostKeys, other.mostKeys), 250);
    const quarantined = await view.bulkheads({ limit: 10, state: 'quarantined' });
    assert.deepEqual([quarantined.methodsTotal, quarantined.methods[0]?.state], [1, 'quarantined']);
  });

  it('adds up the pools also where there are no methods', async () => {
    const { pools, methods, nextAfter } = await scene(new IdleWorker(), new IdleWorker()).view.bulkheads({ limit: 10 });
    assert.deepEqual([pools?.normal.size, methods, nextAfter], [20, [], null]);
  });

  it('gives an order to one worker, and shows what all say then', async () => {
    const configured = new Set(['demo.Foo#bar()']);
    const { group, view } = scene(new IdleWorker(configured), new IdleWorker(configured));
    const { changed, method } = await view.actOnMethod('demo.Foo#bar()', 'quarantine', 'moved');
    assert.deepEqual([changed, method.state, method.reason, method.by], [true, 'quarantined', 'moved', 'operator']);
    assert.deepEqual(group.asked, ['1 actOnMethod', '1 method', '2 method']);
    assert.equal((await view.actOnMethod('demo.Foo#bar()', 'quarantine', undefined)).changed, false);
    const isUnknown = (error: unknown) => error instanceof GatewayError && error.code === 'METHOD_UNKNOWN';
    await assert.rejects(view.actOnMethod('demo.Foo#baz()', 'pin', undefined), isUnknown);
    await assert.rejects(view.method('demo.Foo#baz()'), isUnknown);
  });

  it('shows the configurations also while no worker answers', async () => {
    const { group, view } = scene(new IdleWorker(), new IdleWorker());
    const { generations } = generationsAnswer.parse(await view.generations());
    assert.deepEqual([generations[0]!.state, generations[0]!.inFlight], ['serving', 6]);
    group.set(1, { state: 'starting' });
    group.set(2, { state: 'down', pid: undefined });
    assert.deepEqual((await view.generations()).generations, [GENERATION]);
    assert.deepEqual(
      workersAnswer.parse(view.workers()).workers.map(({ worker, pid, state }) => [worker, pid, state]),
      [
        [1, 100, 'starting'],
        [2, null, 'down'],
      ],
    );
  });
});
