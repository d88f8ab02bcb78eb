import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { z } from 'zod';
import { bulkheadsAnswer } from '../../src/admin/answers/bulkheads-answer.ts';
import {
  configAnswer,
  generationsAnswer,
  replacementAnswer,
  validationAnswer,
} from '../../src/admin/answers/config-answers.ts';
import {
  connectionsAnswer,
  providersAnswer,
  routesAnswer,
  servicesAnswer,
} from '../../src/admin/answers/inventory-answers.ts';
import { methodAnswer } from '../../src/admin/answers/method-answer.ts';
import { plansAnswer } from '../../src/admin/answers/plans-answer.ts';
import { registriesAnswer } from '../../src/admin/answers/provider-lists-answer.ts';
import { workersAnswer } from '../../src/admin/answers/workers-answer.ts';
import { runCli } from '../../src/cli/cli.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { CapturedTerminal } from '../support/captured-terminal.ts';
import { startDemoShop } from '../support/demo-shop.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { HttpCaller, type Reply } from '../support/http-caller.ts';
import { until } from '../support/until.ts';
import { parseExposition, sampleValue } from '../unit/telemetry/metrics/exposition-parser.ts';

const API = '/admin/v1';
const QUICK = 'demo.Shop#quick()';
const SECRET = 'key-of-a-customer';

interface Group {
  readonly process: GatewayProcess;
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
  /** An answer of the admin API, checked by its schema. */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  act(action: string, key?: string): Promise<z.output<typeof methodAnswer>>;
  /** The metrics, read strictly. */
  metrics(): Promise<(name: string, labels?: Record<string, string>) => number>;
  sluice(...words: readonly string[]): Promise<string>;
  /** Starts calls that wait, from connections of their own, until the provider has them. */
  hold(count: number): Promise<readonly Promise<Reply>[]>;
  letGo(): void;
}

function configOf(provider: string, paths: readonly string[]): GatewayConfigInput {
  return {
    server: { workers: 2, http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 5_000 },
    bulkhead: { normal: { size: 11, maxMethodShare: 1 }, slow: { size: 5 }, heartbeat: { size: 3 } },
    admission: { maxInFlight: 101 },
    defaults: { timeoutMs: 30_000 },
    services: { shop: { interface: 'demo.Shop', providers: [provider], methods: { quick: {}, hold: {} } } },
    routes: [
      { id: 'hold', match: { path: '/hold' }, call: { service: 'shop', method: 'hold' } },
      {
        id: 'secret',
        match: { path: '/secret', headers: { 'x-key': '$' + '{CUSTOMER_KEY}' } },
        call: { service: 'shop', method: 'quick' },
      },
      ...paths.map((path) => ({ id: path.slice(1), match: { path }, call: { service: 'shop', method: 'quick' } })),
    ],
  };
}

async function startGroup(context: TestContext): Promise<Group & { readonly provider: string }> {
  const { provider, held, letGo } = await startDemoShop(context);
  const folder = mkdtempSync(join(tmpdir(), 'workers-admin-'));
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, JSON.stringify(configOf(provider.address, ['/a'])));
  const gateway = startGatewayProcess(context, ['start', '--config', file], { CUSTOMER_KEY: SECRET });
  const ports = await gateway.listening();
  const [http, admin] = [new HttpCaller(ports.http), new HttpCaller(ports.admin)];
  context.after(async () => {
    letGo();
    http.close();
    admin.close();
    rmSync(folder, { recursive: true });
  });
  return {
    provider: provider.address,
    process: gateway,
    http,
    admin,
    get: async (path, schema) => schema.parse(await admin.json(`${API}/${path}`)),
    act: async (action, key = QUICK) =>
      methodAnswer.parse(
        await admin.json(`${API}/methods/${encodeURIComponent(key)}/${action}`, { method: 'POST', body: {} }),
      ),
    metrics: async () => {
      const families = parseExposition(await admin.text('/metrics'), 'text');
      return (name, labels) => sampleValue(families, name, labels);
    },
    sluice: async (...words) => {
      const terminal = new CapturedTerminal({ isTerminal: true, columns: 160 });
      assert.equal(await runCli([...words, '--url', `http://127.0.0.1:${ports.admin}`], terminal), 0, terminal.errors);
      return terminal.output;
    },
    hold: async (count) => {
      const before = held();
      const replies = Array.from({ length: count }, () => http.send('/hold', { fresh: true }));
      await until(() => held() === before + count, 'the calls that wait');
      return replies;
    },
    letGo,
  };
}

