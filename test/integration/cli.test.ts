import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { runCli } from '../../src/cli/cli.ts';
import { CapturedTerminal, type Surroundings } from '../support/captured-terminal.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'sluice-test-'));
const FILE = join(FOLDER, 'my.yaml');

interface Run {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function sluice(words: readonly string[], surroundings: Surroundings = {}): Promise<Run> {
  const terminal = new CapturedTerminal({ relative: (path) => relative(FOLDER, path), ...surroundings });
  const code = await runCli(words, terminal);
  return { code, out: terminal.output, error: terminal.errors };
}

describe('sluice', () => {
  let provider: MockProvider;
  before(async () => {
    provider = await startMockProvider();
    writeFileSync(FILE, configText(provider.address));
  });
  after(async () => {
    rmSync(FOLDER, { recursive: true });
    await provider.kill();
  });

  describe('validate', () => {
    it('finds nothing wrong with a good file: exit code 0', async () => {
      assert.deepEqual(await sluice(['validate', '--config', FILE]), {
        code: 0,
        out: 'no errors in my.yaml\n',
        error: '',
      });
      assert.equal((await sluice(['validate', '-c', join(ROOT, 'config/gateway.yaml')])).code, 0);
      assert.equal((await sluice(['validate'], { environment: { SLUICE_CONFIG: FILE } })).code, 0);
    });

    it('shows each mistake with its place and the nearest right name: exit code 1', async () => {
      const file = join(FOLDER, 'typo.yaml');
      writeFileSync(
        file,
        configText(provider.address).replace('service: users', 'service: usres').replace('path.id', 'path.ip'),
      );
      const { code, out, error } = await sluice(['validate', '--config', file]);
      assert.deepEqual([code, error], [1, '']);
      assert.match(out, /^typo\.yaml:14:24 {2}error {2}.*usres.*did you mean "users"\?$/m);
      assert.match(out, /\n {3}14 \| .*usres/);
      assert.match(out, /errors? in typo\.yaml\n$/);
      const json = await sluice(['validate', '--config', file, '--format', 'json']);
      const report = JSON.parse(json.out) as { ok: boolean; errors: number; diagnostics: Record<string, unknown>[] };
      assert.deepEqual([json.code, report.ok, report.errors], [1, false, report.diagnostics.length]);
      const [first] = report.diagnostics;
      assert.deepEqual([first?.file, first?.line, first?.column, first?.suggestion], ['typo.yaml', 14, 24, 'users']);
    });

    it('takes warnings for errors with --strict', async () => {
      const file = join(FOLDER, 'warning.yaml');
      writeFileSync(file, configText(provider.address).replace('birth: Date', 'birth: java.util.Dat'));
      const relaxed = await sluice(['validate', '--config', file]);
      assert.deepEqual([relaxed.code, /warning/.test(relaxed.out)], [0, true]);
      assert.equal((await sluice(['validate', '--config', file, '--strict'])).code, 1);
    });

    it('says that a file is not there', async () => {
      const { code, out } = await sluice(['validate', '--config', join(FOLDER, 'none.yaml')]);
      assert.deepEqual([code, out.split('\n')[0]], [1, 'none.yaml  error  cannot be read: it does not exist']);
    });

    it('uses colours only on a terminal', async () => {
      const file = join(FOLDER, 'typo.yaml');
      assert.ok((await sluice(['validate', '--config', file], { color: true })).out.includes('\u001b[31m'));
      assert.ok(!(await sluice(['validate', '--config', file])).out.includes('\u001b'));
    });
  });

  describe('explain', () => {
    it('shows route, method, providers and each argument with its Java type and value', async () => {
      const { code, out, error } = await sluice(['explain', 'GET', '/users/42', '--config', FILE]);
      assert.deepEqual([code, error], [0, '']);
      for (const expected of [
        /route +get-user \(GET \/users\/:id\)/,
        /calls +com\.acme\.user\.UserService:1\.0\.0:core#getUser\(long\)/,
        /timeout +1000 ms/,
        new RegExp(`providers +${provider.address}`),
        /args\[0\] +path\.id +long +long 42/,
        new RegExp(`\\n${provider.address.slice('dubbo://'.length)} +100 +100 % +yes, picked\\n$`),
      ]) {
        assert.match(out, expected);
      }
    });

    it('takes headers and a body', async () => {
      const { code, out } = await sluice([
        ...['explain', 'PUT', '/users/42', '-c', FILE],
        ...['-H', 'x-tenant: acme', '-H', 'X-Trace: t1', '-d', '{"name":"Ada","birth":"1815-12-10"}'],
      ]);
      assert.equal(code, 0);
      assert.match(out, /attachments +tenant = header\.x-tenant/);
      assert.match(out, /com\.acme\.user\.User/);
      assert.match(out, /"id": long 42.*"birth": date 1815-12-10T00:00:00\.000Z/);
    });

    it('shows what the caller would get instead of a call: exit code 1', async () => {
      const expectations: readonly (readonly [words: string[], out: RegExp])[] = [
        [['GET', '/nothing'], /404 ROUTE_NOT_FOUND/],
        [['DELETE', '/users/42'], /405 METHOD_NOT_ALLOWED\.\nAllow: GET, HEAD, OPTIONS, PUT\n/],
        [['GET', '/users/abc'], /400:\n\{[\s\S]*"detail": "path\.id must be a long[\s\S]*"argument": "path\.id"/],
        [['PUT', '/users/1', '-d', '{"birth":"soon"}'], /"code": "REQUEST_INVALID"[\s\S]*"path": "\$\.birth"/],
        [['PUT', '/users/1', '-d', '{"birth":'], /"code": "REQUEST_JSON"/],
        [['PUT', '/users/1', '-d', '{"class":"x"}'], /"code": "REQUEST_CLASS_KEY"/],
        [['PUT', '/users/1'], /"detail": "body is required"/],
        [['GET', '/users/%zz'], /400 REQUEST_TARGET/],
      ];
      for (const [words, out] of expectations) {
        const run = await sluice(['explain', ...words, '--config', FILE]);
        assert.equal(run.code, 1, words.join(' '));
        assert.match(run.out, out);
      }
    });

    it('sends nothing', () => {
      assert.equal(provider.stats.connectionsOpened, 0);
    });
  });

  describe('routes', () => {
    it('lists the routes in their order, as a table or as JSON', async () => {
      const { code, out } = await sluice(['routes', '--config', FILE]);
      assert.equal(code, 0);
      const [head, ...lines] = out.trimEnd().split('\n');
      assert.match(head!, /^METHOD +PATH +ROUTE +CALLS +TIMEOUT +CONDITIONS$/);
      assert.equal(lines.length, 3);
      assert.match(
        lines[0]!,
        /^GET +\/users\/:id +get-user +com\.acme\.user\.UserService:1\.0\.0:core#getUser\(long\) +1000 ms$/,
      );
      assert.match(lines[2]!, /7000 ms +header x-debug$/);
      const json = JSON.parse((await sluice(['routes', '--config', FILE, '--json'])).out) as { id: string }[];
      assert.deepEqual(
        json.map(({ id }) => id),
        ['get-user', 'save-user', 'fail'],
      );
    });
  });

  describe('call', () => {
    it('prints the result', async () => {
      const { code, out, error } = await sluice(['call', 'users', 'getUser', '9007199254740993', '--config', FILE]);
      assert.deepEqual([code, error], [0, '']);
      assert.match(out, /"id":9007199254740993/);
      const saved = await sluice([
        'call',
        'users',
        'saveUser',
        '{"id":8,"name":"Ada","birth":"1815-12-10"}',
        '-c',
        FILE,
      ]);
      assert.match(saved.out, /"birth":"1815-12-10T00:00:00.000Z"/);
      assert.equal((await sluice(['call', 'types', 'voidCall', '-c', FILE])).out, 'null\n');
    });

    it('prints an error on the error output: exit code 1', async () => {
      const { code, out, error } = await sluice(['call', 'types', 'fail', '"checked"', '--config', FILE]);
      assert.deepEqual([code, out], [1, '']);
      assert.match(error, /"code": "PROVIDER_EXCEPTION"/);
      assert.match(error, /NotFoundException/);
      const wrong = await sluice(['call', 'users', 'getUser', '"x"', '--config', FILE]);
      assert.deepEqual([wrong.code, /must be a long/.test(wrong.error)], [1, true]);
      const late = await sluice(['call', 'types', 'sleep', '5000', '--timeout', '50', '--config', FILE]);
      assert.deepEqual([late.code, /PROVIDER_TIMEOUT/.test(late.error)], [1, true]);
    });

    it('says what is wrong with its words: exit code 2', async () => {
      const expectations: readonly (readonly [words: string[], error: RegExp])[] = [
        [[], /call takes a service and a method/],
        [['users'], /call takes a service and a method/],
        [['user', 'getUser', '1'], /no service called "user"; did you mean "users"\?/],
        [['users', 'getUsr', '1'], /no method of users called "getUsr"; did you mean "getUser"\?/],
        [['users', 'getUser'], /getUser takes 1 arguments \(long\), not 0/],
        [['users', 'getUser', '1', '2'], /not 2/],
        [['types', 'fail', 'checked'], /argument 1 is not JSON: checked \(text needs quotes: '"checked"'\)/],
        [['users', 'getUser', '1', '--timeout', 'soon'], /--timeout takes whole milliseconds, not "soon"/],
      ];
      for (const [words, error] of expectations) {
        const run = await sluice(['call', ...words, '--config', FILE]);
        assert.equal(run.code, 2, words.join(' '));
        assert.match(run.error, error);
      }
    });
  });

  describe('start', () => {
    it('says that a port is in use: exit code 1', async (context) => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      context.after(() => taken.close());
      const { port } = taken.address() as AddressInfo;
      const file = join(FOLDER, 'taken.yaml');
      const server = `server: { http: { host: 127.0.0.1, port: ${port} }, admin: { port: 0 } }\nlog: { level: silent }\n`;
      writeFileSync(file, server + configText(provider.address));
      const { code, error } = await sluice(['start', '--config', file]);
      assert.deepEqual([code, error], [1, `cannot listen: the address 127.0.0.1:${port} is in use\n`]);
    });

    it('does not start with a wrong configuration', async () => {
      const { code, out, error } = await sluice(['start', '--config', join(FOLDER, 'typo.yaml')]);
      assert.deepEqual([code, out], [1, '']);
      assert.match(error, /typo\.yaml:14:24/);
    });
  });

  describe('schema, version and help', () => {
    it('print what they are asked for', async () => {
      const schema = await sluice(['schema']);
      assert.equal(schema.code, 0);
      assert.deepEqual(
        JSON.parse(schema.out),
        JSON.parse(readFileSync(join(ROOT, 'config/gateway.schema.json'), 'utf8')),
      );
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
      for (const word of ['version', '--version', '-v']) {
        assert.equal((await sluice([word])).out, `sluice ${version} (node ${process.versions.node})\n`);
      }
      assert.deepEqual(JSON.parse((await sluice(['version', '--json'])).out), {
        sluice: version,
        node: process.versions.node,
      });
    });

    it('help names every command, and each command has its own with an example', async () => {
      for (const word of ['help', '--help', '-h']) {
        const { code, out } = await sluice([word]);
        assert.equal(code, 0);
        for (const command of [
          'start',
          'validate',
          'routes',
          'explain',
          'call',
          'status',
          'method',
          'schema',
          'version',
        ]) {
          assert.match(out, new RegExp(`^ {2}${command} `, 'm'));
        }
      }
      for (const command of ['start', 'validate', 'routes', 'explain', 'call', 'status', 'method', 'schema']) {
        const { code, out } = await sluice(['help', command]);
        assert.equal(code, 0);
        assert.match(out, new RegExp(`Usage: sluice ${command}[\\s\\S]*Examples?:[\\s\\S]*sluice ${command}`));
        assert.equal((await sluice([command, '--help'])).out, out);
      }
      assert.ok((await sluice(['help'], { color: true })).out.includes('\u001b[1m'));
      assert.ok(!(await sluice(['help'])).out.includes('\u001b'));
    });
  });

  it('says what it does not know, and the nearest right word: exit code 2', async () => {
    const expectations: readonly (readonly [words: string[], error: RegExp])[] = [
      [[], /Usage: sluice COMMAND/],
      [['validat'], /no command "validat"; did you mean "validate"\?/],
      [['help', 'strat'], /no command "strat"; did you mean "start"\?/],
      [['validate', '--confg', 'x'], /"validate" has no option --confg; did you mean --config\?/],
      [['validate', '--config'], /--config/],
      [['validate', '--config', FILE, '--format', 'xml'], /--format takes text or json, not "xml"/],
      [['validate'], /which configuration\? Give --config FILE/],
      [['explain', 'GET', '--config', FILE], /explain takes a method and a path/],
      [['explain', 'GET', 'users', '--config', FILE], /the path must start with "\/"/],
      [['explain', 'GET', '/users/1', '-H', 'nocolon', '--config', FILE], /a header is written as "name: value"/],
    ];
    for (const [words, error] of expectations) {
      const run = await sluice(words);
      assert.deepEqual([run.code, run.out], [2, ''], words.join(' '));
      assert.match(run.error, error);
    }
  });
});

function configText(address: string): string {
  return `services:
  users:
    interface: com.acme.user.UserService
    version: 1.0.0
    group: core
    providers: ["${address}"]
    methods: { getUser: { parameters: [long] }, saveUser: { parameters: [com.acme.user.User] } }
  types:
    interface: com.acme.types.TypesService
    providers: ["${address}"]
    methods: { fail: { parameters: [String], timeoutMs: 7000 }, voidCall: {}, sleep: { parameters: [int] } }
routes:
  - { id: get-user, match: { path: "/users/:id" },
      call: { service: users, method: getUser, args: [path.id] } }
  - id: save-user
    match: { method: PUT, path: "/users/:id" }
    call:
      service: users
      method: saveUser
      args: [{ merge: [body, { id: path.id }] }]
      attachments: { tenant: header.x-tenant }
  - id: fail
    match: { path: "/fail/:kind", headers: { x-debug: true } }
    call: { service: types, method: fail, args: [path.kind] }
types:
  com.acme.user.User: { id: long, birth: Date }
`;
}
