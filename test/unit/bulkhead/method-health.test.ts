import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrackedCall } from '../../../src/bulkhead/method-calls.ts';
import { MethodDriver } from './method-driver.ts';

describe('into quarantine', () => {
  test('goes in with the tenth time-out within the window', () => {
    const driver = new MethodDriver();
    driver.calls(9, 1_000, 'timeout');
    assert.equal(driver.method.state, 'healthy');
    assert.equal(driver.method.choose(driver.nowMs), 'normal');
    driver.calls(1, 900, 'timeout');
    assert.equal(driver.method.state, 'quarantined');
    assert.deepEqual(driver.transitions, [
      {
        method: 'demo.Foo#bar()',
        from: 'healthy',
        to: 'quarantined',
        reason: '10 timeouts in 10 s',
        by: 'gateway',
        atMs: 9_900,
      },
    ]);
    assert.equal(driver.method.choose(driver.nowMs), 'slow');
  });

  test('stays out where ten time-outs take longer than the window', () => {
    const driver = new MethodDriver();
    driver.calls(40, 1_200, 'timeout');
    assert.equal(driver.method.state, 'healthy');
  });

  test('goes in when half of at least 20 calls are slow, before any of the slow ones ends', () => {
    const driver = new MethodDriver();
    driver.calls(10, 5);
    for (let i = 0; i < 10; i++) driver.start();
    driver.pass(1_999);
    assert.equal(driver.method.state, 'healthy');
    driver.pass(1);
    assert.equal(driver.method.state, 'quarantined');
    assert.equal(driver.method.reason, '10 of 20 calls in 10 s took 2 s or longer');
  });

  test('does not judge fewer than minCalls, nor a smaller share', () => {
    const few = new MethodDriver();
    few.calls(9, 5);
    for (let i = 0; i < 10; i++) few.start();
    few.pass(2_000);
    assert.equal(few.method.state, 'healthy');
    few.calls(1, 5);
    assert.equal(few.method.state, 'quarantined');

    const smallShare = new MethodDriver();
    smallShare.calls(11, 5);
    for (let i = 0; i < 10; i++) smallShare.start();
    smallShare.pass(2_000);
    assert.equal(smallShare.method.state, 'healthy');
  });

  test('finds slow calls in flight when the next call comes, with no tick between', () => {
    const driver = new MethodDriver();
    for (let i = 0; i < 20; i++) driver.start();
    driver.nowMs += 2_000;
    assert.equal(driver.method.choose(driver.nowMs), 'slow');
  });

  test('counts each call once, whether it is found slow in flight or at its end', () => {
    const driver = new MethodDriver({ enabled: false });
    const [ticked, quick, unticked] = [driver.start(), driver.start(), driver.start()];
    driver.nowMs = 100;
    driver.end(quick, 'ok');
    driver.pass(1_900);
    driver.pass(500);
    driver.end(ticked, 'timeout');
    driver.end(unticked, 'ok');
    driver.nowMs = 4_000;
    const late = driver.start();
    driver.nowMs = 6_500;
    driver.end(late, 'ok');
    assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 4, timeouts: 1, slow: 3, failed: 0 });
  });

  test('takes business exceptions for healthy answers', () => {
    const driver = new MethodDriver();
    driver.calls(200, 5, 'exception');
    assert.equal(driver.method.state, 'healthy');
    assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 200, timeouts: 0, slow: 0, failed: 0 });
  });

  test('counts failed connections apart and cancelled calls not at all', () => {
    const driver = new MethodDriver({ minCalls: 4 });
    driver.calls(50, 100, 'neutral');
    driver.calls(30, 100, 'cancelled');
    assert.equal(driver.method.state, 'healthy');
    assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 0, timeouts: 0, slow: 0, failed: 50 });
    assert.equal(driver.method.latency(driver.nowMs), undefined);
  });

  test('knows how long calls took', () => {
    const driver = new MethodDriver();
    driver.calls(90, 3);
    driver.calls(9, 100);
    driver.calls(1, 1_000, 'timeout');
    const latency = driver.method.latency(driver.nowMs);
    assert.ok(latency && latency.p50 < 4 && latency.p95 > 90 && latency.p99 < 120);
  });

  test('changes nothing by itself where quarantine is off', () => {
    const driver = new MethodDriver({ enabled: false });
    driver.calls(100, 5_000, 'timeout');
    assert.deepEqual(driver.transitions, []);
    driver.method.quarantine(driver.nowMs);
    for (let i = 0; i < 100; i++) {
      assert.equal(driver.method.choose(driver.nowMs), 'slow');
      driver.pass(10_000);
    }
    assert.equal(driver.method.earliestReleaseMs, undefined);
    assert.equal(driver.method.release(driver.nowMs), true);
    assert.equal(driver.method.state, 'healthy');
  });
});

