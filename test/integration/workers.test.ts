import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import type { LogLine } from '../support/captured-log.ts';
import { type DemoShop, startDemoShop } from '../support/demo-shop.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { replaceFile } from '../support/replace-file.ts';
import { until } from '../support/until.ts';

const SLOTS = 40;
const STUCK_METHOD = 'demo.Shop#stuck()';

interface Worker {
  readonly worker: number;
  readonly pid: number | null;
  readonly state: string;
  readonly restarts: number;
}

interface Group extends DemoShop {
  readonly process: GatewayProcess;
  readonly file: string;
  readonly port: number;
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
  workers(): Promise<readonly Worker[]>;
  /** Waits until all workers serve and one of them has another process than these. */
  replaced(before: readonly Worker[]): Promise<readonly Worker[]>;
  /** All lines of the log so far; each must be JSON. */
  lines(): readonly LogLine[];
}

function configOf(provider: MockProvider, paths: readonly string[], more: GatewayConfigInput = {}): GatewayConfigInput {
  const call = (name: string) => ({ service: 'shop', method: name });
  return {
    server: { workers: 2, http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 5_000 },
    bulkhead: {
      normal: { size: SLOTS, maxMethodShare: 1 },
      slow: { size: SLOTS },
      quarantine: { minQuarantineMs: 60_000 },
    },
    defaults: { timeoutMs: 30_000 },
    services: {
      shop: {
        interface: 'demo.Shop',
        providers: [provider.address],
        methods: { quick: {}, hold: {}, stuck: { timeoutMs: 50 } },
      },
    },
    routes: [
      ...['hold', 'stuck'].map((id) => ({ id, match: { path: `/${id}` }, call: call(id) })),
      ...paths.map((path) => ({ id: path.slice(1), match: { path }, call: call('quick') })),
    ],
    ...more,
  };
}

function put(file: string, config: GatewayConfigInput): void {
  replaceFile(file, JSON.stringify(config));
}

/** Its method `stuck` never answers. */
function startShop(context: TestContext): Promise<DemoShop> {
  return startDemoShop(context, [method('stuck', [], 'volatile', () => new Promise<string>(() => {}))]);
}

async function startGroup(context: TestContext, more: GatewayConfigInput = {}): Promise<Group> {
  const { provider, held, letGo } = await startShop(context);
  const folder = mkdtempSync(join(tmpdir(), 'workers-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  put(file, configOf(provider, ['/a'], more));
  const gateway = startGatewayProcess(context, ['start', '--config', file]);
  const ports = await gateway.listening();
  const [http, admin] = [new HttpCaller(ports.http), new HttpCaller(ports.admin)];
  context.after(() => {
    http.close();
    admin.close();
  });
  const workers = async () => (await admin.json<{ workers: readonly Worker[] }>('/admin/v1/workers')).workers;
  return {
    process: gateway,
    provider,
    file,
    port: ports.http,
    http,
    admin,
    held,
    letGo,
    workers,
    replaced: async (before) => {
      let now: readonly Worker[] = before;
      const isReplaced = async () => {
        now = await workers();
        return (
          now.every(({ state }) => state === 'serving') && now.some(({ pid }, index) => pid !== before[index]!.pid)
        );
      };
      await until(isReplaced, 'a worker in the place of another');
      return now;
    },
    lines: () => {
      const { stdout } = gateway;
      const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
      return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine]));
    },
  };
}

