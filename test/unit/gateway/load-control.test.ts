import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { LoadControl, poolsOptions } from '../../../src/gateway/load-control.ts';
import { type CapturedLog, captureLog } from '../../support/captured-log.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';
import { until } from '../../support/until.ts';
import { RecordingRequest } from '../admission/recording-request.ts';
import { RecordingCaller } from '../bulkhead/recording-caller.ts';

const KEY = 'demo.Foo#bar()';
const OTHER = 'demo.Foo#baz(int)';

interface Scene {
  readonly load: LoadControl;
  readonly log: CapturedLog;
  /** What waiting requests and calls were told. */
  readonly told: string[];
  /** The clock; ticks come in real time and read this one. */
  readonly clock: { ms: number };
}

function control(context: TestContext, input: GatewayConfigInput = {}): Scene {
  const config = checkedConfig({
    services: {
      foo: { interface: 'demo.Foo', providers: ['dubbo://a:1'], methods: { bar: {}, baz: { parameters: ['int'] } } },
    },
    ...input,
  });
  const clock = { ms: 1_000 };
  const log = captureLog();
  const load = new LoadControl(config, { nowMs: () => clock.ms, wallMs: () => clock.ms }, log.logger);
  context.after(() => load.close());
  return { load, log, told: [], clock };
}

/** An answer that nobody reads. */
function unread(): ServerResponse & { readonly req: { readonly socket: { isDestroyed: boolean } } } {
  const socket = { isDestroyed: false, destroy: () => void Object.assign(socket, { isDestroyed: true }) };
  return Object.assign(new EventEmitter(), { req: { socket }, socket }) as never;
}

