import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import { configAnswer, generationsAnswer, replacementAnswer } from '../../src/admin/answers/config-answers.ts';
import { checkConfig } from '../../src/config/check-config.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { startDemoShop } from '../support/demo-shop.ts';
import { type FollowingGateway, type FollowingOptions, startFollowing } from '../support/following-gateway.ts';
import { PATIENT } from '../support/gateway-under-test.ts';
import { statusAndCode } from '../support/http-caller.ts';
import { until } from '../support/until.ts';

const API = '/admin/v1';
const SECRET = 'hunter2-of-the-environment';

interface Managed extends FollowingGateway {
  readonly provider: MockProvider;
  readonly folder: string;
  /** The entity tag of what is served, in quotes. */
  tag(): Promise<string>;
}

function textOf(provider: MockProvider, paths: readonly string[], more: GatewayConfigInput = {}): string {
  return JSON.stringify({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    defaults: PATIENT,
    services: { shop: { interface: 'demo.Shop', providers: [provider.address], methods: { quick: {} } } },
    routes: paths.map((path) => ({ id: path.slice(1), match: { path }, call: { service: 'shop', method: 'quick' } })),
    ...more,
  } satisfies GatewayConfigInput);
}

async function manage(context: TestContext, options: Omit<FollowingOptions, 'environment'> = {}): Promise<Managed> {
  const { provider } = await startDemoShop(context);
  const environment = { SECRET };
  const started = await startFollowing(context, textOf(provider, ['/a']), { ...options, environment });
  const { admin, file } = started;
  const tag = async () => (await admin.send(`${API}/config`)).headers.etag!;
  return { ...started, provider, folder: dirname(file), tag };
}

function requestOf(text: string, ifMatch: string) {
  return { method: 'PUT', body: text, headers: { 'content-type': 'application/yaml', 'if-match': ifMatch } };
}

async function put({ admin }: Managed, text: string, ifMatch: string) {
  return replacementAnswer.parse(await admin.json(`${API}/config`, requestOf(text, ifMatch)));
}

function refusal({ admin }: Managed, text: string, ifMatch: string) {
  return admin.problem(`${API}/config`, requestOf(text, ifMatch));
}

async function generations({ admin }: Managed) {
  return generationsAnswer.parse(await admin.json(`${API}/generations`));
}

