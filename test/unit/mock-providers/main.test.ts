import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RawClient, TYPES } from './raw-client.ts';

const MAIN = fileURLToPath(new URL('../../../mock-providers/main.ts', import.meta.url));
const call = { service: TYPES, method: 'nullValue' };

interface Run {
  child: ChildProcess;
  output: { out: string; err: string };
  exit: Promise<number | null>;
}

function run(...words: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...words], { stdio: 'pipe' });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    output.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output.err += String(chunk);
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, exit };
}

async function ready({ child, output }: Run): Promise<number> {
  while (!output.out.includes('\n')) await once(child.stdout!, 'data');
  const match = /^ready dubbo:\/\/127\.0\.0\.1:(\d+)\n$/.exec(output.out);
  assert.notEqual(match, null, output.out + output.err);
  return Number(match![1]);
}

describe('the command line of the mock provider', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mock-provider-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('prints a ready line, plays the faults of a file, and ends on SIGTERM', async () => {
    const faults = join(folder, 'faults.yaml');
    await writeFile(
      faults,
      `- { method: "${TYPES}#nullValue", fault: { status: { code: 100, text: busy } }, times: 1 }\n`,
    );
    const provider = run('--port', '0', '--quiet', '--dialect', '2.7', '--faults', faults);
    const client = await RawClient.open(await ready(provider));
    assert.equal((await client.call(call)).status, 100);
    assert.equal((await client.call(call)).status, 20);
    provider.child.kill('SIGTERM');
    assert.equal(await provider.exit, 0);
    assert.equal(client.frames.at(-1)!.body.toString('hex'), '0152');
    assert.equal(provider.output.err, '');
  });

  it('ends when its standard input does, and refuses a port that is taken', async () => {
    const first = run('--port', '0', '--exit-with-stdin');
    const port = await ready(first);
    const second = run('--port', String(port));
    assert.equal(await second.exit, 1);
    assert.match(second.output.err, new RegExp(`^mock-provider: port ${port} on 127\\.0\\.0\\.1 is in use`));
    first.child.stdin!.end();
    assert.equal(await first.exit, 0);
  });

  it('explains itself, and what is wrong with a call', async () => {
    const runs = [
      run('--help'),
      run('--dialect', '9'),
      run('--prot', '1'),
      run('--faults', join(folder, 'none.yaml')),
    ] as const;
    assert.deepEqual(await Promise.all(runs.map(({ exit }) => exit)), [0, 2, 2, 1]);
    assert.match(runs[0].output.out, /Usage: .*--port N.*--faults FILE/s);
    assert.match(runs[1].output.err, /--dialect 9: there are 2\.6, 2\.7, 3\.2, 3\.3, go\nTry --help/);
    assert.match(runs[2].output.err, /--prot/);
    assert.match(runs[3].output.err, /cannot read the faults in .*none\.yaml/);
  });
});
