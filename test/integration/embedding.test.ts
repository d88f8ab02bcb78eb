import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { builtLibrary } from '../support/built-package.ts';
import { freePort } from '../support/free-port.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { PATIENT } from '../support/gateway-under-test.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { replaceFile } from '../support/replace-file.ts';
import { until } from '../support/until.ts';

const DOCUMENT = readFileSync(new URL('../../src/EMBEDDING.md', import.meta.url), 'utf8');
const PORT = 8080;
const LIBRARY = pathToFileURL(await builtLibrary()).href;

/** The part of the document that begins with its file's name. */
function example(name: string): string {
  const block = [...DOCUMENT.matchAll(/```(?:ts|yaml)\n([\s\S]*?)```/g)].find(([, text]) =>
    text!.includes(` ${name}\n`),
  );
  assert.ok(block, `the document has no ${name}`);
  return block[1]!;
}

/** The text with something else in the place of what it must contain. */
function replaced(text: string, old: string, next: string): string {
  assert.ok(text.includes(old), `there is no ${old} in\n${text}`);
  return text.replaceAll(old, next);
}

/** A program as it would run where the packages are installed. */
function runnable(program: string, port: number): string {
  return replaced(program, `listen(${PORT})`, `listen(${port})`).replace(/from '([^']+)'/g, (_, name: string) => {
    return `from '${name === 'sluice-gateway' ? LIBRARY : import.meta.resolve(name)}'`;
  });
}

describe('an application around the gateway', () => {
  let provider: MockProvider;

  before(async () => {
    provider = await startMockProvider();
  });

  after(() => provider.kill());

  /** The configuration with the address, version and group of the provider of the tests. */
  function forProvider(yaml: string): string {
    const own = replaced(yaml, 'dubbo://127.0.0.1:20880', provider.address);
    const patient = `defaults: ${JSON.stringify(PATIENT)}\nservices:\n`;
    return replaced(
      replaced(own, 'services:\n', patient),
      'UserService\n',
      'UserService\n    version: 1.0.0\n    group: core\n',
    );
  }

  function folderWith(context: TestContext): { folder: string; file: string } {
    const folder = mkdtempSync(join(tmpdir(), 'embedding-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, forProvider(example('gateway.yaml')));
    return { folder, file };
  }

  async function start(
    context: TestContext,
    name: string,
    change = (program: string) => program,
  ): Promise<{ child: ChildProcess; file: string; caller: HttpCaller; output: () => string }> {
    const { folder, file } = folderWith(context);
    const port = await freePort();
    writeFileSync(join(folder, name), change(runnable(example(name), port)));
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), name], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    context.after(() => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const caller = new HttpCaller(port);
    context.after(() => caller.close());
    const isServing = async () => {
      assert.equal(child.exitCode, null, output);
      return caller.send('/').then(
        () => true,
        () => false,
      );
    };
    await until(isServing, `${name} serves`);
    return { child, file, caller, output: () => output };
  }

  for (const name of ['plain.ts', 'koa.ts', 'express.ts']) {
    it(`${name} serves both on one port, follows the file, and ends when it is told to`, async (context) => {
      const { child, file, caller, output } = await start(context, name);
      assert.equal((await caller.json<{ id: number }>('/api/users/42')).id, 42);
      assert.equal(await caller.text('/elsewhere'), 'the rest of the application');
      assert.equal(await caller.text('/users/42'), 'the rest of the application');
      const unknown = await caller.send('/api/nothing');
      assert.equal(unknown.status, 404);
      assert.equal(JSON.parse(unknown.text).code, 'ROUTE_NOT_FOUND');

      replaceFile(file, replaced(readFileSync(file, 'utf8'), '/users/:id', '/people/:id'));
      await until(async () => (await caller.send('/api/people/42')).status === 200, 'the change in force');
      assert.equal((await caller.send('/api/users/42')).status, 404);

      caller.close();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null], output());
    });
  }

  it('is told when a body parser before the gateway has taken the body', async (context) => {
    const { caller, file, output } = await start(context, 'express.ts', (program) =>
      replaced(program, 'const app = express();', 'const app = express();\napp.use(express.json());'),
    );
    const post = replaced(
      readFileSync(file, 'utf8'),
      'match: { path: "/users/:id" }, call: { service: users, method: getUser, args: [path.id] }',
      'match: { method: POST, path: /users }, call: { service: users, method: getUser, args: [body.id] }',
    );
    writeFileSync(file, post);
    const send = () => caller.send('/api/users', { method: 'POST', json: '{"id":42}' });
    await until(async () => (await send()).status !== 404, 'the change in force');
    const { status, text } = await send();
    assert.equal(status, 500);
    assert.ok(!text.includes('express'), text);
    await until(() => output().includes('put a body parser such as express.json() behind the gateway'), 'the log line');
  });

  it('runs as a sidecar from its own file', async (context) => {
    const { folder } = folderWith(context);
    const file = join(folder, 'sidecar.yaml');
    const text = forProvider(example('sidecar.yaml'));
    writeFileSync(file, replaced(replaced(text, 'port: 8080', 'port: 0'), 'port: 9090', 'port: 0'));
    const sidecar = startGatewayProcess(context, ['start', '--config', file]);
    const ports = await sidecar.listening();
    const [caller, admin] = [new HttpCaller(ports.http), new HttpCaller(ports.admin)];
    assert.equal((await caller.json<{ id: number }>('/users/42')).id, 42);
    assert.equal((await admin.send('/readyz')).status, 200);
    caller.close();
    admin.close();
    sidecar.child.kill('SIGTERM');
    assert.equal(await sidecar.ended(), 0);
  });
});
