import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodDriver } from './method-driver.ts';

test('a result after the time-out changes nothing', () => {
  const driver = new MethodDriver();
  const call = driver.start();
  driver.pass(1_000);
  assert.equal(driver.end(call, 'timeout'), true);
  driver.pass(5_000);
  assert.equal(driver.end(call, 'ok'), false);
  assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 1, timeouts: 1, slow: 0, failed: 0 });
  assert.equal(driver.method.inFlight, 0);
});

test('a call of another method, or one that never began, cannot end here', () => {
  const [driver, other] = [new MethodDriver(), new MethodDriver()];
  const call = other.start();
  assert.equal(driver.end(call, 'timeout'), false);
  assert.equal(driver.end(new TrackedCall(), 'timeout'), false);
  assert.equal(other.end(call, 'ok'), true);
});

test('a probe overtaken by the return does not count, whichever way it ends', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 10_000;
  const straggler = driver.startProbe();
  driver.probes(5, 10);
  assert.equal(driver.method.state, 'healthy');
  driver.pass(3_000);
  driver.end(straggler, 'timeout');
  assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 0, timeouts: 0, slow: 0, failed: 0 });
  driver.timeOut();
  assert.equal(driver.method.probesPassedInARow, 0);
});

test('a probe during which an operator released the method does not count in the next quarantine', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 1_000;
  const probes = Array.from({ length: 4 }, () => driver.startProbe());
  driver.method.release(driver.nowMs);
  driver.method.quarantine(driver.nowMs);
  for (const probe of probes) driver.end(probe, 'ok');
  assert.equal(driver.method.probesPassedInARow, 0);
  driver.nowMs += 10_000;
  driver.probes(4, 10);
  assert.equal(driver.method.state, 'quarantined');
  driver.probes(1, 10);
  assert.equal(driver.method.state, 'healthy');
});

test('a probe that failed while an operator released the method does not send it back', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 1_000;
  const probe = driver.startProbe();
  driver.method.release(driver.nowMs);
  driver.pass(5_000);
  driver.end(probe, 'timeout');
  assert.equal(driver.method.state, 'healthy');
  assert.equal(driver.transitions.length, 2);
});

test('slow calls from before the return do not send the method back when they end', () => {
  const driver = new MethodDriver();
  const hanging = Array.from({ length: 30 }, () => driver.start());
  driver.pass(2_000);
  assert.equal(driver.method.state, 'quarantined');
  driver.nowMs += 5_000;
  driver.probes(5, 10);
  assert.equal(driver.method.state, 'healthy');
  driver.pass(1_000);
  for (const call of hanging) driver.end(call, 'timeout');
  assert.equal(driver.method.state, 'healthy');
  assert.equal(driver.method.inFlight, 0);
});

test('calls in flight when the quarantine begins are no probes, and end like any other', () => {
  const driver = new MethodDriver();
  const calls = Array.from({ length: 6 }, () => driver.start());
  driver.method.quarantine(driver.nowMs);
  for (const call of calls) assert.equal(driver.end(call, 'ok'), true);
  assert.equal(driver.method.probesPassedInARow, 0);
  assert.equal(driver.method.counts(driver.nowMs).calls, 6);
  driver.nowMs += 10_000;
  driver.pass(0);
  assert.equal(driver.method.state, 'quarantined');
});

test('a call chosen as a probe that begins after the return is none', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 1_000;
  assert.equal(driver.method.choose(driver.nowMs), 'heartbeat');
  driver.method.release(driver.nowMs);
  const call = new TrackedCall();
  driver.method.onStart(call, driver.nowMs, true);
  assert.equal(call.isProbe, false);
  driver.method.quarantine(driver.nowMs);
  driver.end(call, 'ok');
  assert.equal(driver.method.probesPassedInARow, 0);
});

test('a probe given back after the return does no harm', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 1_000;
  driver.method.choose(driver.nowMs);
  driver.method.release(driver.nowMs);
  driver.method.returnProbe();
  assert.equal(driver.method.choose(driver.nowMs), 'normal');
  driver.timeOut();
  assert.equal(driver.method.choose(driver.nowMs), 'slow');
});

test('a failed probe at the very moment the time is over keeps the method in', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.probes(5, 10);
  const probe = driver.startProbe();
  driver.nowMs = 5_000;
  driver.end(probe, 'timeout');
  assert.equal(driver.method.state, 'quarantined');
  assert.equal(driver.method.probesPassedInARow, 0);
});

test('a probe found hanging and ended later fails once', () => {
  const driver = new MethodDriver();
  driver.timeOut();
  driver.nowMs += 10_000;
  const hanging = driver.startProbe();
  driver.pass(2_000);
  driver.probes(4, 10);
  driver.end(hanging, 'timeout');
  assert.equal(driver.method.probesPassedInARow, 4);
  driver.probes(1, 10);
  assert.equal(driver.method.state, 'healthy');
});

test('probes of an earlier quarantine leave no room taken in the next', () => {
  const driver = new MethodDriver({ probeShare: 1 });
  driver.timeOut();
  const old = Array.from({ length: 5 }, () => driver.start());
  driver.method.release(driver.nowMs);
  driver.timeOut();
  for (const call of old) driver.end(call, 'ok');
  const probes = Array.from({ length: 6 }, () => driver.start().isProbe);
  assert.deepEqual(probes, [true, true, true, true, true, false]);
});
