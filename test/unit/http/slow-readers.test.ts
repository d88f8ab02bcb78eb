import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { Admission } from '../../../src/admission/admission.ts';
import type { AdmissionTicket } from '../../../src/admission/admission-ticket.ts';
import { type SlowReaderLimits, SlowReaders } from '../../../src/http/slow-readers.ts';
import { RecordingRequest } from '../admission/recording-request.ts';

class FakeSocket extends EventEmitter {
  isDestroyed = false;

  /** Closes later, as a socket does. */
  destroy(): void {
    this.isDestroyed = true;
  }

  close(): void {
    this.emit('close');
  }
}

/** A response as far as slow readers know one. `socket` is null until its turn comes. */
class FakeResponse extends EventEmitter {
  readonly req: { readonly socket: FakeSocket };
  socket: FakeSocket | null;

  constructor(socket = new FakeSocket(), hasTurn = true) {
    super();
    this.req = { socket };
    this.socket = hasTurn ? socket : null;
  }

  /** All is sent, or the connection is lost. */
  close(): void {
    this.emit('close');
  }
}

class Scene {
  readonly admission = new Admission(
    { maxInFlight: 100, maxInFlightBytes: 10_000, maxWaitMs: 1_000, maxQueue: 100 },
    0,
  );
  readonly readers: SlowReaders;
  wakes = 0;

  constructor(limits: Partial<SlowReaderLimits> = {}) {
    const wake = () => void this.wakes++;
    this.readers = new SlowReaders({ answerTimeoutMs: 1_000, maxAnswers: 10, maxBytes: 1_000, ...limits }, wake);
  }

  add(bytes: number, nowMs = 0, response = new FakeResponse()): FakeResponse {
    this.readers.add(response as unknown as ServerResponse, bytes, this.ticket(), nowMs);
    return response;
  }

  ticket(): AdmissionTicket {
    return this.admission.enter(new RecordingRequest('r', []), 0, 0);
  }

  /** Places and bytes of admission, answers and bytes of slow readers, and those cut off. */
  get books(): number[] {
    const { inFlight, inFlightBytes } = this.admission.status;
    const { waiting, waitingBytes, cutOffTotal } = this.readers.status;
    return [inFlight, inFlightBytes, waiting, waitingBytes, cutOffTotal];
  }
}

describe('an answer that waits for its client', () => {
  it('keeps its place and its bytes until it is sent', () => {
    const scene = new Scene();
    const response = scene.add(300);
    assert.deepEqual(scene.books, [1, 300, 1, 300, 0]);
    assert.equal(scene.wakes, 1);
    response.close();
    assert.deepEqual(scene.books, [0, 0, 0, 0, 0]);
    response.close();
    scene.readers.tick(5_000);
    assert.deepEqual(scene.books, [0, 0, 0, 0, 0]);
    assert.equal(response.req.socket.isDestroyed, false);
  });

  it('is cut off when its time is over, and not before', () => {
    const scene = new Scene();
    const response = scene.add(300, 500);
    scene.readers.tick(1_499);
    assert.equal(response.req.socket.isDestroyed, false);
    scene.readers.tick(1_510);
    assert.equal(response.req.socket.isDestroyed, true);
    assert.deepEqual(scene.books, [0, 0, 0, 0, 1], 'free at once, not only when the socket has closed');
    response.close();
    assert.deepEqual(scene.books, [0, 0, 0, 0, 1]);
  });

  it('needs no ticket', () => {
    const scene = new Scene();
    const response = new FakeResponse();
    scene.readers.add(response as unknown as ServerResponse, 70, undefined, 0);
    assert.deepEqual(scene.books, [0, 0, 1, 70, 0]);
    response.close();
    assert.deepEqual(scene.books, [0, 0, 0, 0, 0]);
  });
});

describe('too much that waits for clients', () => {
  it('costs those who have waited longest their connections: by bytes', () => {
    const scene = new Scene();
    const [first, second, third] = [scene.add(400), scene.add(400), scene.add(500)];
    assert.deepEqual(
      [first, second, third].map(({ req }) => req.socket.isDestroyed),
      [true, false, false],
    );
    assert.deepEqual(scene.books, [2, 900, 2, 900, 1]);
    const fourth = scene.add(999);
    assert.deepEqual(
      [second, third, fourth].map(({ req }) => req.socket.isDestroyed),
      [true, true, false],
    );
    assert.deepEqual(scene.books, [1, 999, 1, 999, 3]);
  });

  it('and by number', () => {
    const scene = new Scene({ maxAnswers: 2 });
    const responses = [scene.add(1), scene.add(1), scene.add(1)];
    assert.deepEqual(
      responses.map(({ req }) => req.socket.isDestroyed),
      [true, false, false],
    );
    assert.deepEqual(scene.books, [2, 2, 2, 2, 1]);
  });

  it('spares one answer that is larger than the limit when it is alone', () => {
    const scene = new Scene();
    const large = scene.add(5_000);
    assert.equal(large.req.socket.isDestroyed, false);
    const small = scene.add(1);
    assert.deepEqual([large.req.socket.isDestroyed, small.req.socket.isDestroyed], [true, false]);
    assert.deepEqual(scene.books, [1, 1, 1, 1, 1]);
  });
});

describe('a pipelined answer that comes before its turn', () => {
  it('is let go when its connection is lost, though nobody tells it', () => {
    const scene = new Scene();
    const socket = new FakeSocket();
    for (let request = 0; request < 50; request++) scene.add(10, 0, new FakeResponse(socket, false));
    assert.equal(socket.listenerCount('close'), 1, 'one listener a connection');
    assert.deepEqual(scene.books.slice(0, 4), [10, 100, 10, 100]);
    socket.close();
    assert.deepEqual(scene.books.slice(0, 4), [0, 0, 0, 0]);
  });

  it('is let go once when its turn comes and it is sent', () => {
    const scene = new Scene();
    const socket = new FakeSocket();
    const response = scene.add(100, 0, new FakeResponse(socket, false));
    response.socket = socket;
    response.close();
    assert.deepEqual(scene.books, [0, 0, 0, 0, 0]);
    socket.close();
    assert.deepEqual(scene.books, [0, 0, 0, 0, 0]);
  });

  it('costs the connection when it is cut off', () => {
    const scene = new Scene();
    const socket = new FakeSocket();
    scene.add(100, 0, new FakeResponse(socket, false));
    scene.readers.tick(1_010);
    assert.equal(socket.isDestroyed, true);
  });
});
