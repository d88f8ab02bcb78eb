import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { ConfigError, createGateway, type Gateway, type GatewayConfigInput } from '../../src/index.ts';
import { startDemoShop } from '../support/demo-shop.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { HttpCaller, statusAndCode } from '../support/http-caller.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

/** Longer than anything here is waited for. */
const LONG_MS = 60_000;
const DRAIN_TIMEOUT_MS = 300;

describe('a gateway in a process of its own', { concurrency: true }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  after(() => rmSync(folder, { recursive: true }));

  it('at SIGTERM is not ready, lets running requests end, and exits with 0', async (context) => {
    const { provider, held, letGo } = await startDemoShop(context);
    const gateway = startGatewayProcess(context, ['start', '--config', configFile('term', provider)]);
    const { http, admin } = await gateway.listening();
    const [caller, health] = [new HttpCaller(http), new HttpCaller(admin)];
    assert.equal(await health.text('/healthz', { fresh: true }), '{"status":"ok"}');
    assert.equal(await health.text('/readyz', { fresh: true }), '{"status":"ready"}');
    const running = [1, 2, 3].map(() => caller.send('/hold'));
    const idle = await RawConnection.open(http);
    context.after(() => idle.destroy());
    await until(() => held() === 3, 'the running calls');
    gateway.child.kill('SIGTERM');
    await until(() => gateway.stdout.includes('"draining"'), 'the drain');
    const notReady = await health.send('/readyz', { fresh: true });
    assert.deepEqual([notReady.status, notReady.text], [503, '{"status":"not ready"}']);
    await assert.rejects(caller.send('/hold', { fresh: true }), { code: 'ECONNREFUSED' });
    letGo();
    for (const { status, headers, text } of await Promise.all(running)) {
      assert.deepEqual([status, headers.connection, text], [200, 'close', '"held"']);
    }
    assert.equal(await gateway.ended(), 0, 'long before its time to drain is over');
    assert.ok(idle.isClosed);
    const messages = gateway.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    assert.equal(messages.at(-1), 'stopped');
    assert.equal(messages.filter((msg) => msg === 'request').length, 3);
    assert.equal(gateway.stderr, '');
  });

  it('ends at once at the second signal', async (context) => {
    const { provider, held } = await startDemoShop(context);
    const gateway = startGatewayProcess(context, ['start', '--config', configFile('second', provider)]);
    const { http } = await gateway.listening();
    const running = new HttpCaller(http).send('/hold');
    const cut = assert.rejects(running, { code: 'ECONNRESET' });
    await until(() => held() === 1, 'the running call');
    gateway.child.kill('SIGINT');
    await until(() => gateway.stdout.includes('"draining"'), 'the drain');
    gateway.child.kill('SIGINT');
    assert.equal(await gateway.ended(), 130, 'long before its time to drain is over');
    await cut;
  });

  function configFile(name: string, { address }: MockProvider): string {
    const file = join(folder, `${name}.yaml`);
    const config: GatewayConfigInput = {
      server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: LONG_MS },
      defaults: { timeoutMs: LONG_MS },
      services: { shop: { interface: 'demo.Shop', providers: [address], methods: { hold: {} } } },
      routes: [{ id: 'hold', match: { path: '/hold' }, call: { service: 'shop', method: 'hold' } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }
});

describe('a gateway inside another program', { concurrency: true }, () => {
  it('serves the requests of any server by its callback', async (context) => {
    const { provider, gateway } = await startEmbedded(context);
    const server = createServer((request, response) => {
      if (request.url === '/own') response.end('own');
      else gateway.callback()(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.closeAllConnections());
    context.after(() => server.close());
    const caller = new HttpCaller((server.address() as AddressInfo).port);
    context.after(() => caller.close());
    assert.equal(await caller.text('/own'), 'own');
    assert.equal(await caller.text('/sleep/1'), '1');
    assert.equal(statusAndCode(await caller.problem('/sleep/x')), '400 REQUEST_INVALID');
    assert.equal((await caller.problem('/nothing')).code, 'ROUTE_NOT_FOUND');
    await gateway.stop();
    assert.equal(statusAndCode(await caller.problem('/sleep/1')), '503 GATEWAY_STOPPING');
    assert.equal(provider.stats.requests, 1);
  });

  it('starts, serves, stops, and stops again without harm', async (context) => {
    const { gateway } = await startEmbedded(context);
    const { http, admin } = await gateway.start();
    const [caller, health] = [new HttpCaller(http.port), new HttpCaller(admin.port)];
    assert.equal(await caller.text('/sleep/1', { fresh: true }), '1');
    assert.equal((await health.send('/readyz', { fresh: true })).status, 200);
    await Promise.all([gateway.stop(), gateway.stop()]);
    await gateway.stop();
    await assert.rejects(caller.send('/sleep/1', { fresh: true }), { code: 'ECONNREFUSED' });
    await assert.rejects(health.send('/readyz', { fresh: true }), { code: 'ECONNREFUSED' });
  });

  it('gives a request up with GATEWAY_STOPPING when the time to drain is over', async (context) => {
    const { provider, gateway } = await startEmbedded(context);
    const { http } = await gateway.start();
    const running = new HttpCaller(http.port).problem(`/sleep/${2 * LONG_MS}`);
    await until(() => provider.calls.length === 1, 'the running call');
    const stoppedMs = performance.now();
    await gateway.stop();
    assert.ok(performance.now() - stoppedMs >= DRAIN_TIMEOUT_MS);
    assert.equal(statusAndCode(await running), '503 GATEWAY_STOPPING');
  });

  it('takes neither port when one is in use', async (context) => {
    const { provider, gateway } = await startEmbedded(context);
    const { http } = await gateway.start();
    const second = createGateway({ config: { ...config(provider, http.port), log: { level: 'silent' } } });
    await assert.rejects(second.start(), { code: 'EADDRINUSE' });
    await second.stop();
  });

  it('throws a ConfigError that names everything that is wrong', () => {
    const wrong = {
      services: {
        users: {
          interface: 'com.acme.UserService',
          providers: ['http://x'],
          methods: { get: { parameters: ['lng'] } },
        },
      },
      routes: [
        { id: 'a', match: { path: '/a' }, call: { service: 'user', method: 'get', args: ['path.id'] } },
        { id: 'a', match: { path: 'b' }, call: { service: 'users', method: 'gett' } },
      ],
      extra: 1,
    };
    assert.throws(
      () => createGateway({ config: wrong as GatewayConfigInput }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        const paths = error.diagnostics.filter(({ severity }) => severity === 'error').map(({ path }) => path);
        for (const path of [
          'extra',
          'services.users.providers[0]',
          'routes[0].call.service',
          'routes[1].match.path',
          'routes[1].call.method',
        ]) {
          assert.ok(paths.includes(path), `${path} in ${paths.join(', ')}`);
        }
        assert.match(error.message, /users/);
        return true;
      },
    );
  });
});

describe('the admin port', () => {
  it('knows health and readiness, and nothing else', async (context) => {
    const { gateway } = await startEmbedded(context);
    const { admin } = await gateway.start();
    const health = new HttpCaller(admin.port);
    context.after(() => health.close());
    const { headers, text } = await health.send('/readyz?verbose');
    assert.deepEqual([headers['cache-control'], JSON.parse(text).status], ['no-store', 'ready']);
    assert.equal((await health.problem('/sleep/1')).code, 'ROUTE_NOT_FOUND');
    assert.equal((await health.problem('/healthz', { method: 'POST', body: {} })).code, 'METHOD_NOT_ALLOWED');
  });
});

async function startEmbedded(context: TestContext): Promise<{ provider: MockProvider; gateway: Gateway }> {
  const provider = await startMockProvider();
  const gateway = createGateway({
    config: { ...config(provider), log: { level: 'silent' } },
  });
  context.after(async () => {
    await gateway.stop();
    await provider.kill();
  });
  return { provider, gateway };
}

function config(provider: MockProvider, port = 0): GatewayConfigInput {
  return {
    server: { http: { host: '127.0.0.1', port }, admin: { port: 0 }, drainTimeoutMs: DRAIN_TIMEOUT_MS },
    defaults: { timeoutMs: LONG_MS },
    services: { types: typesService(provider.address, { methods: { sleep: { parameters: ['int'] } } }) },
    routes: [
      { id: 'sleep', match: { path: '/sleep/:ms' }, call: { service: 'types', method: 'sleep', args: ['path.ms'] } },
    ],
  };
}
