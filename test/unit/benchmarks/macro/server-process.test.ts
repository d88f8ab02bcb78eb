import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ServerProcess, type ServerProgram } from '../../../../benchmarks/macro/server-process.ts';

const WAIT_MS = 20_000;

const PROGRAMS: readonly (readonly [kind: string, program: ServerProgram])[] = [
  ['another program', { commandLine: ['sh', '-c', 'echo "$WORD" > said; cat'] }],
  ['node', { nodeArguments: ['-e', "fs.writeFileSync('said', process.env.WORD + '\\n'); setInterval(() => {}, 1e6)"] }],
];

describe('ServerProcess', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'server-process-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function start(program: ServerProgram): ServerProcess {
    return new ServerProcess({ ...program, name: 'the server', pin: [], folder, environment: { WORD: 'given' } });
  }

  async function untilSaid(server: ServerProcess): Promise<void> {
    const path = join(folder, 'said');
    await server.untilReady(async () => existsSync(path) && readFileSync(path, 'utf8') === 'given\n', WAIT_MS);
  }

  for (const [kind, program] of PROGRAMS) {
    it(`runs ${kind} in its folder and environment until it is stopped`, async () => {
      const server = start(program);
      await untilSaid(server);
      server.checkRunning();
      await server.stop();
      assert.equal(server.isRunning, false);
      server.checkRunning();
    });

    it(`ends ${kind} when nobody holds its standard input any more`, async () => {
      const server = start(program);
      await untilSaid(server);
      server.child.stdin!.end();
      await once(server.child, 'exit', { signal: AbortSignal.timeout(WAIT_MS) });
      assert.throws(() => server.checkRunning(), /^Error: the server ended/);
    });
  }

  it('says how a program ended by itself, and what it wrote last', async () => {
    const server = start({ commandLine: ['sh', '-c', 'echo no port >&2; exit 3'] });
    await assert.rejects(
      server.untilReady(async () => false, WAIT_MS),
      { message: 'the server ended (exit code 3):\nno port' },
    );
  });
});