describe('probes', () => {
  test('are each 20th call with a share of 0.05', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    const pools = Array.from({ length: 100 }, () => driver.method.choose(driver.nowMs));
    const places = pools.flatMap((pool, index) => (pool === 'heartbeat' ? [index + 1] : []));
    assert.deepEqual(places, [20, 40, 60, 80, 100]);
    assert.equal(pools.filter((pool) => pool === 'slow').length, 95);
  });

  test('are each call with a share of 1, as long as fewer are in flight than the return needs', () => {
    const driver = new MethodDriver({ probeShare: 1 });
    driver.timeOut();
    const calls = Array.from({ length: 8 }, () => driver.start());
    assert.deepEqual(
      calls.map((call) => call.isProbe),
      [true, true, true, true, true, false, false, false],
    );
    driver.end(calls[2]!, 'ok');
    assert.equal(driver.start().isProbe, true);
    assert.equal(driver.start().isProbe, false);
  });

  test('come once a second where traffic is thin, and where those before hang', () => {
    const driver = new MethodDriver({ probeShare: 0 });
    driver.timeOut();
    let probes = 0;
    for (let i = 0; i < 100; i++) {
      driver.pass(100);
      if (driver.start().isProbe) probes++;
    }
    assert.equal(probes, 10);
  });

  test('are given back when there was no heartbeat slot', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    driver.nowMs += 1_000;
    for (let i = 0; i < 3; i++) {
      assert.equal(driver.method.choose(driver.nowMs), 'heartbeat');
      driver.method.returnProbe();
    }
    assert.equal(driver.method.choose(driver.nowMs), 'heartbeat');
    assert.equal(driver.method.choose(driver.nowMs), 'slow');
  });
});

describe('out of quarantine', () => {
  test('comes back after five good probes in a row, but not before minQuarantineMs', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    driver.probes(5, 10);
    assert.equal(driver.method.probesPassedInARow, 5);
    assert.equal(driver.method.state, 'quarantined');
    driver.nowMs = 4_999;
    driver.pass(0);
    assert.equal(driver.method.state, 'quarantined');
    driver.pass(1);
    assert.equal(driver.method.state, 'healthy');
    assert.equal(driver.method.probesPassedInARow, 0);
    assert.equal(driver.transitions[1]!.reason, '5 probes in a row took 1.5 s at most');
    assert.equal(driver.method.choose(driver.nowMs), 'normal');
  });

  test('comes back with the fifth probe where the time is over', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    driver.nowMs += 60_000;
    driver.probes(4, 10, 'exception');
    assert.equal(driver.method.state, 'quarantined');
    driver.probes(1, 10);
    assert.equal(driver.method.state, 'healthy');
  });

  test('starts the count again when a probe times out, hangs, or ends too near to slowCallMs', () => {
    const failures: ((driver: MethodDriver) => void)[] = [
      (driver) => driver.probes(1, 10, 'timeout'),
      (driver) => driver.probes(1, 1_501),
      (driver) => {
        driver.startProbe();
        driver.pass(2_000);
      },
    ];
    for (const fail of failures) {
      const driver = new MethodDriver();
      driver.timeOut();
      driver.nowMs += 10_000;
      driver.probes(4, 10);
      fail(driver);
      assert.equal(driver.method.probesPassedInARow, 0);
      driver.probes(4, 1_500);
      assert.equal(driver.method.state, 'quarantined');
      driver.probes(1, 1_500);
      assert.equal(driver.method.state, 'healthy');
    }
  });

  test('learns nothing from probes whose connection failed or whose caller left', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    driver.nowMs += 10_000;
    driver.probes(4, 10);
    driver.probes(3, 10, 'neutral');
    driver.probes(3, 10, 'cancelled');
    assert.equal(driver.method.probesPassedInARow, 4);
    driver.probes(1, 10);
    assert.equal(driver.method.state, 'healthy');
  });

  test('counts what lies before the return no more', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    driver.nowMs += 6_000;
    driver.probes(5, 10);
    assert.deepEqual(driver.method.counts(driver.nowMs), { calls: 0, timeouts: 0, slow: 0, failed: 0 });
  });
});

