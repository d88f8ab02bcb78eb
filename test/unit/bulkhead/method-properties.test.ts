import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodDriver } from './method-driver.ts';
import { MethodModel, type ModelCall } from './method-model.ts';
import { type MethodStep, methodSteps, QUICK_RULES } from './method-steps.ts';

/** A method and its model, to which the same happens. */
class Pair {
  readonly driver = new MethodDriver(QUICK_RULES);
  readonly model = new MethodModel(QUICK_RULES);
  readonly calls: [TrackedCall, ModelCall][] = [];
  steps = 0;

  apply({ kind, passMs, verdict, at }: MethodStep): void {
    const { driver, model, calls } = this;
    const { method } = driver;
    driver.nowMs += passMs;
    const { nowMs } = driver;
    if (kind === 'start' || kind === 'refuse') {
      const pool = method.choose(nowMs);
      assert.equal(pool, model.choose(nowMs));
      if (kind === 'start') {
        const call = new TrackedCall();
        method.onStart(call, nowMs, pool === 'heartbeat');
        calls.push([call, model.start(nowMs, pool === 'heartbeat')]);
      } else if (pool === 'heartbeat') {
        method.returnProbe();
        model.returnProbe();
      }
    } else if (kind === 'end') {
      if (calls.length === 0) return;
      const [[call, modelCall]] = calls.splice(at % calls.length, 1) as [[TrackedCall, ModelCall]];
      assert.equal(method.onEnd(call, nowMs, verdict), true);
      assert.equal(method.onEnd(call, nowMs, verdict), false);
      model.end(modelCall, nowMs, verdict);
    } else if (kind === 'tick') {
      const before = method.state;
      assert.equal(method.tick(nowMs), method.state !== before);
      model.tick(nowMs);
    } else {
      method[kind](nowMs);
      model[kind](nowMs);
    }
    this.steps++;
  }

  check(): void {
    const { driver, model } = this;
    const { method, nowMs } = driver;
    assert.equal(method.state, model.state);
    assert.deepEqual(
      driver.transitions.map(({ to, by, atMs }) => `${to} by ${by} at ${atMs}`),
      model.transitions,
    );
    assert.deepEqual(method.counts(nowMs), {
      calls: model.count('calls', nowMs),
      timeouts: model.count('timeouts', nowMs),
      slow: model.count('slow', nowMs),
      failed: model.count('failed', nowMs),
    });
    assert.equal(method.inFlight, model.calls.length);
    assert.equal(method.probesPassedInARow, model.passedInARow);
    assert.equal(method.quarantinedTotal, model.quarantinedTotal);
    if (method.earliestReleaseMs !== undefined) assert.equal(method.earliestReleaseMs, model.leastUntilMs);
  }
}

test('does what a plain model of the rules does, over 100,000 random steps', () => {
  let steps = 0;
  let changes = 0;
  fc.assert(
    fc.property(methodSteps(500), (history) => {
      const pair = new Pair();
      for (const step of history) {
        pair.apply(step);
        pair.check();
      }
      steps += history.length;
      changes += pair.driver.transitions.filter(({ by }) => by === 'gateway').length;
    }),
    { numRuns: 600 },
  );
  assert.ok(steps >= 100_000, `only ${steps} steps`);
  assert.ok(changes >= 1_000, `only ${changes} changes of state by the rules`);
});

test('a method that is well comes back and stays, whatever was before and while old calls hang', () => {
  fc.assert(
    fc.property(methodSteps(250), fc.integer({ min: 20, max: 900 }), (history, pauseMs) => {
      const pair = new Pair();
      for (const step of history) pair.apply(step);
      const { driver } = pair;
      const beWell = (): void => {
        const untilMs = driver.nowMs + 2 * QUICK_RULES.maxQuarantineMs;
        while (driver.nowMs < untilMs) {
          driver.calls(1, 20);
          driver.pass(pauseMs);
        }
      };
      driver.method.unpin(driver.nowMs);
      beWell();
      assert.equal(driver.method.state, 'healthy');
      for (const [call] of pair.calls) driver.end(call, 'timeout');
      beWell();
      assert.equal(driver.method.state, 'healthy');
      const { length } = driver.transitions;
      beWell();
      assert.equal(driver.transitions.length, length);
    }),
    { numRuns: 200 },
  );
});

test('counts each call once, however it ends', () => {
  fc.assert(
    fc.property(methodSteps(300), (history) => {
      const driver = new MethodDriver({ ...QUICK_RULES, enabled: false, windowMs: 1e9 });
      const calls: TrackedCall[] = [];
      const expected = { calls: 0, timeouts: 0, slow: 0, failed: 0 };
      const end = (call: TrackedCall, verdict: MethodStep['verdict']): void => {
        const isSlow = driver.nowMs - call.startMs >= QUICK_RULES.slowCallMs;
        if (isSlow) expected.slow++;
        if (isSlow || verdict === 'ok' || verdict === 'exception' || verdict === 'timeout') expected.calls++;
        else if (verdict === 'neutral') expected.failed++;
        if (verdict === 'timeout') expected.timeouts++;
        driver.end(call, verdict);
      };
      for (const { kind, passMs, verdict, at } of history) {
        driver.nowMs += passMs;
        if (kind === 'start') calls.push(driver.start());
        else if (kind === 'tick') driver.pass(0);
        else if (kind === 'end' && calls.length > 0) end(calls.splice(at % calls.length, 1)[0]!, verdict);
      }
      for (const call of calls) end(call, 'ok');
      assert.deepEqual(driver.method.counts(driver.nowMs), expected);
    }),
    { numRuns: 200 },
  );
});
