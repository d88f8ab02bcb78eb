import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { readUsage } from '../../../../benchmarks/macro/process-usage.ts';
import { until } from '../../../support/until.ts';

/** Says `ready` when its own process runs, and lives as long as its standard input. */
const PARENT = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'console.log(1); process.stdin.resume()'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => console.log('ready'));
  process.stdin.on('end', () => process.exit(0)).resume();
`;

/** Has a thread end again and again, says so each time, and lives as long as its standard input. */
const THREADS = `
  const { Worker } = require('node:worker_threads');
  const next = () => new Worker('', { eval: true }).on('exit', () => { console.log('ended'); next(); });
  for (let i = 0; i < 4; i += 1) next();
  process.stdin.on('end', () => process.exit(0)).resume();
`;

describe('readUsage', () => {
  it('counts what a process has started', async (context) => {
    const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['pipe', 'pipe', 'inherit'] });
    context.after(() => parent.stdin.end());
    let said = '';
    parent.stdout.on('data', (text: Buffer) => {
      said += String(text);
    });
    await until(() => said.includes('ready'), 'a process of a process');
    const own = readUsage(process.pid);
    const both = readUsage(parent.pid!);
    // A process of Node has 30 MB at least.
    assert.ok(both.residentBytes > 60 * 1024 ** 2, `${both.residentBytes} bytes of two processes`);
    assert.ok(own.residentBytes > both.residentBytes, 'both are among what this one has started');
    assert.ok(own.cpuMicros >= both.cpuMicros);
  });

  it('is not disturbed by threads that end while it looks', async (context) => {
    const worker = spawn(process.execPath, ['-e', THREADS], { stdio: ['pipe', 'pipe', 'inherit'] });
    context.after(() => worker.stdin.end());
    let ended = 0;
    worker.stdout.on('data', (text: Buffer) => {
      ended += String(text).split('\n').length - 1;
    });
    let lowest = Number.POSITIVE_INFINITY;
    await until(() => {
      for (let i = 0; i < 10; i += 1) lowest = Math.min(lowest, readUsage(worker.pid!).residentBytes);
      return ended > 40;
    }, 'the end of forty threads');
    assert.ok(lowest > 0, `${lowest} bytes`);
  });

  it('throws for a process that is not there', () => {
    assert.throws(() => readUsage(2 ** 22 + 1));
  });
});
