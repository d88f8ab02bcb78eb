import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Ticker } from '../../../src/time/ticker.ts';

/** The ticker itself keeps no process alive, so the tests hold one open. */
async function held<Result>(run: (resolve: (result: Result) => void) => Ticker): Promise<Result> {
  const hold = setTimeout(() => {}, 5_000);
  let ticker: Ticker | undefined;
  try {
    return await new Promise<Result>((resolve) => {
      ticker = run(resolve);
    });
  } finally {
    ticker?.stop();
    clearTimeout(hold);
  }
}

test('ticks for as long as it is asked to', async () => {
  const ticks = await held<number>((resolve) => {
    let count = 0;
    const ticker = new Ticker(() => {
      count++;
      if (count < 3) return 5;
      setTimeout(() => resolve(count), 30);
      return 0;
    });
    ticker.wake(5);
    return ticker;
  });
  assert.equal(ticks, 3);
});

test('wakes sooner when something more urgent comes, also from within a tick', async () => {
  const ticks = await held<number>((resolve) => {
    let count = 0;
    const ticker = new Ticker(() => {
      count++;
      if (count === 1) ticker.wake(5);
      else resolve(count);
      return 100_000;
    });
    ticker.wake(100_000);
    ticker.wake(5);
    return ticker;
  });
  assert.equal(ticks, 2);
});

test('rests after stop', async () => {
  let count = 0;
  const ticker = new Ticker(() => {
    count++;
    return 5;
  });
  ticker.wake(5);
  ticker.stop();
  ticker.wake(5);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(count, 0);
});

test('keeps no process alive', () => {
  const code = `
    import { Ticker } from ${JSON.stringify(new URL('../../../src/time/ticker.ts', import.meta.url).href)};
    new Ticker(() => 10).wake(10);
  `;
  const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    timeout: 60_000,
    cwd: new URL('../../..', import.meta.url),
  });
  assert.equal(run.signal, null);
  assert.equal(run.status, 0, String(run.stderr));
});
