import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Admission, type AdmissionOptions } from '../../../src/admission/admission.ts';
import type { AdmissionTicket } from '../../../src/admission/admission-ticket.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { RecordingRequest } from './recording-request.ts';

const OPTIONS: AdmissionOptions = { maxInFlight: 2, maxInFlightBytes: 1_000, maxWaitMs: 100, maxQueue: 3 };

class Scene {
  readonly admission: Admission;
  readonly log: string[] = [];
  nowMs = 0;

  constructor(options: Partial<AdmissionOptions> = {}) {
    this.admission = new Admission({ ...OPTIONS, ...options }, 0);
  }

  request(name: string): RecordingRequest {
    return new RecordingRequest(name, this.log);
  }

  enter(name: string, bytes = 0): AdmissionTicket {
    return this.admission.enter(this.request(name), bytes, this.nowMs);
  }

  refused(name: string, bytes = 0): GatewayError {
    try {
      this.enter(name, bytes);
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      assert.deepEqual([error.code, error.status], ['ADMISSION_QUEUE_FULL', 503]);
      return error;
    }
    return assert.fail(`${name} was not refused`);
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs;
    this.admission.tick(nowMs);
  }
}

describe('Admission', () => {
  it('admits within its limits, lets a bounded number wait and refuses the others', () => {
    const scene = new Scene();
    const states = ['a', 'b', 'c', 'd', 'e'].map((name) => scene.enter(name).state);
    assert.deepEqual(states, ['admitted', 'admitted', 'waiting', 'waiting', 'waiting']);
    scene.refused('f');
    assert.deepEqual(scene.admission.status, {
      inFlight: 2,
      inFlightBytes: 0,
      waiting: 3,
      timedOutTotal: 0,
      queueFullTotal: 1,
    });
  });

  it('gives the place of one who leaves to the first who waits, in the same step', () => {
    const scene = new Scene();
    const [a, b] = [scene.enter('a'), scene.enter('b')];
    const c = scene.enter('c');
    const d = scene.enter('d');
    a.leave();
    a.leave();
    assert.deepEqual([c.state, d.state], ['admitted', 'waiting']);
    b.leave();
    assert.deepEqual(scene.log, ['c admitted', 'd admitted']);
    assert.equal(scene.admission.status.inFlight, 2);
  });

  it('frees the place in the line of a client that leaves at once', () => {
    const scene = new Scene();
    const a = scene.enter('a');
    scene.enter('b');
    const [c] = [scene.enter('c'), scene.enter('d'), scene.enter('e')];
    c.leave();
    assert.equal(scene.enter('f').state, 'waiting');
    a.leave();
    c.leave();
    assert.deepEqual(scene.log, ['d admitted']);
    assert.equal(scene.admission.status.inFlight, 2);
  });

  it('refuses with ADMISSION_TIMEOUT after maxWaitMs, and not before', () => {
    const scene = new Scene();
    const a = scene.enter('a');
    scene.enter('b');
    const c = scene.enter('c');
    scene.nowMs = 50;
    scene.enter('d');
    scene.tick(99);
    assert.deepEqual(scene.log, []);
    scene.tick(100);
    assert.deepEqual(scene.log, ['c ADMISSION_TIMEOUT']);
    assert.equal(c.state, 'left');
    a.leave();
    assert.deepEqual(scene.log, ['c ADMISSION_TIMEOUT', 'd admitted']);
    assert.equal(scene.admission.status.timedOutTotal, 1);
  });

  it('refuses at once where waiting is off', () => {
    for (const rule of [{ maxWaitMs: 0 }, { maxQueue: 0 }]) {
      const scene = new Scene(rule);
      scene.enter('a');
      scene.enter('b');
      scene.refused('c');
    }
  });

  it('counts bytes until they are given back or the request leaves', () => {
    const scene = new Scene({ maxInFlight: 10 });
    const a = scene.enter('a', 400);
    assert.equal(a.addBytes(500), true);
    assert.equal(a.addBytes(200), false);
    assert.equal(scene.admission.status.inFlightBytes, 1_100);
    const b = scene.enter('b');
    assert.equal(b.state, 'waiting');
    a.removeBytes(100);
    assert.equal(b.state, 'admitted');
    a.leave();
    assert.equal(scene.admission.status.inFlightBytes, 0);
  });

  it('gives back no more bytes than a request holds, and books none to one that has left', () => {
    const scene = new Scene();
    const [a, b] = [scene.enter('a', 100), scene.enter('b', 50)];
    a.removeBytes(1_000);
    assert.deepEqual([a.bytes, scene.admission.status.inFlightBytes], [0, 50]);
    b.leave();
    b.addBytes(700);
    b.removeBytes(50);
    assert.equal(b.bytes, 0);
    assert.equal(scene.admission.status.inFlightBytes, 0);
  });

  it('books no bytes to a request that waits', () => {
    const scene = new Scene();
    scene.enter('a');
    scene.enter('b');
    const c = scene.enter('c', 100);
    c.addBytes(500);
    c.removeBytes(50);
    assert.equal(c.bytes, 100);
    assert.equal(scene.admission.status.inFlightBytes, 0);
  });

  it('does not let small requests pass a large one that waits for bytes', () => {
    const scene = new Scene({ maxInFlight: 10 });
    const a = scene.enter('a', 600);
    const large = scene.enter('large', 900);
    const small = scene.enter('small', 10);
    const empty = scene.enter('empty');
    assert.deepEqual([large.state, small.state, empty.state], ['waiting', 'waiting', 'waiting']);
    a.leave();
    assert.deepEqual(scene.log, ['large admitted', 'small admitted', 'empty admitted']);
  });

  it('lets those behind a large request in when that one gives up', () => {
    const scene = new Scene({ maxInFlight: 10 });
    scene.enter('a', 600);
    const large = scene.enter('large', 900);
    scene.enter('small', 10);
    large.leave();
    assert.deepEqual(scene.log, ['small admitted']);

    scene.enter('large again', 900);
    scene.nowMs = 50;
    scene.enter('small again', 10);
    scene.tick(100);
    assert.deepEqual(scene.log, ['small admitted', 'large again ADMISSION_TIMEOUT', 'small again admitted']);
  });

  it('serves a request larger than the whole budget when nothing else holds bytes', () => {
    const scene = new Scene({ maxInFlight: 10 });
    const a = scene.enter('a', 10);
    const giant = scene.enter('giant', 5_000);
    const b = scene.enter('b', 10);
    assert.equal(giant.state, 'waiting');
    a.leave();
    assert.deepEqual([giant.state, b.state], ['admitted', 'waiting']);
    giant.leave();
    assert.equal(b.state, 'admitted');
  });

  it('sends a newcomer to the end of the line also while the line is being served', () => {
    const scene = new Scene({ maxInFlight: 2 });
    const [a, b] = [scene.enter('a'), scene.enter('b')];
    const c = scene.request('c');
    c.whenAdmitted = () => {
      b.leave();
      assert.equal(scene.enter('newcomer').state, 'waiting');
    };
    scene.admission.enter(c, 0, 0);
    scene.enter('d');
    a.leave();
    assert.deepEqual(scene.log, ['c admitted', 'd admitted']);
  });

  it('serves a line of 20,000 that leave at once without deep recursion', () => {
    const scene = new Scene({ maxInFlight: 1, maxQueue: 20_000 });
    const a = scene.enter('a');
    for (let i = 0; i < 20_000; i++) {
      const request = scene.request(String(i));
      let ticket: AdmissionTicket | undefined;
      request.whenAdmitted = () => ticket?.leave();
      ticket = scene.admission.enter(request, 0, 0);
    }
    a.leave();
    assert.deepEqual(
      scene.log,
      Array.from({ length: 20_000 }, (_, i) => `${i} admitted`),
    );
    assert.deepEqual([scene.admission.status.inFlight, scene.admission.waiting], [0, 0]);
  });

  it('takes new limits for those who come, and serves those who wait with what was added', () => {
    const scene = new Scene();
    const inFlight = [scene.enter('a'), scene.enter('b')];
    for (const name of ['c', 'd']) scene.enter(name);
    scene.admission.configure({ ...OPTIONS, maxInFlight: 3 });
    assert.deepEqual(scene.log, ['c admitted']);
    scene.admission.configure({ ...OPTIONS, maxInFlight: 1, maxWaitMs: 0 });
    for (const ticket of inFlight) ticket.leave();
    assert.deepEqual([scene.admission.status.inFlight, scene.log.length], [1, 1]);
    scene.refused('e');
  });
});