describe('relapses', () => {
  function stayMs(driver: MethodDriver): number {
    const fromMs = driver.nowMs;
    driver.timeOut();
    assert.equal(driver.method.state, 'quarantined');
    while (driver.method.state === 'quarantined') {
      driver.pass(1_000);
      driver.end(driver.start(), 'ok');
    }
    return driver.nowMs - fromMs;
  }

  test('double the least time in quarantine up to maxQuarantineMs', () => {
    const driver = new MethodDriver();
    const stays = Array.from({ length: 9 }, () => stayMs(driver));
    assert.deepEqual(stays, [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
    assert.equal(driver.method.relapses(driver.nowMs), 8);
    assert.equal(driver.method.quarantinedTotal, 9);
  });

  test('are forgotten by who stays healthy for maxQuarantineMs', () => {
    const driver = new MethodDriver();
    for (let i = 0; i < 3; i++) stayMs(driver);
    driver.nowMs += 299_999;
    assert.equal(driver.method.relapses(driver.nowMs), 2);
    assert.equal(stayMs(driver), 40_000);
    driver.nowMs += 300_000;
    assert.equal(driver.method.relapses(driver.nowMs), 0);
    assert.equal(stayMs(driver), 5_000);
  });

  test('are made by the rules, not by an operator', () => {
    const driver = new MethodDriver();
    driver.method.quarantine(driver.nowMs);
    driver.method.release(driver.nowMs);
    assert.equal(driver.method.relapses(driver.nowMs), 0);
    assert.equal(stayMs(driver), 5_000);
    driver.method.quarantine(driver.nowMs);
    assert.equal(driver.method.earliestReleaseMs, driver.nowMs + 5_000);
    driver.method.release(driver.nowMs);
    assert.equal(stayMs(driver), 10_000);
  });
});

describe('an operator', () => {
  test('sends a method into quarantine, and it comes back like any other', () => {
    const driver = new MethodDriver();
    assert.equal(driver.method.quarantine(driver.nowMs, 'deploy of the provider'), true);
    assert.equal(driver.method.quarantine(driver.nowMs), false);
    assert.deepEqual([driver.method.by, driver.method.reason], ['operator', 'deploy of the provider']);
    driver.nowMs += 5_000;
    driver.probes(5, 10);
    assert.equal(driver.method.state, 'healthy');
    assert.deepEqual(
      driver.transitions.map(({ to, by }) => [to, by]),
      [
        ['quarantined', 'operator'],
        ['healthy', 'gateway'],
      ],
    );
  });

  test('releases a method at once; it has to turn slow anew to go in again', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    assert.equal(driver.method.release(driver.nowMs), true);
    assert.equal(driver.method.release(driver.nowMs), false);
    driver.calls(9, 10, 'timeout');
    assert.equal(driver.method.state, 'healthy');
    driver.calls(1, 10, 'timeout');
    assert.equal(driver.method.state, 'quarantined');
  });

  test('pins a method in quarantine: probes show that it is well, and it comes back when unpinned', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    assert.equal(driver.method.pin(driver.nowMs), true);
    assert.equal(driver.method.pin(driver.nowMs), false);
    driver.nowMs += 10_000;
    driver.probes(8, 10);
    driver.pass(1_000);
    assert.deepEqual([driver.method.state, driver.method.probesPassedInARow], ['quarantined', 8]);
    assert.equal(driver.method.earliestReleaseMs, undefined);
    assert.equal(driver.method.unpin(driver.nowMs), true);
    assert.equal(driver.method.unpin(driver.nowMs), false);
    assert.equal(driver.method.state, 'healthy');
  });

  test('pins a healthy method: it stays out however slow it is, and goes in when unpinned', () => {
    const driver = new MethodDriver();
    driver.method.pin(driver.nowMs);
    driver.calls(50, 100, 'timeout');
    assert.equal(driver.method.choose(driver.nowMs), 'normal');
    driver.method.unpin(driver.nowMs);
    assert.equal(driver.method.state, 'quarantined');
    assert.equal(driver.method.by, 'gateway');
  });

  test('moves a pinned method by hand, and it stays pinned there', () => {
    const driver = new MethodDriver();
    driver.method.pin(driver.nowMs);
    assert.equal(driver.method.quarantine(driver.nowMs), true);
    assert.equal(driver.method.isPinned, true);
    assert.equal(driver.method.release(driver.nowMs), true);
    assert.equal(driver.method.isPinned, true);
  });
});

