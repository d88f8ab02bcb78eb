import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskQueue } from '../../../src/time/task-queue.ts';

describe('TaskQueue', () => {
  it('runs tasks one at a time, in the order in which they came', async () => {
    const queue = new TaskQueue();
    const seen: string[] = [];
    const task = (name: string, turns: number) => async () => {
      seen.push(`${name} begins`);
      for (let turn = 0; turn < turns; turn++) await undefined;
      seen.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([queue.run(task('a', 9)), queue.run(task('b', 1)), queue.run(task('c', 4))]);
    assert.deepEqual(results, ['a', 'b', 'c']);
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('tells who gave a task that it failed, and goes on with the next', async () => {
    const queue = new TaskQueue();
    const failed = queue.run(async () => {
      throw new Error('no');
    });
    const next = queue.run(async () => 'next');
    await assert.rejects(failed, /^Error: no$/);
    assert.equal(await next, 'next');
    assert.equal(await queue.run(async () => 'later'), 'later');
  });
});