describe('the control of load', () => {
  it('is there without a word in the file', (context) => {
    const { load } = control(context);
    assert.deepEqual(load.admission?.status.inFlight, 0);
    const { pools } = load.bulkheads!.status(0, 0);
    assert.deepEqual([pools.normal.size, pools.slow.size, pools.heartbeat.size], [4_000, 1_000, 20]);
    assert.equal(load.slowReaders.waiting, 0);
  });

  it('can be off but for slow readers, which are always bounded', async (context) => {
    const { load, clock } = control(context, {
      admission: 'off',
      bulkhead: 'off',
      server: { limits: { answerTimeoutMs: 5_000 } },
    });
    assert.deepEqual([load.admission, load.bulkheads], [undefined, undefined]);
    const response = unread();
    load.slowReaders.add(response, 100, undefined, clock.ms);
    clock.ms += 5_010;
    await until(() => response.req.socket.isDestroyed, 'the end of the slow reader');
  });

  it('leaves slow readers half of the places and of the bytes', (context) => {
    const { load, clock } = control(context, {
      admission: { maxInFlight: 4, maxInFlightBytes: 1_000 },
      server: { limits: { maxBodyBytes: 500 } },
      defaults: { maxResponseBytes: 500 },
    });
    for (const bytes of [200, 200]) load.slowReaders.add(unread(), bytes, undefined, clock.ms);
    assert.equal(load.slowReaders.status.cutOffTotal, 0);
    load.slowReaders.add(unread(), 1, undefined, clock.ms);
    assert.equal(load.slowReaders.status.cutOffTotal, 1, 'a third one');
    load.slowReaders.add(unread(), 301, undefined, clock.ms);
    assert.equal(load.slowReaders.status.cutOffTotal, 2);
    load.slowReaders.add(unread(), 499, undefined, clock.ms);
    assert.deepEqual(load.slowReaders.status, { waiting: 1, waitingBytes: 499, cutOffTotal: 4 }, '501 bytes');
  });

  it('ends waits for admission when their time is over', async (context) => {
    const { load, told, clock } = control(context, { admission: { maxInFlight: 1, maxWaitMs: 2_000 } });
    const first = load.admission!.enter(new RecordingRequest('first', told), 0, clock.ms);
    load.admission!.enter(new RecordingRequest('second', told), 0, clock.ms);
    clock.ms += 2_010;
    await until(() => told.length > 0, 'the end of the wait');
    assert.deepEqual(told, ['second ADMISSION_TIMEOUT']);
    first.leave();
  });

  it('ends waits for slots when their time is over', async (context) => {
    const { load, told, clock } = control(context, { bulkhead: { normal: { size: 1, maxWaitMs: 500 } } });
    const gate = load.bulkheads!.gate(KEY);
    gate.enter(new RecordingCaller('first', told), clock.ms, clock.ms + 9_000);
    gate.enter(new RecordingCaller('second', told), clock.ms, clock.ms + 9_000);
    clock.ms += 510;
    await until(() => told.length > 0, 'the end of the wait');
    assert.deepEqual(told, ['second BULKHEAD_FULL normal']);
  });

  it('finds calls that have become slow though none ends, and says so in one line of the log', async (context) => {
    const { load, log, clock } = control(context, { bulkhead: { quarantine: { slowCallMs: 300, minCalls: 3 } } });
    const gate = load.bulkheads!.gate(KEY);
    for (let call = 0; call < 3; call++) gate.enter(new RecordingCaller('c', []), clock.ms, clock.ms + 9_000);
    clock.ms += 300;
    await until(() => log.lines.length > 0, 'the quarantine');
    assert.deepEqual(load.bulkheads!.activeOf(KEY), { normal: 0, slow: 3, heartbeat: 0 });
    load.bulkheads!.methods.find(KEY)!.release(clock.ms);
    assert.deepEqual(
      log.lines.map(({ level, msg, method, from, to, reason, by }) => [level, msg, method, from, to, reason, by]),
      [
        [
          'warn',
          'method quarantined',
          KEY,
          'healthy',
          'quarantined',
          '3 of 3 calls in 10 s took 300 ms or longer',
          'gateway',
        ],
        ['info', 'method released', KEY, 'quarantined', 'healthy', 'released by an operator', 'operator'],
      ],
    );
  });

  it('gives each method its own rules', (context) => {
    const { load, clock } = control(context, {
      bulkhead: { quarantine: { timeouts: 7 } },
      services: {
        foo: {
          interface: 'demo.Foo',
          providers: ['dubbo://a:1'],
          methods: { bar: { quarantine: { timeouts: 2 } }, baz: { parameters: ['int'], quarantine: 'off' } },
        },
      },
    });
    const rulesOf = (key: string) => load.bulkheads!.methods.method(key, clock.ms).rules;
    assert.deepEqual([rulesOf(KEY).timeouts, rulesOf(KEY).enabled], [2, true]);
    assert.deepEqual([rulesOf(OTHER).timeouts, rulesOf(OTHER).enabled], [7, false]);
  });

  it('takes over what another process found, in silence, of methods that are configured', (context) => {
    const { load, log } = control(context);
    const standing = {
      state: 'quarantined',
      isPinned: false,
      sinceMs: 900,
      reason: '10 timeouts in 10 s',
      by: 'gateway',
      quarantinesInARow: 1,
    } as const;
    load.adopt({ ...standing, method: KEY });
    load.adopt({ ...standing, method: 'demo.Gone#bar()' });
    const { methods } = load.bulkheads!;
    assert.deepEqual(
      [...methods.methods()].map(({ key, state, sinceMs }) => [key, state, sinceMs]),
      [[KEY, 'quarantined', 900]],
    );
    assert.equal(methods.quarantined, 1);
    assert.deepEqual([log.lines, methods.events], [[], []]);
  });

  it('tells nobody anything after its end', async (context) => {
    const input: GatewayConfigInput = { admission: { maxInFlight: 1, maxWaitMs: 100 } };
    const [ended, running] = [control(context, input), control(context, input)];
    for (const { load, told, clock } of [ended, running]) {
      for (const name of ['first', 'second']) load.admission!.enter(new RecordingRequest(name, told), 0, clock.ms);
      clock.ms += 200;
    }
    ended.load.close();
    await until(() => running.told.length > 0, 'the tick of the one that runs, which was woken later');
    assert.deepEqual(ended.told, []);
  });
});

describe('the sizes of the pools', () => {
  it('let twice as many wait as there are slots, unless the file says otherwise', () => {
    const { bulkhead } = checkedConfig({
      bulkhead: { normal: { size: 30, maxWaitMs: 20 }, slow: { size: 5, maxQueue: 3, maxMethodShare: 1 } },
    });
    assert.ok(bulkhead !== 'off');
    assert.deepEqual(poolsOptions(bulkhead), {
      normal: { size: 30, maxMethodShare: 0.5, maxWaitMs: 20, maxQueue: 60 },
      slow: { size: 5, maxMethodShare: 1, maxWaitMs: 0, maxQueue: 3 },
      heartbeat: { size: 20, maxMethodShare: 0.25, maxWaitMs: 0, maxQueue: 40 },
    });
  });
});