describe('Retry-After', () => {
  function retryAfter({ headers }: GatewayError): number {
    return Number(headers?.['retry-after']);
  }

  /** A gateway that serves `perSecond` requests a second for 20 s, then has two in flight and `waiting` in the line. */
  function busyScene(perSecond: number, waiting: number): Scene {
    const scene = new Scene({ maxQueue: waiting, maxWaitMs: 60_000 });
    for (let i = 0; i < perSecond * 20; i++) {
      scene.nowMs = (i * 1_000) / perSecond;
      scene.enter('served').leave();
    }
    scene.nowMs = 20_000;
    for (let i = 0; i < waiting + 2; i++) scene.enter('more');
    return scene;
  }

  it('says how long the line takes at the rate at which requests have left lately', () => {
    assert.equal(retryAfter(busyScene(100, 400).refused('x')), 5);
    assert.equal(retryAfter(busyScene(10, 120).refused('x')), 13);
  });

  it('is 1 to 30 seconds', () => {
    assert.equal(retryAfter(busyScene(100, 20).refused('x')), 1);
    assert.equal(retryAfter(busyScene(10, 1_000).refused('x')), 30);
  });

  it('is 30 seconds while nothing leaves at all', () => {
    const scene = new Scene({ maxQueue: 0 });
    scene.enter('a');
    scene.enter('b');
    assert.equal(retryAfter(scene.refused('c')), 30);
  });

  it('comes with ADMISSION_TIMEOUT too', () => {
    const scene = busyScene(100, 0);
    scene.admission.configure({ ...OPTIONS, maxWaitMs: 50 });
    let seconds = 0;
    const request = scene.request('late');
    request.onAdmissionRefused = (error) => {
      seconds = retryAfter(error);
    };
    scene.admission.enter(request, 0, 20_000);
    scene.tick(20_050);
    assert.equal(seconds, 1);
  });
});