describe('a configuration that is put by the admin API', { concurrency: true }, () => {
  it('is written into its file with the mode it had, and served', async (context) => {
    const managed = await manage(context, { watchFiles: true });
    const { http, file, folder, provider, log } = managed;
    chmodSync(file, 0o640);
    const before = await managed.tag();
    assert.match(before, /^"[0-9a-f]{32}"$/);
    const text = `# by hand\n${textOf(provider, ['/a', '/b'])}\n`;
    const answer = await put(managed, text, before);
    assert.deepEqual(answer.changes.routes, { added: ['b'], removed: [], changed: [] });
    assert.deepEqual([answer.generation, answer.warnings], [2, []]);
    assert.equal(await http.json('/b'), 'quick');
    assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o7777], [text, 0o640]);
    assert.deepEqual(readdirSync(folder), ['gateway.yaml']);
    assert.equal(await managed.tag(), `"${answer.entityTag}"`);
    assert.notEqual(await managed.tag(), before);
    const seen = await generations(managed);
    assert.deepEqual(
      seen.generations.map(({ number, source, routes, services, state }) => [number, source, routes, services, state]),
      [
        [2, 'admin', 2, 1, 'serving'],
        [1, 'start', 1, 1, 'gone'],
      ],
    );
    assert.deepEqual([seen.lastReload?.source, seen.lastReload?.successful], ['admin', true]);
    const operated = log.lines.filter(({ msg }) => msg === 'operator');
    assert.deepEqual(
      operated.map(({ action, generation }) => [action, generation]),
      [['replace-config', 2]],
    );
    const later = await put(managed, textOf(provider, ['/a']), await managed.tag());
    assert.deepEqual([later.generation, (await http.send('/b')).status], [3, 404]);
  });

  it('is refused where it is not the one that was looked at, or none is named', async (context) => {
    const managed = await manage(context);
    const { admin, file, provider } = managed;
    const first = await managed.tag();
    const text = textOf(provider, ['/a', '/b']);
    await put(managed, text, first);
    const late = await refusal(managed, textOf(provider, ['/c']), first);
    assert.equal(statusAndCode(late), '412 PRECONDITION_FAILED');
    assert.equal(`"${(late as unknown as { entityTag: string }).entityTag}"`, await managed.tag());
    const blind = { method: 'PUT', body: text, headers: { 'content-type': 'application/yaml' } };
    assert.equal(statusAndCode(await admin.problem(`${API}/config`, blind)), '428 PRECONDITION_REQUIRED');
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.equal((await generations(managed)).generations.length, 2);
  });

  it('comes from one of two at once', async (context) => {
    const managed = await manage(context);
    const { http, admin, file, provider } = managed;
    const tag = await managed.tag();
    const texts = ['/b', '/c', '/d'].map((path) => textOf(provider, ['/a', path]));
    const replies = await Promise.all(texts.map((text) => admin.send(`${API}/config`, requestOf(text, tag))));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412, 412]);
    const won = replies.findIndex(({ status }) => status === 200);
    assert.equal(readFileSync(file, 'utf8'), texts[won]);
    assert.equal(await http.json(['/b', '/c', '/d'][won]!), 'quick');
  });

  it('changes nothing where it is wrong, and all that is wrong is in the answer', async (context) => {
    const managed = await manage(context);
    const { http, file, folder, provider } = managed;
    const [tag, before] = [await managed.tag(), readFileSync(file, 'utf8')];
    const wrong = 'log: { levl: info }\ndefaults:\n  timeoutMs: soon\n';
    const problem = await refusal(managed, wrong, tag);
    assert.equal(statusAndCode(problem), '422 CONFIG_INVALID');
    const { diagnostics } = problem as unknown as { diagnostics: { line: number; column: number; path: string }[] };
    assert.deepEqual(
      diagnostics.map(({ line, column, path }) => [line, column, path]),
      [
        [1, 8, 'log.levl'],
        [3, 14, 'defaults.timeoutMs'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(problem), /tmp/);
    const masked = textOf(provider, ['/a']).replace('"port":0}', '"port":0,"token":"***"}');
    assert.equal((await refusal(managed, masked, tag)).code, 'CONFIG_INVALID');
    const shown = textOf(provider, ['/a'], { defaults: { application: '***' } });
    assert.match(JSON.stringify(await refusal(managed, shown, tag)), /"path":"defaults.application".*secret/);
    assert.equal((await refusal(managed, ' ', tag)).code, 'REQUEST_INVALID');
    assert.deepEqual([readFileSync(file, 'utf8'), readdirSync(folder)], [before, ['gateway.yaml']]);
    assert.equal(await managed.tag(), tag);
    assert.equal(await http.json('/a'), 'quick');
    assert.equal((await generations(managed)).generations.length, 1);
  });

  it('is read with the environment of the gateway, and shows no value of it', async (context) => {
    const managed = await manage(context);
    const { admin, provider } = managed;
    const text = textOf(provider, ['/a'], { defaults: { application: `\${SECRET}` } });
    await put(managed, text, await managed.tag());
    const config = configAnswer.parse(await admin.json(`${API}/config`));
    assert.equal((config.defaults as { application: string }).application, '***');
    const unset = textOf(provider, ['/a'], { defaults: { application: `\${UNSET_HERE}` } });
    assert.match(JSON.stringify(await refusal(managed, unset, '*')), /UNSET_HERE is not set/);
    await generations(managed);
    assert.doesNotMatch(admin.answered.join(), new RegExp(SECRET));
  });

  it('does not overwrite what somebody has written into the file meanwhile, unless it is told to', async (context) => {
    const managed = await manage(context);
    const { http, gateway, file, provider } = managed;
    const tag = await managed.tag();
    writeFileSync(file, 'routes: [');
    const problem = await refusal(managed, textOf(provider, ['/b']), tag);
    assert.equal(statusAndCode(problem), '412 PRECONDITION_FAILED');
    assert.equal(readFileSync(file, 'utf8'), 'routes: [');
    await gateway.reload('signal');
    const { lastReload } = await generations(managed);
    assert.deepEqual([lastReload?.source, lastReload?.successful], ['signal', false]);
    assert.deepEqual([lastReload?.errors[0]?.file, lastReload?.errors[0]?.line], ['gateway.yaml', 1]);
    await put(managed, textOf(provider, ['/b']), '*');
    assert.equal(await http.json('/b'), 'quick');
    assert.equal((await generations(managed)).lastReload?.successful, true);
  });

  it('has to be one file that may be replaced', async (context) => {
    const cases: readonly (readonly [(file: string) => string, RegExp])[] = [
      [(file) => join(file, '..'), /directory of several files/],
      [
        (file) => {
          renameSync(file, `${file}.real`);
          symlinkSync('gateway.yaml.real', file);
          return file;
        },
        /link, as in a ConfigMap/,
      ],
      [
        (file) => {
          chmodSync(file, 0o444);
          return file;
        },
        /read-only/,
      ],
    ];
    for (const [place, words] of cases) {
      const managed = await manage(context, { place });
      const problem = await refusal(managed, textOf(managed.provider, ['/b']), await managed.tag());
      assert.equal(statusAndCode(problem), '409 CONFIG_READ_ONLY');
      assert.match(problem.detail, words);
      assert.equal(await managed.http.json('/a'), 'quick');
    }
  });

  it('cannot stand in for one that the program around the gateway gave', async (context) => {
    const managed = await manage(context);
    const { gateway, provider, admin } = managed;
    const fromFile = await managed.tag();
    const { config } = checkConfig(JSON.parse(textOf(provider, ['/a', '/given'])));
    await gateway.replace(config!);
    const given = await managed.tag();
    assert.notEqual(given, fromFile);
    assert.equal(await managed.tag(), given);
    assert.equal((await generations(managed)).generations[0]?.source, 'application');
    assert.equal(statusAndCode(await refusal(managed, textOf(provider, ['/b']), given)), '409 CONFIG_READ_ONLY');
    assert.equal((await admin.send(`${API}/config`)).status, 200);
  });

  it('is not read again for the change of the file that it was', async (context) => {
    const managed = await manage(context, { watchFiles: true });
    const { log, provider, admin, file } = managed;
    await put(managed, textOf(provider, ['/a', '/b']), await managed.tag());
    const reloads = async () =>
      /^sluice_config_reloads_total\{outcome="successful"\} (\d+)$/m.exec(await admin.text('/metrics'))?.[1];
    assert.equal(await reloads(), '1');
    writeFileSync(file, textOf(provider, ['/a', '/b', '/c']));
    await until(() => log.lines.filter(({ msg }) => msg === 'configuration in force').length === 2, 'the change');
    assert.equal(await reloads(), '2');
  });
});
