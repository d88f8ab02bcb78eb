import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { readStatus } from '../../../src/cli/status-answer.ts';
import { type StatusFrame, type StatusLook, shownMethods, statusLines } from '../../../src/cli/status-view.ts';
import { displayWidth } from '../../../src/cli/terminal-text.ts';
import {
  admissionSample,
  eventSample,
  methodSample,
  poolSample,
  poolsSample,
  quarantinedSample,
  SAMPLE_MS,
  type StatusSample,
  statusSample,
  USER_KEY,
} from './status-samples.ts';

const PLAIN: StatusLook = { columns: 80, rows: undefined, color: false, all: false, hint: '' };

function frame(changes: Partial<StatusSample> = {}, before?: Partial<StatusSample>, elapsedMs = 1_000): StatusFrame {
  return {
    address: 'http://127.0.0.1:9090',
    status: readStatus(statusSample(changes)),
    wallMs: SAMPLE_MS,
    before: before && { status: readStatus(statusSample(before)), elapsedMs },
  };
}

function text(shown: StatusFrame, look: Partial<StatusLook> = {}): string {
  return statusLines(shown, { ...PLAIN, ...look }).join('\n');
}

/** Lines that start like this. */
function linesWith(start: string, shown: string): string[] {
  return shown.split('\n').filter((line) => line.startsWith(start));
}

