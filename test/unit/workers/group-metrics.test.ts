import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { MetricRegistry } from '../../../src/telemetry/metrics/metric-registry.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { GroupMetrics } from '../../../src/workers/group-metrics.ts';
import { MetricReadings } from '../../../src/workers/metric-readings.ts';
import { captureLog } from '../../support/captured-log.ts';
import { parseExposition, sampleValue } from '../telemetry/metrics/exposition-parser.ts';
import { type FakeAnswers, FakeGroup } from './fake-group.ts';

const ROUTES = ['a', 'b'];

/** A worker that counts requests. */
class CountingWorker {
  readonly registry = new MetricRegistry();
  readonly requests = this.registry.counter({ name: 'sluice_r_total', help: 'Requests.', labels: ['route'] });
  readonly waiting = this.registry.gauge({ name: 'sluice_waiting', help: 'Waiting.' }).with({});
  readonly readings = new MetricReadings(this.registry);
  readonly answers: FakeAnswers = { metrics: (query) => this.readings.page(query) };

  count(route: string, requests: number): this {
    this.requests.with({ route }).add(requests);
    return this;
  }
}

function configOf(routes: readonly string[]) {
  return gatewaySchema.parse({
    services: { s: { interface: 'demo.Foo', providers: ['dubbo://127.0.0.1:1'], methods: { m: {} } } },
    routes: routes.map((id) => ({ id, match: { path: `/${id}` }, call: { service: 's', method: 'm' } })),
  });
}

class Scene {
  readonly workers = [new CountingWorker(), new CountingWorker()];
  readonly group = new FakeGroup(...this.workers.map(({ answers }) => answers));
  readonly own = new MetricRegistry();
  readonly log = captureLog();
  config = configOf(ROUTES);
  readonly metrics = new GroupMetrics({
    group: this.group,
    own: this.own,
    logger: this.log.logger,
    clock: systemClock,
    config: () => this.config,
  });

  /** Another process takes the place of a worker that died. */
  replace(worker: number): CountingWorker {
    const next = new CountingWorker();
    this.workers[worker - 1] = next;
    this.group.answers[worker - 1] = next.answers;
    const { pid, restarts } = this.group.infos[worker - 1]!;
    this.group.set(worker, { pid: pid! + 1_000, state: 'serving', restarts: restarts + 1 });
    return next;
  }

  async read() {
    let text = '';
    for await (const slice of this.metrics.render('openmetrics')) text += slice.toString();
    const families = parseExposition(text, 'openmetrics');
    return {
      families,
      requests: (route: string) => sampleValue(families, 'sluice_r_total', { route }),
      value: (name: string) => sampleValue(families, name),
    };
  }
}

describe('GroupMetrics', () => {
  it('puts the metrics of all workers and of the primary together', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 3).waiting.set(1);
    scene.workers[1]!.count('a', 4).count('b', 5).waiting.set(2);
    scene.own.counter({ name: 'sluice_own_total', help: 'Own.' }).with({}).add(6);
    const { requests, value } = await scene.read();
    assert.deepEqual([requests('a'), requests('b'), value('sluice_waiting')], [7, 5, 3]);
    assert.deepEqual(
      ['own_total', 'workers', 'workers_running', 'workers_stale', 'worker_restarts_total'].map((name) =>
        value(`sluice_${name}`),
      ),
      [6, 2, 2, 0, 0],
    );
  });

  it('never lets a sum shrink when a worker dies, while it is away, and when another has its place', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 3).waiting.set(1);
    scene.workers[1]!.count('a', 4).waiting.set(2);
    assert.equal((await scene.read()).requests('a'), 7);
    scene.group.set(1, { state: 'down', pid: undefined });
    const away = await scene.read();
    assert.deepEqual(
      [away.requests('a'), away.value('sluice_waiting'), away.value('sluice_workers_running')],
      [7, 2, 1],
    );
    scene.group.set(1, { pid: 100 });
    scene.replace(1).count('a', 10);
    const back = await scene.read();
    assert.deepEqual([back.requests('a'), back.value('sluice_worker_restarts_total')], [17, 1]);
    scene.replace(2).count('b', 1);
    const both = await scene.read();
    assert.deepEqual([both.requests('a'), both.requests('b'), both.value('sluice_waiting')], [17, 1, 0]);
  });

  it('has the former values of a worker that does not answer, and says so', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 3);
    scene.workers[1]!.count('a', 4);
    await scene.read();
    scene.group.answers[1] = {};
    scene.workers[0]!.count('a', 1);
    const { requests, value } = await scene.read();
    assert.deepEqual([requests('a'), value('sluice_workers_stale')], [8, 1]);
    assert.deepEqual(
      scene.log.lines.map(({ level, worker }) => [level, worker]),
      [['warn', 2]],
    );
  });

  it('does not take the values of a process for those of the one before', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 3);
    await scene.read();
    // The worker dies after it was asked, and another process answers.
    scene.group.answers[0] = {
      metrics: (query) => {
        const { readings } = scene.replace(1).count('a', 100);
        return readings.page(query);
      },
    };
    const { requests } = await scene.read();
    assert.equal(requests('a'), 3);
  });

  it('forgets what dead workers counted of routes that are not configured any more', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 3).count('b', 2).count('_none', 1);
    await scene.read();
    scene.replace(1);
    assert.equal((await scene.read()).requests('b'), 2);
    scene.config = configOf(['a']);
    const { families, requests } = await scene.read();
    assert.deepEqual([requests('a'), requests('_none')], [3, 1]);
    assert.equal(families.get('sluice_r')?.samples.length, 2);
  });

  it('reads once for all who ask at the same time', async () => {
    const scene = new Scene();
    scene.workers[0]!.count('a', 1);
    const [one, other] = await Promise.all([scene.read(), scene.read()]);
    assert.deepEqual([one.requests('a'), other.requests('a')], [1, 1]);
    assert.deepEqual(scene.group.asked.sort(), ['1 metrics', '2 metrics']);
  });

  it('reads many series page by page', async () => {
    const scene = new Scene();
    for (let index = 0; index < 5_000; index++) scene.workers[0]!.count(`r${index}`, 1);
    const { families } = await scene.read();
    assert.equal(families.get('sluice_r')?.samples.length, 5_000);
    assert.ok(scene.group.asked.length > 4, `${scene.group.asked.length} pages`);
  });
});

describe('MetricReadings', () => {
  it('gives the pages of a reading in turn only', async () => {
    const { readings } = new CountingWorker();
    await assert.rejects(readings.page({ reading: 1, page: 1 }), /page 1 of reading 1 is not the next one/);
    assert.equal((await readings.page({ reading: 1, page: 0 })).isLast, true);
    await assert.rejects(readings.page({ reading: 1, page: 1 }), /is not the next one/);
  });

  it('ends the oldest reading where there are too many', async () => {
    const worker = new CountingWorker();
    for (let index = 0; index < 5_000; index++) worker.count(`r${index}`, 1);
    for (let reading = 1; reading <= 5; reading++) {
      assert.equal((await worker.readings.page({ reading, page: 0 })).isLast, false);
    }
    await assert.rejects(worker.readings.page({ reading: 1, page: 1 }), /is not the next one/);
    assert.equal((await worker.readings.page({ reading: 2, page: 1 })).parts.length, 1);
  });
});