describe('new rules', () => {
  test('leave the state and the calls in flight as they are', () => {
    const driver = new MethodDriver();
    driver.timeOut();
    const call = driver.start();
    driver.method.configure({ ...driver.method.rules, minQuarantineMs: 60_000, windowMs: 20_000 }, driver.nowMs);
    assert.equal(driver.method.state, 'quarantined');
    assert.equal(driver.method.earliestReleaseMs, 60_000);
    assert.equal(driver.method.inFlight, 1);
    assert.equal(driver.method.counts(driver.nowMs).timeouts, 0);
    assert.equal(driver.end(call, 'ok'), true);
  });

  test('find calls in flight slow by the new measure', () => {
    const driver = new MethodDriver({ slowCallMs: 30_000 });
    for (let i = 0; i < 20; i++) driver.start();
    driver.pass(3_000);
    driver.method.configure({ ...driver.method.rules, slowCallMs: 2_000 }, driver.nowMs);
    assert.equal(driver.method.tick(driver.nowMs), true);
    assert.equal(driver.method.tick(driver.nowMs), false);
    assert.equal(driver.method.state, 'quarantined');
  });

  test('that switch quarantine off let out whom the gateway put there, and no one else', () => {
    const off = { ...new MethodDriver().method.rules, enabled: false };
    const prepare: [string, (driver: MethodDriver) => void][] = [
      ['healthy', (driver) => driver.timeOut()],
      ['quarantined', (driver) => void driver.method.quarantine(driver.nowMs)],
      [
        'quarantined',
        (driver) => {
          driver.timeOut();
          driver.method.pin(driver.nowMs);
        },
      ],
    ];
    for (const [expected, act] of prepare) {
      const driver = new MethodDriver();
      act(driver);
      driver.method.configure(off, driver.nowMs);
      assert.equal(driver.method.state, expected);
    }
  });
});

test('says when nothing would be lost by forgetting it', () => {
  const driver = new MethodDriver();
  const idle: boolean[] = [driver.method.isIdle];
  const call: TrackedCall = driver.start();
  idle.push(driver.method.isIdle);
  driver.end(call, 'ok');
  idle.push(driver.method.isIdle);
  driver.method.pin(driver.nowMs);
  idle.push(driver.method.isIdle);
  driver.method.unpin(driver.nowMs);
  driver.timeOut();
  idle.push(driver.method.isIdle);
  driver.method.release(driver.nowMs);
  idle.push(driver.method.isIdle);
  assert.deepEqual(idle, [true, false, true, false, false, true]);
});
