import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type HostNameEvent, HostNames } from '../../../src/registry/host-names.ts';
import { HostRecord } from '../../../src/registry/host-record.ts';

interface Question {
  readonly name: string;
  answer(...addresses: string[]): Promise<void>;
  fail(message: string): Promise<void>;
}

/** Host names whose time and look-ups are in the hands of the test. */
class Scene {
  /** Look-ups that are not answered yet. */
  readonly open: Question[] = [];
  readonly events: HostNameEvent[] = [];
  readonly names: HostNames;
  asked = 0;
  nowMs = 0;

  constructor() {
    this.names = new HostNames({
      lookup: (name) => this.#lookup(name),
      clock: { nowMs: () => this.nowMs, wallMs: () => 1_000_000 + this.nowMs },
      random: () => 0,
      log: (event) => this.events.push(event),
      wake: () => {},
    });
  }

  /** Lets time pass as the owner's ticks do. */
  pass(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      const nextMs = this.names.tick(this.nowMs);
      this.nowMs = Math.min(endMs, this.nowMs + (nextMs === 0 ? ms : nextMs));
    }
    this.names.tick(this.nowMs);
  }

  async answer(...addresses: string[]): Promise<void> {
    await this.open.shift()!.answer(...addresses);
    this.pass(20);
  }

  async fail(message: string): Promise<void> {
    await this.open.shift()!.fail(message);
    this.pass(20);
  }

  #lookup(name: string): Promise<readonly string[]> {
    this.asked++;
    return new Promise((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setImmediate(done));
      this.open.push({
        name,
        answer: (...addresses) => {
          resolve(addresses);
          return settled();
        },
        fail: (message) => {
          reject(new Error(message));
          return settled();
        },
      });
    });
  }
}

