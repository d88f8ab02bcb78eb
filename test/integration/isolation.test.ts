import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { runCli } from '../../src/cli/cli.ts';
import { ConfigError, createGateway, type Gateway, type GatewayConfigInput } from '../../src/index.ts';
import { CapturedTerminal } from '../support/captured-terminal.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { HttpCaller } from '../support/http-caller.ts';

/** The tags of routes, by their ids. */
type RouteTags = Readonly<Record<string, readonly string[]>>;

/** One configuration for several clusters, in a file. */
async function shared(context: TestContext, tags: RouteTags) {
  const provider = await startMockProvider();
  context.after(() => provider.kill());
  const folder = mkdtempSync(join(tmpdir(), 'isolation-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  const configOf = (byRoute: RouteTags, level: 'info' | 'silent' = 'silent'): GatewayConfigInput => ({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 } },
    log: { level },
    services: Object.fromEntries(
      Object.keys(byRoute).map((id) => [
        id,
        { interface: `demo.${id}`, providers: [provider.address], methods: { m: {} } },
      ]),
    ),
    routes: Object.entries(byRoute).map(([id, own]) => ({
      id,
      tags: [...own],
      match: { path: `/${id}` },
      call: { service: id, method: 'm' },
    })),
  });
  const put = (byRoute: RouteTags, level?: 'info') => writeFileSync(file, JSON.stringify(configOf(byRoute, level)));
  put(tags);
  return { file, put, configOf };
}

async function serve(context: TestContext, gateway: Gateway): Promise<HttpCaller> {
  const server = createServer(gateway.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const caller = new HttpCaller((server.address() as AddressInfo).port);
  context.after(async () => {
    caller.close();
    server.close();
    await gateway.stop();
  });
  return caller;
}

/** The routes that are served, of these. */
async function servedOf(http: HttpCaller, ids: readonly string[]): Promise<string[]> {
  const statuses = await Promise.all(ids.map(async (id) => (await http.send(`/${id}`)).status));
  return ids.filter((_, index) => statuses[index] !== 404);
}

const TAGS = { order: ['trade'], price: ['trade', 'catalogue'], ping: [] };

describe('a gateway for a part of the routes', () => {
  it('serves those with a tag, or those without it', async (context) => {
    const { file, configOf } = await shared(context, TAGS);
    const ids = Object.keys(TAGS);
    const only = await serve(context, createGateway({ config: file, watch: false, only: ['trade'] }));
    assert.deepEqual(await servedOf(only, ids), ['order', 'price']);
    const except = await serve(context, createGateway({ config: configOf(TAGS), except: ['trade'] }));
    assert.deepEqual(await servedOf(except, ids), ['ping']);
    const both = { config: configOf(TAGS), only: ['trade'], except: ['catalogue'] };
    assert.deepEqual(await servedOf(await serve(context, createGateway(both)), ids), ['order']);
  });

  it('goes on to do so when the configuration changes', async (context) => {
    const { file, put, configOf } = await shared(context, TAGS);
    const gateway = createGateway({ config: file, watch: false, only: ['trade'] });
    const http = await serve(context, gateway);
    const more = { ...TAGS, refund: ['trade'], offer: ['catalogue'] };
    put(more);
    await gateway.reload();
    assert.deepEqual(await servedOf(http, Object.keys(more)), ['order', 'price', 'refund']);
    put({ order: ['trad'], ping: [] });
    await assert.rejects(gateway.reload(), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /only: no route has the tag "trade".*"trad"/s);
      return true;
    });
    assert.deepEqual(
      await servedOf(http, Object.keys(more)),
      ['order', 'price', 'refund'],
      'what was in force stays so',
    );
    await gateway.reload(configOf({ order: ['trade'], ping: [] }));
    assert.deepEqual(await servedOf(http, Object.keys(more)), ['order']);
  });

  it('is not started for a tag that no route has', async (context) => {
    const { file, configOf } = await shared(context, TAGS);
    for (const config of [file, configOf(TAGS)]) {
      assert.throws(() => createGateway({ config, watch: false, except: ['catalog'] }), ConfigError);
    }
    const terminal = new CapturedTerminal();
    assert.equal(await runCli(['start', '--config', file, '--only', 'trade', '--except', 'catalog'], terminal), 1);
    assert.match(terminal.errors, /except: no route has the tag "catalog"; did you mean "catalogue"\?/);
  });

  it('is started by flags', async (context) => {
    const { file, put } = await shared(context, TAGS);
    put(TAGS, 'info');
    const words = [
      'start',
      '--config',
      file,
      '--no-watch',
      '--only',
      'catalogue',
      '--only',
      'trade',
      '--except',
      'catalogue',
    ];
    const process = startGatewayProcess(context, words);
    const http = new HttpCaller((await process.listening()).http);
    context.after(() => http.close());
    assert.deepEqual(await servedOf(http, Object.keys(TAGS)), ['order']);
    process.child.kill('SIGTERM');
    assert.equal(await process.ended(), 0);
  });
});
