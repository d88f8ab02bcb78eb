import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { runCli } from '../../src/cli/cli.ts';
import { CapturedTerminal } from '../support/captured-terminal.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { PATIENT } from '../support/gateway-under-test.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a-token-for-operators-only';
const KEY = 'com.acme.user.UserService:1.0.0:core#getUser(long)';

interface Running {
  readonly gateway: GatewayProcess;
  readonly url: string;
  readonly http: number;
}

interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

describe('sluice status and a gateway that runs', { concurrency: true }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const file = join(folder, 'gateway.yaml');
  let provider: MockProvider;
  before(async () => {
    provider = await startMockProvider();
    writeFileSync(file, configText(provider.address));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await provider.kill();
  });

  it('show the same state, which an operator changes', async (context) => {
    const { url, http } = await start(context);
    const caller = new HttpCaller(http);
    context.after(() => caller.close());
    assert.match((await sluice('status', '--url', url)).out, /^no method was called yet$/m);
    assert.equal((await caller.send('/users/42')).status, 200);
    const [healthy] = await methods(url, '--all');
    assert.deepEqual([healthy?.key, healthy?.state], [KEY, 'healthy']);
    assert.match((await sluice('status', '--url', url)).out, /^all 1 methods are healthy$/m);

    const quarantined = await sluice('method', 'quarantine', KEY, '--reason', 'checked by hand', '--url', url);
    assert.deepEqual([quarantined.code, quarantined.error], [0, '']);
    assert.match(quarantined.out, /^state +quarantined for \d+ s\nreason +checked by hand \(by operator\)$/m);
    const { out } = await sluice('status', '--url', url);
    assert.match(out, /^normal +0\/\d+ +\[\.+\] +0 +0$/m);
    assert.match(out, /^ADMISSION {2}in flight 0 \(0 B\), waiting 0, refused 0$/m);
    assert.ok(out.includes(`\n${KEY}  checked by hand (by operator)\n`), out);
    assert.match(out, /^\d\d:\d\d:\d\dZ +quarantined .*checked by hand \(by operator\)$/m);

    assert.match((await sluice('method', 'pin', KEY, '--url', url)).out, /^state +quarantined, pinned for/m);
    assert.match((await sluice('method', 'release', KEY, '--url', url)).out, /^state +healthy, pinned for/m);
    const [pinned] = await methods(url);
    assert.deepEqual([pinned?.state, pinned?.pinned], ['healthy', true]);
    assert.match((await sluice('method', 'unpin', KEY, '--url', url)).out, /^state +healthy for/m);
    assert.deepEqual(await methods(url), []);
  });

  it('name the nearest keys of an unknown one', async (context) => {
    const { url } = await start(context);
    const { code, out, error } = await sluice('method', 'pin', KEY.replace('getUser', 'getUsr'), '--url', url);
    assert.deepEqual([code, out], [1, '']);
    assert.match(error, /; did you mean\n/);
    assert.ok(error.includes(`\n  ${KEY}\n`), error);
  });

  it('say what is wrong with the token, and with the port', async (context) => {
    const { url, http } = await start(context);
    const wrong = await sluice('status', '--url', url, '--token', 'not-the-token-of-this-one');
    assert.deepEqual(wrong, { code: 1, out: '', error: `${url} refused the token\n` });
    const terminal = new CapturedTerminal();
    assert.equal(await runCli(['status', '--url', url], terminal), 1);
    assert.equal(terminal.errors, `${url} asks for a token: set SLUICE_ADMIN_TOKEN\n`);
    const other = await sluice('status', '--url', `http://127.0.0.1:${http}`);
    assert.deepEqual([other.code, other.out], [1, '']);
    assert.match(other.error, /is not the admin API of Sluice: it answered 404\n$/);
  });

  it('end by Ctrl-C with 0, after a gateway that went away', async (context) => {
    const { gateway, url } = await start(context);
    const watch = startGatewayProcess(context, watchWords(url));
    await until(() => watch.stdout.split('\n').length > 2, 'two lines');
    gateway.child.kill('SIGTERM');
    assert.equal(await gateway.ended(), 0);
    // A poll may be under way when the gateway goes; the next one finds nobody.
    const notice = `cannot reach ${url}: connection refused; trying again\n`;
    await until(() => watch.stderr.endsWith(notice), 'the notice');
    assert.ok(watch.stderr.startsWith(`cannot reach ${url}: `));
    watch.child.kill('SIGINT');
    assert.equal(await watch.ended(), 0);
    for (const line of watch.stdout.trimEnd().split('\n')) assert.deepEqual(JSON.parse(line).methods, []);
  });

  it('end with the reader of the pipe', async (context) => {
    const { url } = await start(context);
    const watch = startGatewayProcess(context, watchWords(url));
    await until(() => watch.stdout.includes('\n'), 'a line');
    watch.child.stdout!.destroy();
    assert.equal(await watch.ended(), 0);
    assert.equal(watch.stderr, '');
  });

  async function start(context: TestContext): Promise<Running> {
    const gateway = startGatewayProcess(context, ['start', '--config', file]);
    const { http, admin } = await gateway.listening();
    return { gateway, url: `http://127.0.0.1:${admin}`, http };
  }
});

function watchWords(url: string): readonly string[] {
  return ['status', '--watch', '--interval-ms', '100', '--url', url, '--token', TOKEN];
}

/** As an operator at a terminal has it. */
async function sluice(...words: string[]): Promise<Run> {
  const environment = { SLUICE_ADMIN_TOKEN: TOKEN };
  const terminal = new CapturedTerminal({ isTerminal: true, columns: 140, environment });
  const code = await runCli(words, terminal);
  return { code, out: terminal.output, error: terminal.errors };
}

/** The methods of `sluice status` as JSON. */
async function methods(url: string, ...words: string[]): Promise<{ key: string; state: string; pinned: boolean }[]> {
  return JSON.parse((await sluice('status', '--url', url, '--format', 'json', ...words)).out).methods;
}

function configText(address: string): string {
  return `server: { http: { host: 127.0.0.1, port: 0 }, admin: { port: 0, token: ${TOKEN} } }
defaults: ${JSON.stringify(PATIENT)}
services:
  users:
    interface: com.acme.user.UserService
    version: 1.0.0
    group: core
    providers: ["${address}"]
    methods: { getUser: { parameters: [long] } }
routes:
  - { id: get-user, match: { path: "/users/:id" }, call: { service: users, method: getUser, args: [path.id] } }
`;
}