describe('host names', () => {
  it('are looked up at once, and again and again while somebody watches', async () => {
    const scene = new Scene();
    let changes = 0;
    const watch = scene.names.watch('users.internal', () => changes++);
    assert.deepEqual(watch.status, {
      name: 'users.internal',
      addresses: [],
      resolvedAtMs: undefined,
      problem: undefined,
    });
    scene.pass(20);
    assert.deepEqual([scene.open[0]?.name, changes], ['users.internal', 0]);
    await scene.answer('10.0.0.2', '10.0.0.1');
    assert.deepEqual([watch.status.addresses, changes], [['10.0.0.1', '10.0.0.2'], 1]);
    assert.equal(watch.status.resolvedAtMs, 1_000_020);
    scene.pass(29_900);
    assert.equal(scene.asked, 1);
    scene.pass(200);
    assert.equal(scene.asked, 2);
    await scene.answer('10.0.0.1', '10.0.0.2');
    assert.equal(changes, 1, 'another order is no change');
    scene.pass(30_100);
    await scene.answer('10.0.0.1', '10.0.0.3');
    assert.deepEqual([watch.status.addresses, changes], [['10.0.0.1', '10.0.0.3'], 2]);
    watch.close();
    scene.pass(120_000);
    assert.equal(scene.asked, 3);
    assert.equal(scene.names.tick(scene.nowMs), 0, 'nothing is left to time');
  });

  it('keep what they had when a look-up fails, and are tried again at growing times', async () => {
    const scene = new Scene();
    let changes = 0;
    const watch = scene.names.watch('users.internal', () => changes++);
    scene.pass(20);
    await scene.answer('10.0.0.1');
    scene.pass(30_100);
    const failedAtMs: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      failedAtMs.push(scene.nowMs);
      await scene.fail('getaddrinfo EAI_AGAIN users.internal');
      assert.deepEqual([watch.status.addresses, changes], [['10.0.0.1'], 1]);
      assert.equal(watch.status.problem, 'getaddrinfo EAI_AGAIN users.internal');
      for (let waits = 0; scene.open.length === 0 && waits < 100_000; waits++) scene.pass(50);
    }
    const pauses = failedAtMs.slice(1).map((atMs, index) => Math.round((atMs - failedAtMs[index]!) / 1_000));
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30]);
    await scene.answer('10.0.0.1');
    assert.deepEqual([watch.status.problem, changes], [undefined, 1]);
    assert.deepEqual(
      scene.events.map(({ type, addresses }) => [type, addresses]),
      [
        ['failed', ['10.0.0.1']],
        ['resolved again', ['10.0.0.1']],
      ],
    );
  });

  it('take an empty answer for a failure', async () => {
    const scene = new Scene();
    const watch = scene.names.watch('users.internal', () => assert.fail('nothing has changed'));
    scene.pass(20);
    await scene.answer();
    assert.deepEqual([watch.status.addresses, watch.status.problem], [[], 'no address']);
  });

  it('are looked up soon when a connection to one of their addresses fails, but not in a storm', async () => {
    const scene = new Scene();
    scene.names.watch('users.internal', () => {});
    scene.pass(20);
    await scene.answer('10.0.0.1');
    scene.names.suspect('10.0.0.9');
    scene.pass(5_000);
    assert.equal(scene.asked, 1, 'of no concern');
    scene.names.suspect('10.0.0.1');
    scene.pass(20);
    assert.equal(scene.asked, 2);
    await scene.answer('10.0.0.2');
    for (let failure = 0; failure < 150; failure++) {
      scene.names.suspect('10.0.0.2');
      scene.pass(10);
      if (scene.open.length > 0) await scene.answer('10.0.0.2');
    }
    assert.equal(scene.asked, 3);
    assert.deepEqual(
      scene.events.map(({ type, message }) => `${type}: ${message}`),
      ['changed: before: 10.0.0.1'],
    );
  });

  it('are suspected by their name while they are not known', async () => {
    const scene = new Scene();
    scene.names.watch('users.internal', () => {});
    scene.pass(20);
    await scene.fail('ENOTFOUND');
    scene.pass(1_000);
    await scene.fail('ENOTFOUND');
    scene.pass(1_000);
    assert.equal(scene.asked, 2);
    scene.names.suspect('users.internal');
    scene.pass(20);
    assert.equal(scene.asked, 3);
  });

  it('are looked up two at a time, and told together', async () => {
    const scene = new Scene();
    const told: number[] = [];
    for (let index = 0; index < 50; index++) scene.names.watch(`host-${index}`, () => told.push(scene.nowMs));
    scene.pass(20);
    assert.equal(scene.open.length, 2);
    await scene.open.shift()!.answer('10.0.0.1');
    await scene.open.shift()!.answer('10.0.0.2');
    assert.deepEqual(told, []);
    scene.pass(20);
    assert.equal(told.length, 2);
    assert.equal(new Set(told).size, 1);
    assert.equal(scene.open.length, 2);
  });

  it('are asked for once by all who watch one, until the last is gone', async () => {
    const scene = new Scene();
    const told: string[] = [];
    const first = scene.names.watch('a', () => told.push('first'));
    scene.names.watch('a', () => told.push('second'));
    scene.pass(20);
    first.close();
    await scene.answer('10.0.0.1');
    assert.deepEqual([scene.asked, told], [1, ['second']]);
    assert.deepEqual(
      scene.names.status().map(({ name }) => name),
      ['a'],
    );
  });

  it('are quiet once closed, also about what was asked before', async () => {
    const scene = new Scene();
    scene.names.watch('a', () => assert.fail('it is closed'));
    scene.pass(20);
    scene.names.close();
    await scene.answer('10.0.0.1');
    scene.pass(100_000);
    assert.equal(scene.asked, 1);
  });
});

describe('what is known of a host name', () => {
  it('never loses addresses, and is due within half a minute of its last look-up, whatever happens', () => {
    const step = fc.record({
      passMs: fc.nat(40_000),
      what: fc.oneof(
        fc.constantFrom('fail' as const, 'suspect' as const),
        fc.array(fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'), { minLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.double({ min: 0, max: 0.99, noNaN: true }), (steps, drawn) => {
        let nowMs = 0;
        const record = new HostRecord('a', () => drawn, nowMs);
        for (const { passMs, what } of steps) {
          nowMs += passMs;
          const before = record.addresses;
          if (what === 'suspect') record.suspect(nowMs);
          else {
            record.onAsk(nowMs);
            assert.equal(record.dueMs, Number.POSITIVE_INFINITY);
            if (what === 'fail') record.onFailure('x', nowMs);
            else assert.equal(record.onAnswer(what, nowMs, nowMs), [...what].sort().join() !== before?.join());
          }
          if (!Array.isArray(what)) assert.equal(record.addresses, before);
          assert.ok(record.dueMs <= nowMs + 30_000);
        }
      }),
    );
  });
});