/** The workers' numbers of the connections, each once. */
async function connectedWorkers({ get }: Group): Promise<(number | undefined)[]> {
  const { connections } = await get('connections', connectionsAnswer);
  return [...new Set(connections.map(({ worker }) => worker))].sort();
}

describe('the admin API of a group', () => {
  it('shows and rules all workers as one gateway', async (context) => {
    const group = await startGroup(context);
    const { http, admin, get, act, metrics } = group;

    await context.test('lists the processes that serve', async () => {
      const { workers } = await get('workers', workersAnswer);
      assert.deepEqual(
        workers.map(({ worker, state, restarts }) => [worker, state, restarts]),
        [
          [1, 'serving', 0],
          [2, 'serving', 0],
        ],
      );
      assert.equal(new Set([group.process.child.pid, ...workers.map(({ pid }) => pid)]).size, 3);
      assert.match(await group.sluice('status'), /^WORKERS +2 serve$/m);
    });

    await context.test('is ready', async () => {
      const checks = { listening: true, answering: true, serving: true, registries: true, connections: true };
      assert.deepEqual(await admin.json('/readyz?verbose'), { status: 'ready', checks });
    });

    await context.test('adds up pools, requests, calls and connections', async () => {
      const replies = await group.hold(6);
      const { pools, admission, methods } = await get('bulkheads', bulkheadsAnswer);
      assert.deepEqual([pools?.normal.size, pools?.slow.size, pools?.heartbeat.size], [11, 5, 3]);
      assert.deepEqual([pools?.normal.active, admission?.inFlight], [6, 6]);
      assert.deepEqual(
        methods.map(({ key, active }) => [key, active.normal]),
        [['demo.Shop#hold()', 6]],
      );
      assert.deepEqual(await connectedWorkers(group), [1, 2]);
      const { providers, lists } = await get('providers', providersAnswer);
      assert.deepEqual(
        providers.map(({ connections, pending, counters }) => [connections, pending, counters.sent]),
        [[2, 6, 6]],
      );
      assert.equal(lists[0]!.providers[0]!.inFlight, 6);
      const { generations } = await get('generations', generationsAnswer);
      assert.deepEqual(
        generations.map(({ state, inFlight }) => [state, inFlight]),
        [['serving', 6]],
      );
      const value = await metrics();
      assert.deepEqual(
        [
          value('sluice_bulkhead_size', { pool: 'normal' }),
          value('sluice_bulkhead_active', { pool: 'normal' }),
          value('sluice_http_requests_in_flight'),
          value('sluice_provider_connections', { service: 'shop', state: 'open' }),
        ],
        [11, 6, 6, 2],
      );
      group.letGo();
      assert.ok((await Promise.all(replies)).every(({ status }) => status === 200));
    });

    await context.test('counts the requests of all workers, and keeps what is about a process apart', async () => {
      for (let call = 0; call < 10; call++) await http.text('/a', { fresh: true });
      const value = await metrics();
      assert.equal(value('sluice_http_requests_total', { route: 'a', method: 'GET', status: '200' }), 10);
      assert.equal(value('sluice_http_request_duration_seconds_count', { route: 'a' }), 10);
      assert.equal(value('sluice_rpc_calls_total', { service: 'shop', method: 'quick', outcome: 'ok' }), 10);
      assert.deepEqual(
        [value('sluice_config_generation'), value('sluice_build_info', await buildLabels(admin))],
        [1, 1],
      );
      for (const worker of ['1', '2', 'primary']) {
        assert.ok(value('process_resident_memory_bytes', { worker }) > 1_000_000);
      }
      parseExposition(
        await admin.text('/metrics', { headers: { accept: 'application/openmetrics-text; version=1.0.0' } }),
        'openmetrics',
      );
    });

    await context.test('has an operator change a method in all workers before it answers', async () => {
      for (let round = 0; round < 3; round++) {
        const quarantined = await act('quarantine');
        assert.deepEqual([quarantined.state, quarantined.by], ['quarantined', 'operator']);
        assert.deepEqual((await get('bulkheads?state=quarantined', bulkheadsAnswer)).methods, [quarantined]);
        const { routes } = await get('routes', routesAnswer);
        assert.deepEqual(
          routes.map(({ id, pool }) => [id, pool]),
          [
            ['hold', 'normal'],
            ['secret', 'slow'],
            ['a', 'slow'],
          ],
        );
        assert.equal((await act('quarantine')).since, quarantined.since);
        const released = await act('release');
        assert.deepEqual([released.state, released.quarantinedTotal], ['healthy', round + 1]);
      }
      assert.equal((await act('pin')).pinned, true);
      assert.equal((await get(`methods/${encodeURIComponent(QUICK)}`, methodAnswer)).pinned, true);
      assert.equal((await act('unpin')).pinned, false);
      const { events } = await get('bulkheads', bulkheadsAnswer);
      assert.deepEqual(
        events.map(({ to }) => to),
        ['quarantined', 'healthy', 'quarantined', 'healthy', 'quarantined', 'healthy'],
      );
      const value = await metrics();
      assert.equal(value('sluice_method_state_changes_total', { to: 'quarantined', by: 'operator' }), 3);
      const logged = () => group.process.stdout.split('\n').filter((line) => line.includes('"method quarantined"'));
      await until(() => logged().length >= 3, 'the lines of the log');
      assert.equal(logged().length, 3);
    });

    await context.test('knows which methods and services there are', async () => {
      const unknown = await admin.send(`${API}/methods/demo.Shop%23quik()/pin`, { method: 'POST' });
      const { code, nearest } = JSON.parse(unknown.text) as { code: string; nearest: string[] };
      assert.deepEqual([unknown.status, code, nearest], [404, 'METHOD_UNKNOWN', [QUICK]]);
      const service = await admin.problem(`${API}/providers?service=shup`);
      assert.deepEqual([service.status, service.detail.includes('did you mean "shop"')], [400, true]);
      const after = await admin.problem(`${API}/bulkheads?after=gone`);
      assert.deepEqual([after.status, after.path], [400, 'query.after']);
      const { services } = await get('services', servicesAnswer);
      assert.deepEqual(
        services.map(({ name, providers }) => [name, providers]),
        [['shop', { total: 1, usable: 1, disabled: 0, ejected: 0, unusable: 0 }]],
      );
      assert.deepEqual(await get('registries', registriesAnswer), { registries: [] });
      assert.equal((await get('plans', plansAnswer)).shapes.refused, 0);
    });

    await context.test('shows methods page by page', async () => {
      const first = await get('bulkheads?limit=1', bulkheadsAnswer);
      const second = await get(`bulkheads?limit=1&after=${encodeURIComponent(first.nextAfter!)}`, bulkheadsAnswer);
      assert.deepEqual([first.methodsTotal, second.methodsTotal, second.nextAfter], [2, 2, null]);
      assert.deepEqual([...first.methods, ...second.methods].map(({ key }) => key).sort(), ['demo.Shop#hold()', QUICK]);
    });

    await context.test('masks what came from variables', async () => {
      const { routes } = await get('routes', routesAnswer);
      assert.deepEqual(routes[1]!.match.headers, { 'x-key': '***' });
      for (const path of ['config', 'routes', 'services', 'generations']) {
        assert.ok(!(await admin.text(`${API}/${path}`)).includes(SECRET), path);
      }
      assert.equal((await http.send('/secret', { headers: { 'x-key': SECRET } })).status, 200);
    });

    await context.test('replaces the configuration in all workers before it answers', async () => {
      const [held] = await group.hold(1);
      const text = JSON.stringify(configOf(group.provider, ['/a', '/b']));
      const checked = validationAnswer.parse(await admin.json(`${API}/config/validate`, { body: JSON.parse(text) }));
      assert.deepEqual([checked.valid, checked.changes?.routes.added], [true, ['b']]);
      const tag = (await admin.send(`${API}/config`)).headers.etag!;
      const replaced = await admin.send(`${API}/config`, {
        method: 'PUT',
        json: text,
        headers: { 'if-match': tag, 'content-type': 'application/json' },
      });
      assert.equal(replaced.status, 200, replaced.text);
      assert.deepEqual(replacementAnswer.parse(JSON.parse(replaced.text)).changes.routes.added, ['b']);
      for (let call = 0; call < 4; call++) await http.text('/b', { fresh: true });
      const { generations } = await get('generations', generationsAnswer);
      assert.deepEqual(
        generations.map(({ number, source, state, inFlight }) => [number, source, state, inFlight]),
        [
          [2, 'admin', 'serving', 0],
          [1, 'start', 'draining', 1],
        ],
      );
      const value = await metrics();
      assert.deepEqual([value('sluice_config_generation'), value('sluice_config_draining_generations')], [2, 1]);
      group.letGo();
      await held;
      const isGone = async () => (await get('generations', generationsAnswer)).generations[1]!.state === 'gone';
      await until(isGone, 'the end of the former generation');
      const stale = await admin.problem(`${API}/config`, {
        method: 'PUT',
        json: text,
        headers: { 'if-match': tag, 'content-type': 'application/json' },
      });
      assert.deepEqual([stale.status, stale.code], [412, 'PRECONDITION_FAILED']);
      const { routes } = configAnswer.parse(await admin.json(`${API}/config`));
      assert.equal((routes as unknown[]).length, 4);
    });

    await context.test('lets no count shrink when a worker dies', async () => {
      const labels = { route: 'a', method: 'GET', status: '200' };
      const before = (await metrics())('sluice_http_requests_total', labels);
      const [first] = (await get('workers', workersAnswer)).workers;
      process.kill(first!.pid!, 'SIGKILL');
      const isAway = async () => (await get('workers', workersAnswer)).workers[0]!.state !== 'serving';
      await until(isAway, 'the death of the worker');
      const away = await metrics();
      assert.deepEqual([away('sluice_http_requests_total', labels), away('sluice_workers_running')], [before, 1]);
      assert.equal((await get('bulkheads', bulkheadsAnswer)).pools?.normal.size, 5, 'what the other one has');
      assert.equal((await admin.send('/readyz')).status, 200);
      const isBack = async () => (await get('workers', workersAnswer)).workers[0]!.state === 'serving';
      await until(isBack, 'another worker');
      for (let call = 0; call < 4; call++) await http.text('/a', { fresh: true });
      const back = await metrics();
      assert.deepEqual(
        [back('sluice_http_requests_total', labels), back('sluice_worker_restarts_total')],
        [before + 4, 1],
      );
      const { pools, events } = await get('bulkheads', bulkheadsAnswer);
      assert.deepEqual([pools?.normal.size, events.length], [11, 6]);
      const { quarantinedTotal } = await get(`methods/${encodeURIComponent(QUICK)}`, methodAnswer);
      assert.equal(quarantinedTotal, 3);
      assert.match(await group.sluice('status'), /^WORKERS +2 serve; started again: 1 \(1 time\)$/m);
    });

    await context.test('names a worker that does not answer, and shows the others', async () => {
      const { workers } = await get('workers', workersAnswer);
      const before = (await metrics())('sluice_http_request_duration_seconds_count', { route: 'a' });
      process.kill(workers[1]!.pid!, 'SIGSTOP');
      try {
        const { pools, missingWorkers } = await get('bulkheads', bulkheadsAnswer);
        assert.deepEqual([pools?.normal.size, missingWorkers], [6, [2]]);
        assert.equal((await admin.send('/readyz')).status, 200);
        assert.equal((await act('quarantine')).state, 'quarantined');
        const value = await metrics();
        assert.deepEqual(
          [value('sluice_workers_stale'), value('sluice_http_request_duration_seconds_count', { route: 'a' })],
          [1, before],
        );
        assert.match(
          await group.sluice('status'),
          /^WORKERS +2 serve; started again: 1 \(1 time\); no answer from 2$/m,
        );
      } finally {
        process.kill(workers[1]!.pid!, 'SIGCONT');
      }
      const isHeard = async () => (await get('bulkheads', bulkheadsAnswer)).missingWorkers === undefined;
      await until(isHeard, 'the answer of the worker');
      const { methods } = await get('bulkheads?state=quarantined', bulkheadsAnswer);
      assert.deepEqual(
        methods.map(({ key }) => key),
        [QUICK],
      );
    });

    await context.test('is seen by sluice method and sluice status', async () => {
      assert.match(await group.sluice('method', 'release', QUICK), /^state +healthy/m);
      const shown = JSON.parse(await group.sluice('status', '--all', '--format', 'json')) as {
        methods: { key: string }[];
        workers: { worker: number }[];
      };
      assert.deepEqual(shown.methods.map(({ key }) => key).sort(), ['demo.Shop#hold()', QUICK]);
      assert.deepEqual(
        shown.workers.map(({ worker }) => worker),
        [1, 2],
      );
    });

    await context.test('still shows what workers do that drain', async () => {
      const [held] = await group.hold(1);
      group.process.child.kill('SIGTERM');
      await until(async () => (await admin.send('/readyz', { fresh: true })).status === 503, 'the drain');
      const { pools, missingWorkers } = await get('bulkheads', bulkheadsAnswer);
      assert.equal(pools?.normal.active, 1);
      assert.equal((missingWorkers ?? []).length, 0);
      group.letGo();
      assert.equal((await held!).status, 200);
      assert.equal(await group.process.ended(), 0);
    });
  });
});

async function buildLabels(admin: HttpCaller): Promise<Record<string, string>> {
  const line = (await admin.text('/metrics')).split('\n').find((text) => text.startsWith('sluice_build_info{'))!;
  return Object.fromEntries([...line.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
}
