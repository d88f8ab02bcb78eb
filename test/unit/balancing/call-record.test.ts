import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallRecord } from '../../../src/balancing/call-record.ts';

const WINDOW_MS = 1_000;

describe('CallRecord', () => {
  it('counts the calls and failures of its window, and failures in a row', () => {
    const record = new CallRecord();
    for (const [nowMs, isFailure] of [true, false, true, true].entries()) record.add(isFailure, 5, WINDOW_MS, nowMs);
    assert.deepEqual([record.calls(4), record.failures(4), record.failuresInARow], [4, 3, 2]);
    assert.deepEqual([record.calls(1_100), record.failures(1_100), record.failuresInARow], [0, 0, 2]);
    record.add(false, 5, WINDOW_MS, 1_100);
    assert.equal(record.failuresInARow, 0);
  });

  it('knows the mean latency of the last calls, which quick failures do not lower', () => {
    const record = new CallRecord();
    assert.equal(record.meanLatencyMs, 0);
    for (const latencyMs of [10, 20, 30]) record.add(false, latencyMs, WINDOW_MS, 0);
    assert.equal(Math.round(record.meanLatencyMs), 20);
    for (let i = 0; i < 50; i++) record.add(true, 0.1, WINDOW_MS, 0);
    assert.equal(Math.round(record.meanLatencyMs), 20);
    for (let i = 0; i < 100; i++) record.add(false, 500, WINDOW_MS, 0);
    assert.ok(record.meanLatencyMs > 490);
  });

  it('forgets all when it is told to, or looks back on another time', () => {
    const record = new CallRecord();
    record.add(true, 5, WINDOW_MS, 0);
    record.add(true, 5, 2 * WINDOW_MS, 0);
    assert.equal(record.calls(0), 1);
    record.clear();
    assert.deepEqual([record.calls(0), record.failuresInARow, record.meanLatencyMs], [0, 0, 0]);
  });
});