describe('statusLines', () => {
  it('shows pools, admission, the methods that are not as usual, and the last changes', () => {
    assert.equal(
      text(frame()),
      `http://127.0.0.1:9090  2026-01-31 10:00:12Z

POOL       ACTIVE                                              WAITING  REJECTED
normal     12/4000    [|....................................]  0        0
slow       1000/1000  [|||||||||||||||||||||||||||||||||||||]  7        1204
heartbeat  1/20       [||...................................]  0        0

ADMISSION  in flight 1014 (20 KiB), waiting 0, refused 3

  STATE            FOR     ACTIVE  P50/P95/P99 MS  PROBES  RELEASE
com.acme.user.UserService:1.0.0:core#getUser(long)  10 timeouts in 10 s
  quarantined      12 s    0/3/1   3/900/1000      3/5     in 5 s
com.acme.report.ReportService#monthly(int,int)  slow by nature (by operator)
  healthy, pinned  60 min  1/0/0   -               -       -
1 healthy, not shown

AT                    STATE        METHOD                 REASON
2026-01-30 23:59:59Z  healthy      com.ac...etUser(long)  5 probes passed
10:00:00Z             quarantined  com.ac...hly(int,int)  checked by hand (by...
10:00:00Z             quarantined  com.ac...etUser(long)  10 timeouts in 10 s`,
    );
  });

  it('shows the processes that serve, where there are several', () => {
    const workers = [
      { worker: 1, state: 'serving', restarts: 0 },
      { worker: 2, state: 'serving', restarts: 0 },
    ];
    const lineOf = (shown: StatusFrame, look: Partial<StatusLook> = {}) => linesWith('WORKERS', text(shown, look));
    assert.deepEqual(lineOf(frame()), []);
    assert.deepEqual(lineOf({ ...frame(), workers: [] }), []);
    assert.deepEqual(lineOf({ ...frame(), workers }), ['WORKERS    2 serve']);
    const ill = [
      { worker: 1, state: 'down', restarts: 1 },
      { worker: 2, state: 'serving', restarts: 0 },
      { worker: 3, state: 'serving', restarts: 12 },
    ];
    const status = { ...frame().status, missingWorkers: [2, 3] };
    assert.deepEqual(lineOf({ ...frame(), status, workers: ill }), [
      'WORKERS    2 of 3 serve; started again: 1 (1 time), 3 (12 times); no answer f...',
    ]);
    assert.deepEqual(lineOf({ ...frame(), status, workers: ill }, { columns: 100 }), [
      'WORKERS    2 of 3 serve; started again: 1 (1 time), 3 (12 times); no answer from 2, 3',
    ]);
  });

  it('uses the room of a wide terminal', () => {
    const shown = text(frame(), { columns: 130, all: true });
    assert.ok(shown.includes(`10:00:00Z             quarantined  ${USER_KEY}  10 timeouts in 10 s`));
    assert.ok(shown.includes('\n  healthy          60 min  1/0/0   3.06/12/18      -       -\n'));
    assert.ok(!shown.includes('not shown'));
  });

  it('is not wider than the terminal, also with wide characters', () => {
    const reason = '数据库迁移'.repeat(20);
    const long = { reason, key: `${USER_KEY}${'x'.repeat(300)}` };
    const events = [eventSample({ reason, method: long.key }), eventSample()];
    const wide = frame({ methods: [quarantinedSample(USER_KEY, long)], events }, {});
    for (const columns of [80, 81, 100, 200]) {
      for (const line of statusLines(wide, { ...PLAIN, columns, hint: 'Ctrl-C ends' })) {
        assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
      }
    }
  });

  it('holds on a very narrow terminal', () => {
    for (const columns of [1, 20, 40]) assert.ok(text(frame({}, {}), { columns }).includes('heartbeat'));
  });

  it('sets off with colours what is full, waits or is rejected', () => {
    const plain = text(frame({}, {}));
    const colored = text(frame({}, {}), { color: true });
    assert.ok(colored.includes(`\u001b[31m[${'|'.repeat(35)}]\u001b[0m`), colored);
    assert.ok(colored.includes('\u001b[33m7\u001b[0m'));
    assert.ok(colored.includes('\u001b[31mquarantined\u001b[0m'));
    // Nothing is different but the colours.
    assert.equal(stripVTControlCharacters(colored), plain);
    assert.ok(!plain.includes('\u001b'));
  });

  it('shows what came since the last answer as a rate', () => {
    const shown = text(
      frame(
        { admission: admissionSample({ queueFullTotal: 11 }) },
        { pools: poolsSample({ slow: poolSample(1000, 900, 1180) }) },
        2_000,
      ),
      { color: true, columns: 120 },
    );
    assert.ok(shown.includes('\u001b[31m1204 (12/s)\u001b[0m'));
    assert.match(shown, /normal .* 0 \(0\/s\)/);
    assert.ok(shown.includes('refused 13 (5.0/s)\u001b[0m'));
  });

  it('shows no rate where a count fell, as after a restart', () => {
    const before = { pools: poolsSample({ slow: poolSample(1000, 900, 5_000) }) };
    assert.match(linesWith('slow', text(frame({}, before), { columns: 120 }))[0]!, /7 +1204$/);
  });

  it('never draws a bar empty that is not, nor full', () => {
    const bars = (active: number): string => {
      const pools = poolsSample({ normal: poolSample(4_000, active) });
      return /\[([|.]+)\]/.exec(linesWith('normal', text(frame({ pools })))[0]!)![1]!;
    };
    assert.match(bars(0), /^\.+$/);
    assert.match(bars(1), /^\|\.+$/);
    assert.match(bars(2_000), /^\|{18,19}\.{18,19}$/);
    assert.match(bars(3_999), /^\|+\.$/);
    assert.match(bars(4_000), /^\|+$/);
    // A reload made the pool smaller than what is in flight.
    assert.match(bars(4_100), /^\|+$/);
  });

  it('draws a pool of no slots', () => {
    const pools = poolsSample({ heartbeat: poolSample(0, 0) });
    assert.match(linesWith('heartbeat', text(frame({ pools })))[0]!, /^heartbeat +0\/0 +\[\.+\]/);
  });

  it('says that nothing is wrong', () => {
    const methods = [methodSample('a#b()'), methodSample('a#c()')];
    const shown = text(frame({ methods, events: [] }));
    assert.match(shown, /\n\nall 2 methods are healthy$/);
    assert.match(text(frame({ methods: [], events: [] })), /\n\nno method was called yet$/);
  });

  it('says what is off', () => {
    const shown = text(frame({ pools: null, admission: null, methods: [], events: [] }, {}), { color: false });
    assert.match(shown, /\n\nPOOLS {6}off, and so no method has a state\n\nADMISSION {2}off\n$/);
  });

  it('counts the methods of pages that were not asked for', () => {
    assert.match(text(frame({ methodsTotal: 7_000 })), /\n6998 healthy, not shown\n/);
    assert.match(text(frame({ methodsTotal: 7_000 }), { all: true }), /\n6997 others, not shown\n/);
    const methods = [methodSample('a#b()')];
    assert.match(text(frame({ methods, methodsTotal: 7_000, events: [] })), /\nall 7000 methods are healthy$/);
  });

  it('shows the last five changes only', () => {
    const events = Array.from({ length: 7 }, (_, index) => eventSample({ method: `a#m${index}()` }));
    const shown = text(frame({ events }));
    assert.ok(!shown.includes('a#m1()') && shown.includes('a#m2()') && shown.includes('a#m6()'));
  });

  it('fits a low terminal by leaving methods out, and says how many', () => {
    const methods = Array.from({ length: 30 }, (_, index) => quarantinedSample(`a#m${index}()`));
    for (const rows of [23, 30, 50]) {
      const lines = statusLines(frame({ methods }), { ...PLAIN, rows });
      assert.ok(lines.length <= rows, `${lines.length} of ${rows}`);
      const shown = lines.filter((line) => /^a#m/.test(line)).length;
      assert.ok(shown >= 1);
      assert.ok(lines.some((line) => line.startsWith(`${30 - shown} more, for which the terminal has no rows`)));
    }
    assert.ok(text(frame({ methods }), { rows: 5 }).includes('a#m0()'), 'one at least');
  });
});

describe('shownMethods', () => {
  it('picks those in quarantine and the pinned ones', () => {
    const methods = statusSample().methods;
    assert.deepEqual(shownMethods(methods, false), methods.slice(0, 2));
    assert.deepEqual(shownMethods(methods, true), methods);
  });
});
