import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import type { CapturedLog } from '../support/captured-log.ts';
import { type DemoShop, startDemoShop } from '../support/demo-shop.ts';
import { type FollowingGateway, type FollowingOptions, startFollowing } from '../support/following-gateway.ts';
import { replaceFile } from '../support/replace-file.ts';
import { until } from '../support/until.ts';

interface Followed extends DemoShop, FollowingGateway {
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
}

/** The configuration of these tests, with further routes by path. */
function configOf(provider: MockProvider, paths: readonly string[], more: GatewayConfigInput = {}): GatewayConfigInput {
  return {
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    defaults: { timeoutMs: 30_000 },
    services: {
      shop: { interface: 'demo.Shop', providers: [provider.address], methods: { quick: {}, hold: {} } },
    },
    routes: [
      { id: 'hold', match: { path: '/hold' }, call: { service: 'shop', method: 'hold' } },
      ...paths.map((path) => ({ id: path.slice(1), match: { path }, call: { service: 'shop', method: 'quick' } })),
    ],
    ...more,
  };
}

function put(file: string, config: GatewayConfigInput): void {
  replaceFile(file, JSON.stringify(config));
}

async function follow(
  context: TestContext,
  { watchFiles = true, ...options }: Omit<FollowingOptions, 'environment'> = {},
): Promise<Followed> {
  const shop = await startDemoShop(context);
  const first = JSON.stringify(configOf(shop.provider, ['/a']));
  const started = await startFollowing(context, first, { watchFiles, ...options });
  const { admin } = started;
  const metric = async (name: string) => {
    const text = await admin.text('/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  return { ...shop, ...started, metric };
}

const messagesOf = (log: CapturedLog) => log.lines.map(({ msg }) => msg);
const inForce = (log: CapturedLog) => messagesOf(log).filter((msg) => msg === 'configuration in force').length;

describe('a configuration whose file changes', () => {
  it('takes effect while requests are served, and none of them fails', async (context) => {
    const { http, log, provider, file, metric } = await follow(context);
    let isOver = false;
    const failures: string[] = [];
    let answered = 0;
    const callers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const { status, text } = await http.send('/a');
        answered++;
        if (status !== 200 || text !== '"quick"') failures.push(`${status} ${text}`);
      }
    });
    for (let change = 1; change <= 4; change++) {
      const more = { bulkhead: { normal: { size: 1_000 + change } }, defaults: { timeoutMs: 30_000 + (change % 2) } };
      put(file, configOf(provider, ['/a', `/new-${change}`], more));
      await until(() => inForce(log) === change, `change ${change} in force`);
      assert.equal(await http.json(`/new-${change}`), 'quick');
      if (change > 1) assert.equal((await http.send(`/new-${change - 1}`)).status, 404);
    }
    isOver = true;
    await Promise.all(callers);
    assert.deepEqual(failures, []);
    assert.ok(answered > 100, `${answered} calls were made`);
    assert.equal(provider.connections.length, 1);
    assert.equal(provider.connections[0]!.number, 1, 'the connection of the first call is the only one there ever was');
    assert.equal(await metric('sluice_config_generation'), 5);
    assert.equal(await metric('sluice_bulkhead_size\\{pool="normal"\\}'), 1_004);
    assert.equal(await metric('sluice_config_last_reload_successful'), 1);
  });

  it('leaves requests in flight to the configuration they began with', async (context) => {
    const { http, log, provider, file, letGo, held, metric } = await follow(context);
    const running = http.json('/hold');
    await until(() => held() === 1, 'the call is running');
    const { routes, ...rest } = configOf(provider, ['/a']);
    put(file, { ...rest, services: {}, routes: [] });
    await until(() => inForce(log) === 1, 'the change in force');
    assert.ok(routes);
    assert.equal((await http.send('/hold')).status, 404);
    assert.equal(await metric('sluice_config_draining_generations'), 1);
    assert.equal(provider.connections.length, 1, 'the call still needs its connection');
    letGo();
    assert.equal(await running, 'held');
    await until(() => provider.connections.length === 0, 'the connection nobody needs is closed');
    assert.equal(await metric('sluice_config_draining_generations'), 0);
  });

  it('keeps what is known of methods', async (context) => {
    const { http, admin, log, provider, file } = await follow(context);
    const key = encodeURIComponent('demo.Shop#quick()');
    await http.json('/a');
    const quarantined = await admin.send(`/admin/v1/methods/${key}/quarantine`, { method: 'POST', body: {} });
    assert.equal(quarantined.status, 200);
    put(file, configOf(provider, ['/a', '/b'], { defaults: { timeoutMs: 20_000 } }));
    await until(() => inForce(log) === 1, 'the change in force');
    const { state } = JSON.parse((await admin.send(`/admin/v1/methods/${key}`)).text) as { state: string };
    assert.equal(state, 'quarantined');
  });

  it('changes nothing where it is wrong, and says what is wrong once', async (context) => {
    const { gateway, http, log, provider, file, metric } = await follow(context);
    const wrong = configOf(provider, ['/a', '/b']);
    put(file, { ...wrong, routes: [{ id: 'x', match: { path: '/x' }, call: { service: 'shopp', method: 'quick' } }] });
    const refused = () => log.lines.filter(({ msg }) => String(msg).startsWith('configuration refused'));
    await until(() => refused().length === 1, 'the refusal');
    const [first] = refused()[0]!.first as string[];
    assert.match(first!, /gateway\.yaml:1:\d+: routes\[0\]\.call\.service: .*shopp/);
    assert.equal(await http.json('/a'), 'quick');
    assert.equal(await metric('sluice_config_last_reload_successful'), 0);
    assert.equal(await metric('sluice_config_generation'), 1);
    const outcome = await gateway.reload('signal');
    assert.equal(outcome.changes, undefined);
    assert.equal(refused().length, 2, 'who asks is told again');
    put(file, configOf(provider, ['/a', '/b']));
    await until(() => inForce(log) === 1, 'the good one in force');
    assert.equal(await metric('sluice_config_last_reload_successful'), 1);
  });

  it('is read once for changes that follow each other closely', async (context) => {
    const { http, log, provider, file, metric } = await follow(context);
    for (let change = 1; change <= 10; change++) put(file, configOf(provider, ['/a', `/burst-${change}`]));
    await until(() => inForce(log) > 0, 'a change in force');
    assert.equal(await http.json('/burst-10'), 'quick');
    assert.equal(await metric('sluice_config_generation'), 2);
  });

  it('is seen when links are swapped, as Kubernetes does it', async (context) => {
    let swap = (_config: GatewayConfigInput): void => {};
    const followed = await follow(context, {
      place: (file) => {
        const folder = join(file, '..', 'mounted');
        mkdirSync(join(folder, '..1'), { recursive: true });
        renameSync(file, join(folder, '..1', 'gateway.yaml'));
        symlinkSync('..1', join(folder, '..data'));
        symlinkSync(join('..data', 'gateway.yaml'), join(folder, 'gateway.yaml'));
        let version = 1;
        swap = (config) => {
          version++;
          mkdirSync(join(folder, `..${version}`));
          writeFileSync(join(folder, `..${version}`, 'gateway.yaml'), JSON.stringify(config));
          symlinkSync(`..${version}`, join(folder, '..data_tmp'));
          renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
          rmSync(join(folder, `..${version - 1}`), { recursive: true });
        };
        return join(folder, 'gateway.yaml');
      },
    });
    const { http, log, provider } = followed;
    for (const change of [1, 2]) {
      swap(configOf(provider, ['/a', `/swapped-${change}`]));
      await until(() => inForce(log) === change, `swap ${change} in force`);
      assert.equal(await http.json(`/swapped-${change}`), 'quick');
    }
  });

  it('is seen also where it came between the reading and the start', async (context) => {
    const { http, log } = await follow(context, {
      meanwhile: (file) => replaceFile(file, readFileSync(file, 'utf8').replace('"/a"', '"/meanwhile"')),
    });
    await until(() => inForce(log) === 1, 'the change in force');
    assert.equal(await http.json('/meanwhile'), 'quick');
  });

  it('serves on when its file is gone', async (context) => {
    const { http, log, provider, file } = await follow(context);
    unlinkSync(file);
    await until(() => messagesOf(log).some((msg) => String(msg).startsWith('configuration refused')), 'the refusal');
    assert.equal(await http.json('/a'), 'quick');
    put(file, configOf(provider, ['/a', '/back']));
    await until(() => inForce(log) === 1, 'the file is back');
    assert.equal(await http.json('/back'), 'quick');
  });

  it('is served as soon as the secret is there that it names', async (context) => {
    const { http, log, provider, file } = await follow(context);
    const secret = join(dirname(file), 'token');
    const { services, ...rest } = configOf(provider, ['/a', '/b']);
    put(file, { ...rest, services: { shop: { ...services!.shop!, token: `\${file:${secret}}` } } });
    await until(() => log.lines.some(({ level }) => level === 'error'), 'the change refused');
    assert.equal((await http.send('/b')).status, 404);
    writeFileSync(secret, 's3cret');
    await until(() => inForce(log) === 1, 'the change in force');
    assert.equal(await http.json('/b'), 'quick');
  });

  it('is read on demand only, where nobody watches', async (context) => {
    const { gateway, http, provider, file } = await follow(context, { watchFiles: false });
    put(file, configOf(provider, ['/a', '/b']));
    assert.equal((await http.send('/b')).status, 404);
    const [one, other] = await Promise.all([gateway.reload('signal'), gateway.reload('signal')]);
    assert.deepEqual(one.changes?.routes, { added: ['b'], removed: [], changed: [] });
    assert.deepEqual(other.changes?.routes, { added: [], removed: [], changed: [] });
    assert.equal(await http.json('/b'), 'quick');
  });

  it('says which keys hold only after a restart', async (context) => {
    const { gateway, log, provider, file } = await follow(context, { watchFiles: false });
    const { server, ...rest } = configOf(provider, ['/a']);
    put(file, { ...rest, server: { ...server, http: { host: '127.0.0.1', port: 1 } } });
    const { changes } = await gateway.reload('signal');
    assert.deepEqual(changes?.restartRequired, ['server.http.port']);
    assert.ok(log.lines.some(({ keys }) => JSON.stringify(keys) === '["server.http.port"]'));
  });
});
