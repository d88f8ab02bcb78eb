import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { createLogSink } from '../../../src/telemetry/log-sink.ts';

const MODULE = new URL('../../../src/telemetry/log-sink.ts', import.meta.url).href;

function script(body: string): string[] {
  const code = `import { createLogSink } from ${JSON.stringify(MODULE)};\nconst sink = createLogSink(1);\n${body}`;
  return ['--import', 'tsx', '--input-type=module', '-e', code];
}

async function logFile(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'log-sink-'));
  context.after(() => rm(folder, { recursive: true }));
  return join(folder, 'log');
}

describe('createLogSink()', () => {
  it('appends every line to a file in order and ends when closed', async (context) => {
    const path = await logFile(context);
    const sink = createLogSink(path);
    for (let index = 0; index < 20_000; index += 1) sink.write(`line ${index}\n`);
    await sink.close();
    sink.write('after the end\n');
    const lines = (await readFile(path, 'utf8')).split('\n');
    assert.equal(lines.length, 20_001);
    assert.equal(lines[19_999], 'line 19999');
    assert.equal(lines[20_000], '');
  });

  it('names the worker in each line', async (context) => {
    const path = await logFile(context);
    const sink = createLogSink(path, 7);
    sink.write('{"level":"info","msg":"x"}\n');
    await sink.close();
    assert.equal(await readFile(path, 'utf8'), '{"worker":7,"level":"info","msg":"x"}\n');
  });

  it('puts lines of others between its own, in the order they came', async (context) => {
    const path = await logFile(context);
    const sink = createLogSink(path);
    const expected: string[] = [];
    for (let index = 0; index < 200; index += 1) {
      const own = `own ${index}\n`;
      // As long as a chunk of the sink, whose memory is used again.
      const others = `${String(index).padStart(index % 2 === 0 ? 65_535 : 20)}\n`;
      sink.write(own);
      sink.writeLines(Buffer.from(others));
      expected.push(own, others);
      if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await sink.close();
    assert.ok((await readFile(path, 'utf8')) === expected.join(''), 'all lines are there, in order');
  });

  for (const [how, ending] of [
    ['process.exit', 'process.exit(0);'],
    ['an uncaught error', 'setTimeout(() => { throw new Error("fall"); }, 1);'],
    ['running out of work', ''],
  ] as const) {
    it(`loses no line at the end by ${how}`, async () => {
      const body = `for (let i = 0; i < 5000; i += 1) sink.write('line ' + i + '\\n');\n${ending}`;
      const run = promisify(execFile)(process.execPath, script(body));
      const { stdout } = await run.catch((error: { stdout: string }) => error);
      const lines = stdout.trimEnd().split('\n');
      assert.equal(lines.length, 5000);
      assert.equal(lines.at(-1), 'line 4999');
    });
  }

  it('drops and counts lines while the reader is stuck, and never waits', async () => {
    const body = `
      const line = 'x'.repeat(1023) + '\\n';
      const before = process.cpuUsage();
      for (let i = 0; i < 40_000; i += 1) sink.write(line);
      const { user, system } = process.cpuUsage(before);
      process.stderr.write('took ' + (user + system) / 1_000 + '\\n');
      process.stdin.once('data', async () => {
        await sink.close();
        process.stderr.write('dropped ' + sink.droppedLines, () => process.exit(0));
      });
    `;
    const child = spawn(process.execPath, script(body), { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stderr.setEncoding('utf8');
    const [took] = await once(child.stderr, 'data');
    assert.match(took, /^took \d/);
    assert.ok(Number(took.slice(5)) < 2_000, took);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    let said = '';
    child.stderr.on('data', (text: string) => {
      said += text;
    });
    child.stdin.write('go\n');
    await once(child, 'close');
    const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
    const kept = lines.filter((line) => line.startsWith('x'));
    const dropped = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line).lines);
    assert.ok(kept.length < 40_000);
    assert.equal(kept.length + dropped.reduce((sum, count) => sum + count, 0), 40_000);
    assert.equal(said, `dropped ${40_000 - kept.length}`);
  });
});