/** Which worker served the request of each of these answers, and from which pool; waits for the log. */
async function served(
  group: Group,
  path: string,
  count: number,
): Promise<readonly { worker: unknown; pool: unknown }[]> {
  const replies = await Promise.all(Array.from({ length: count }, () => group.http.send(path, { fresh: true })));
  const ids = new Set(replies.map(({ headers }) => headers['x-request-id']));
  const found = () => group.lines().filter(({ msg, requestId }) => msg === 'request' && ids.has(String(requestId)));
  await until(() => found().length === ids.size, 'a log line of each request');
  return found().map(({ worker, pool }) => ({ worker, pool }));
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const messagesOf = (group: Group, msg: string) => group.lines().filter((line) => line.msg === msg);

describe('a gateway of two workers', () => {
  it('is one gateway for whoever calls it, changes it, watches it and stops it', async (context) => {
    const group = await startGroup(context);
    const { http, admin, provider, file, lines } = group;

    await context.test('serves with both, and writes one log of whole lines', async () => {
      const callers = Array.from({ length: 16 }, async () => {
        for (let call = 0; call < 125; call++) assert.equal(await http.text('/a'), '"quick"');
      });
      await Promise.all(callers);
      const requests = () => lines().filter(({ msg }) => msg === 'request');
      await until(() => requests().length === 2_000, 'the lines of all requests');
      const workers = new Set(requests().map(({ worker }) => worker));
      assert.deepEqual([...workers].sort(), [1, 2]);
      assert.equal(messagesOf(group, 'listening')[0]!.workers, 2);
    });

    await context.test('has as many slots as are configured', async () => {
      const statuses: number[] = [];
      const replies: Promise<unknown>[] = [];
      const hold = async (count: number) => {
        const settled = statuses.length + count;
        const before = group.held();
        for (let call = 0; call < count; call++) {
          replies.push(http.send('/hold', { fresh: true }).then(({ status }) => statuses.push(status)));
        }
        await until(() => statuses.length + group.held() - before === settled, 'calls that hold a slot, or find none');
      };
      // Each worker has half of the slots, and connections come to them only roughly in turn.
      while (group.held() < SLOTS) await hold(20);
      await hold(20);
      assert.equal(group.held(), SLOTS);
      assert.deepEqual([...new Set(statuses)], [503]);
      const { pools } = await admin.json<{
        pools: { normal: { size: number; active: number; rejectedTotal: number } };
      }>('/admin/v1/bulkheads');
      const { size, active, rejectedTotal } = pools.normal;
      assert.deepEqual([size, active, rejectedTotal], [SLOTS, SLOTS, statuses.length]);
      group.letGo();
      await Promise.all(replies);
    });

    await context.test('leaves its workers alone when a signal is sent to all processes', async () => {
      const before = await group.workers();
      for (const { pid } of before)
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid!, signal);
      assert.equal((await served(group, '/a', 10)).length, 10);
      assert.deepEqual(await group.workers(), before);
    });

    await context.test('takes a change of the file in all workers, once, and without a lost call', async () => {
      let isOver = false;
      const failures: string[] = [];
      const callers = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const { status, text } = await http.send('/a');
          if (status !== 200) failures.push(text);
        }
      });
      put(file, configOf(provider, ['/a', '/b'], { log: { level: 'debug' } }));
      await until(() => messagesOf(group, 'configuration in force').length > 0, 'the change');
      const answers = await Promise.all(Array.from({ length: 10 }, () => http.send('/b', { fresh: true })));
      isOver = true;
      await Promise.all(callers);
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.deepEqual(failures, []);
      assert.equal(messagesOf(group, 'configuration in force').length, 1);
      const { generations } = await admin.json<{ generations: { number: number; source: string; state: string }[] }>(
        '/admin/v1/generations',
      );
      assert.deepEqual(
        generations.map(({ number, source }) => [number, source]),
        [
          [2, 'file'],
          [1, 'start'],
        ],
      );
    });

    await context.test('refuses what is wrong, and what is too little for its workers', async () => {
      put(file, configOf(provider, ['/c'], { bulkhead: { slow: { size: 1 } } }));
      const refused = () => messagesOf(group, 'configuration refused, the one before stays in force');
      await until(() => refused().length === 1, 'the refusal');
      assert.match(String(refused()[0]!.first), /slow\.size.*1.*less than server\.workers \(2\)/);
      const auto = { workers: 'auto', http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 } } as const;
      put(file, configOf(provider, ['/c'], { server: auto, bulkhead: { slow: { size: 1 } } }));
      await until(() => refused().length === 2, 'the second refusal');
      assert.match(String(refused()[1]!.first), /slow\.size: not enough to share among the 2 workers that run/);
      assert.equal((await http.send('/c', { fresh: true })).status, 404);
    });

    await context.test('says that another number of workers needs a restart', async () => {
      const server = { workers: 3, http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 } };
      put(file, configOf(provider, ['/a', '/b'], { server }));
      const warnings = () => messagesOf(group, 'a part of the configuration holds only after a restart');
      await until(() => warnings().length === 1, 'the warning');
      assert.deepEqual(warnings()[0]!.keys, ['server.workers']);
      assert.equal((await group.workers()).length, 2);
    });

    await context.test('has a method in quarantine in all workers that one worker found slow', async () => {
      // One connection, and so one worker; that has to see five of the ten time-outs.
      for (let call = 0; call < 5; call++) await http.send('/stuck');
      const found = () => messagesOf(group, 'method quarantined');
      await until(() => found().length > 0, 'the quarantine');
      const pools = await served(group, '/stuck', 8);
      assert.deepEqual([...new Set(pools.map(({ worker }) => worker))].sort(), [1, 2]);
      assert.ok(
        pools.every(({ pool }) => pool === 'slow' || pool === 'heartbeat'),
        JSON.stringify(pools),
      );
      assert.equal(found().length, 1, 'told once');
      const { events } = await admin.json<{ events: { method: string; to: string }[] }>('/admin/v1/bulkheads');
      assert.equal(events.length, 1);
    });

    await context.test('does the same for an operator, before he has his answer', async () => {
      const act = (action: string) =>
        admin.json<{ state: string }>(`/admin/v1/methods/${encodeURIComponent(STUCK_METHOD)}/${action}`, {
          method: 'POST',
          body: {},
        });
      for (let round = 0; round < 3; round++) {
        await act('release');
        assert.ok((await served(group, '/stuck', 2)).every(({ pool }) => pool === 'normal'));
        await act('quarantine');
        assert.ok((await served(group, '/stuck', 4)).every(({ pool }) => pool !== 'normal'));
      }
    });

    await context.test('replaces a worker that dies, with what is known of methods, and serves on', async () => {
      const before = await group.workers();
      const running = http.send('/hold', { fresh: true });
      await until(() => group.held() === 1, 'the running call');
      const [line] = await served(group, '/a', 1);
      // The worker that does not have the running call: the one that got the connection after it.
      const victim = before[Number(line!.worker) - 1]!;
      process.kill(victim.pid!, 'SIGKILL');
      await until(() => messagesOf(group, 'worker died').length === 1, 'the death');
      for (let call = 0; call < 10; call++) assert.equal(await http.text('/a', { fresh: true }), '"quick"');
      const after = await group.replaced(before);
      assert.equal(after[victim.worker - 1]!.restarts, 1);
      const { worker, signal, restartInMs } = messagesOf(group, 'worker died')[0]!;
      assert.deepEqual([worker, signal, restartInMs], [victim.worker, 'SIGKILL', 0]);
      const pools = await served(group, '/stuck', 8);
      assert.equal(new Set(pools.map((one) => one.worker)).size, 2);
      assert.ok(
        pools.every(({ pool }) => pool !== 'normal'),
        'the new worker knows of the quarantine',
      );
      assert.equal((await http.send('/b', { fresh: true })).status, 200, 'and has the configuration in force');
      process.kill(after[victim.worker - 1]!.pid!, 'SIGKILL');
      await until(() => messagesOf(group, 'worker died').length === 2, 'the second death');
      assert.equal(messagesOf(group, 'worker died')[1]!.restartInMs, 1_000);
      group.letGo();
      assert.equal((await running).text, '"held"');
      await group.replaced(after);
    });

    await context.test('replaces a worker whose event loop is stuck', async () => {
      const before = await group.workers();
      process.kill(before[1]!.pid!, 'SIGSTOP');
      const after = await group.replaced(before);
      assert.deepEqual([after[0]!.pid, after[1]!.restarts], [before[0]!.pid, before[1]!.restarts + 1]);
      assert.equal(isAlive(before[1]!.pid), false);
      assert.equal(messagesOf(group, 'worker gives no sign of life and is killed')[0]!.worker, 2);
      await until(
        async () => (await served(group, '/a', 6)).some(({ worker }) => worker === 2),
        'a request of its own',
      );
    });

    await context.test('lets running requests end, and ends with 0', async () => {
      const workers = await group.workers();
      const running = Array.from({ length: 4 }, () => http.send('/hold', { fresh: true }));
      await until(() => group.held() === 4, 'the running calls');
      group.process.child.kill('SIGTERM');
      await until(() => messagesOf(group, 'draining').length === 3, 'the drain of all processes');
      assert.equal((await admin.send('/readyz', { fresh: true })).status, 503);
      await assert.rejects(http.send('/a', { fresh: true }), { code: 'ECONNREFUSED' });
      group.letGo();
      for (const { status, text } of await Promise.all(running)) assert.deepEqual([status, text], [200, '"held"']);
      assert.equal(await group.process.ended(), 0);
      assert.equal(lines().at(-1)!.msg, 'stopped');
      assert.equal(group.process.stderr, '');
      assert.deepEqual(
        workers.filter(({ pid }) => isAlive(pid)),
        [],
      );
    });
  });

  it('takes no more connections than it may, and ends at once at the second signal, workers included', async (context) => {
    const limits = { maxConnections: 4 };
    const server = { workers: 2, limits, http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 } };
    const group = await startGroup(context, { server });
    const workers = await group.workers();
    // Beyond what all may have together a connection is closed, and not handed from one worker to the next.
    const connections = await Promise.all(Array.from({ length: 10 }, () => RawConnection.open(group.port)));
    const isClosed = (connection: RawConnection) => connection.isClosed;
    await until(() => connections.filter(isClosed).length >= 6, 'the end of those beyond the limit');
    for (const connection of connections) connection.destroy();
    const isTaken = async () => (await group.http.send('/a', { fresh: true }).catch(() => undefined))?.status === 200;
    await until(isTaken, 'room for others');
    const cut = assert.rejects(group.http.send('/hold'));
    await until(() => group.held() === 1, 'the running call');
    group.process.child.kill('SIGTERM');
    await until(() => messagesOf(group, 'draining').length > 0, 'the drain');
    group.process.child.kill('SIGTERM');
    assert.equal(await group.process.ended(), 143);
    await cut;
    await until(() => workers.every(({ pid }) => !isAlive(pid)), 'the end of all workers');
  });

  it('answers what it was asked when its primary is killed, and then ends', async (context) => {
    const group = await startGroup(context);
    const workers = await group.workers();
    const running = group.http.send('/hold');
    await until(() => group.held() === 1, 'the running call');
    const { child } = group.process;
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null, 'the end of the primary');
    await assert.rejects(group.http.send('/a', { fresh: true }), { code: 'ECONNREFUSED' });
    group.letGo();
    assert.equal((await running).text, '"held"');
    await until(() => workers.every(({ pid }) => !isAlive(pid)), 'the end of all workers');
  });

  it('says which port is in use, as one process does', async (context) => {
    const { provider } = await startShop(context);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    context.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const folder = mkdtempSync(join(tmpdir(), 'workers-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const said = async (server: GatewayConfigInput['server']) => {
      const file = join(folder, 'gateway.yaml');
      put(file, configOf(provider, [], { server: { ...server, workers: 2 } }));
      const gateway = startGatewayProcess(context, ['start', '--config', file]);
      return [await gateway.ended(), gateway.stderr];
    };
    const expected = [1, `cannot listen: the address 127.0.0.1:${port} is in use\n`];
    assert.deepEqual(await said({ http: { host: '127.0.0.1', port }, admin: { port: 0 } }), expected);
    assert.deepEqual(await said({ http: { host: '127.0.0.1', port: 0 }, admin: { port } }), expected);
  });
});
