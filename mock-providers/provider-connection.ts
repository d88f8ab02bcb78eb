import type { Socket } from 'node:net';
import type { Answer } from './answer-encoder.ts';
import type { CallLog } from './call-log.ts';
import type { Dialect } from './dialects.ts';
import type { CallAddresses, Dispatcher } from './dispatcher.ts';
import { deliverFaulty, type FaultTarget, faultyAnswer, type Pace } from './fault-delivery.ts';
import type { Fault, FaultScript } from './faults.ts';
import { MalformedRequest, outlineRequest, type RequestOutline } from './outline-request.ts';
import { OutputSlab } from './output-slab.ts';
import { ReceivedCall } from './received-call.ts';
import {
  BadFrame,
  encodeFrame,
  FASTJSON2,
  FLAG_EVENT,
  FLAG_REQUEST,
  FLAG_TWO_WAY,
  FrameReader,
  HEADER_BYTES,
  HESSIAN2,
  idBytes,
  NULL_BODY,
  SERIALIZATION_MASK,
  STATUS_BAD_REQUEST,
  STATUS_OK,
} from './wire.ts';

/** Counters of a provider since its start. */
export interface ProviderStats {
  connectionsOpened: number;
  requests: number;
  oneWayRequests: number;
  answers: number;
  faults: number;
  heartbeatsReceived: number;
  heartbeatsSent: number;
  /** Frames without a request in them that could be answered: broken bodies, unknown serializations. */
  malformedRequests: number;
  /** Streams that could not be cut into frames; each ended its connection. */
  badFrames: number;
  /** Socket writes, one for all answers of an event-loop turn. */
  writes: number;
}

/** What a connection needs of its provider. */
export interface ConnectionOwner {
  readonly dialect: Dialect;
  readonly dispatcher: Dispatcher;
  readonly stats: ProviderStats;
  readonly callLog: CallLog;
  readonly faults: FaultScript;
  readonly isPaused: boolean;
  nextEventId(): bigint;
  connectionClosed(connection: ProviderConnection): void;
}

/** Answers waiting past this are written before the turn ends. */
const MAX_BYTES_PER_WRITE = 1024 * 1024;
const ONE_WAY_EVENT = FLAG_REQUEST | FLAG_EVENT;
const READONLY_HESSIAN2 = Buffer.from([0x01, 0x52]);
const READONLY_FASTJSON2 = Buffer.from([0, 0, 0, 2, 0x4a, 0x52]);

/** One client's connection: cuts frames, has calls run, and writes the answers of a turn together. */
export class ProviderConnection implements FaultTarget {
  readonly number: number;
  readonly remotePort: number;
  requests = 0;
  /** Calls that were not answered yet. */
  inFlight = 0;
  lastReadMs: number;
  lastWriteMs: number;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #reader: FrameReader;
  readonly #addresses: CallAddresses;
  readonly #output = new OutputSlab();
  readonly #timers = new Set<NodeJS.Timeout>();
  #flushIsDue = false;
  /** Slow answers, the first of which is on its way; everything else waits for them. */
  readonly #slowWrites: (() => void)[] = [];
  #afterFlush: 'end' | 'cut' | null = null;

  constructor(socket: Socket, number: number, owner: ConnectionOwner) {
    this.#socket = socket;
    this.number = number;
    this.#owner = owner;
    this.remotePort = socket.remotePort ?? 0;
    this.#addresses = {
      local: `${socket.localAddress}:${socket.localPort}`,
      remote: `${socket.remoteAddress}:${this.remotePort}`,
    };
    this.lastReadMs = Date.now();
    this.lastWriteMs = this.lastReadMs;
    this.#reader = new FrameReader(owner.dialect.payloadBytes, (frame) => this.#receive(frame));
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('drain', () => {
      if (!owner.isPaused) socket.resume();
    });
    // A reset connection is no news: the 'close' event follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#closed());
    if (owner.isPaused) socket.pause();
  }

  send(bytes: Buffer): void {
    if (this.#socket.destroyed || this.#afterFlush !== null) return;
    this.#output.append(bytes);
    this.#scheduleFlush();
  }

  sendSlowly(bytes: Buffer, pace: Pace, done: () => void): void {
    if (this.#socket.destroyed || this.#afterFlush !== null) return;
    this.#slowWrites.push(() => this.#writeSlowly(bytes, 0, pace, done));
    if (this.#slowWrites.length > 1) return;
    this.#writeOutput();
    this.#slowWrites[0]!();
  }

  end(): void {
    this.#afterFlush ??= 'end';
    this.#scheduleFlush();
  }

  cut(): void {
    this.#afterFlush = 'cut';
    this.#scheduleFlush();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  /** READONLY, as often as the dialect sends it. */
  sendReadonly(): void {
    const { dialect } = this.#owner;
    const inFastjson2 = dialect.fastjson2Errors;
    const body = inFastjson2 ? READONLY_FASTJSON2 : READONLY_HESSIAN2;
    for (let rest = dialect.readonlyEvents; rest > 0; rest--) {
      const id = idBytes(this.#owner.nextEventId());
      this.send(encodeFrame(ONE_WAY_EVENT | (inFastjson2 ? FASTJSON2 : HESSIAN2), 0, id, body));
    }
  }

  sendHeartbeat(): void {
    this.#owner.stats.heartbeatsSent++;
    const id = idBytes(this.#owner.nextEventId());
    this.send(encodeFrame(ONE_WAY_EVENT | FLAG_TWO_WAY | HESSIAN2, 0, id, NULL_BODY));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
    if (!this.#output.isEmpty || this.#afterFlush !== null) this.#scheduleFlush();
  }

  #read(chunk: Buffer): void {
    this.lastReadMs = Date.now();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof BadFrame)) throw error;
      this.#owner.stats.badFrames++;
      this.cut();
    }
    // A turn can read many chunks: a client that takes no answers must be noticed between them.
    if (this.#output.length > MAX_BYTES_PER_WRITE) this.#flush();
  }

  #receive(frame: Buffer): void {
    if (this.#afterFlush !== null) return;
    const flags = frame[2]!;
    if ((flags & FLAG_REQUEST) === 0) {
      if ((flags & FLAG_EVENT) !== 0) this.#owner.stats.heartbeatsReceived++;
    } else if ((flags & FLAG_EVENT) !== 0) {
      this.#receiveEvent(flags, frame);
    } else {
      this.#receiveRequest(flags, frame);
    }
  }

  #receiveEvent(flags: number, frame: Buffer): void {
    const { dialect, stats } = this.#owner;
    stats.heartbeatsReceived++;
    if ((flags & FLAG_TWO_WAY) === 0) return;
    const serialization = flags & SERIALIZATION_MASK;
    if (serialization !== HESSIAN2 && !(serialization === FASTJSON2 && dialect.fastjson2Heartbeats)) return;
    const body = frame.subarray(HEADER_BYTES);
    const answer = dialect.trailingNull ? Buffer.concat([body, NULL_BODY]) : body;
    this.#output.appendFrame(FLAG_EVENT | serialization, STATUS_OK, frame.subarray(4, 12), answer);
    this.#scheduleFlush();
  }

  #receiveRequest(flags: number, frame: Buffer): void {
    const { stats, callLog, faults, dispatcher } = this.#owner;
    stats.requests++;
    this.requests++;
    const twoWay = (flags & FLAG_TWO_WAY) !== 0;
    if (!twoWay) stats.oneWayRequests++;
    const id = frame.subarray(4, 12);
    const body = frame.subarray(HEADER_BYTES);
    const outline = this.#outline(flags & SERIALIZATION_MASK, body, twoWay, id);
    if (outline === null) return;
    if (callLog.isKept) callLog.add(new ReceivedCall(this.number, !twoWay, outline, body));
    const service = outline.attachments.get('path') ?? outline.path;
    const fault = faults.next(service, outline.invoked?.name ?? outline.method);
    if (fault !== null) {
      stats.faults++;
      if (fault.dropConnection === 'before') {
        this.cut();
        return;
      }
      const faulty = faultyAnswer(fault, outline, dispatcher.encoder);
      if (faulty !== null) {
        this.#answer(faulty, id, twoWay, fault);
        return;
      }
    }
    const answer = dispatcher.answer(outline, body, this.#addresses);
    if (!(answer instanceof Promise)) {
      this.#answer(answer, id, twoWay, fault);
      return;
    }
    // The frame's bytes are only lent, so the id is kept apart.
    const ownId = Buffer.from(id);
    this.inFlight++;
    answer.then((settled) => {
      this.inFlight--;
      this.#answer(settled, ownId, twoWay, fault);
    });
  }

  #outline(serialization: number, body: Buffer, twoWay: boolean, id: Buffer): RequestOutline | null {
    const { dialect, dispatcher, stats } = this.#owner;
    let problem = `java.io.IOException: Unrecognized serialize type from consumer: ${serialization}`;
    let answered = dialect.answersGarbage;
    if (serialization === HESSIAN2) {
      try {
        return outlineRequest(body);
      } catch (error) {
        if (!(error instanceof MalformedRequest)) throw error;
        problem = `com.alibaba.com.caucho.hessian.io.HessianProtocolException: ${error.message}`;
        answered = dialect.name !== 'go' && (dialect.answersGarbage || !error.beforeArguments);
      }
    }
    stats.malformedRequests++;
    if (answered) {
      const answer = dispatcher.encoder.status(STATUS_BAD_REQUEST, `Fail to decode request due to: ${problem}`);
      this.#answer(answer, id, twoWay, null);
    }
    return null;
  }

  #answer(answer: Answer | null, id: Buffer, twoWay: boolean, fault: Fault | null): void {
    if (answer === null || !twoWay || this.#socket.destroyed || this.#afterFlush !== null) return;
    if (fault !== null) {
      deliverFaulty(fault, answer, Buffer.from(id), this, this.#owner.faults.random);
      return;
    }
    this.#owner.stats.answers++;
    this.#output.appendFrame(answer.serialization, answer.status, id, answer.body);
    this.#scheduleFlush();
  }

  #scheduleFlush(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushIsDue = false;
    if (this.#owner.isPaused || this.#socket.destroyed) return;
    if (!this.#output.isEmpty) {
      this.lastWriteMs = Date.now();
      this.#owner.stats.writes++;
      // A client that does not read its answers gets no more calls run.
      if (!this.#socket.write(this.#output.take())) this.#socket.pause();
    }
    if (this.#afterFlush === 'end') this.#socket.end();
    else if (this.#afterFlush === 'cut') this.#socket.end(() => this.#socket.destroy());
  }

  #writeOutput(): void {
    if (!this.#output.isEmpty) this.#write(this.#output.take());
  }

  #write(bytes: Buffer): void {
    this.lastWriteMs = Date.now();
    this.#owner.stats.writes++;
    this.#socket.write(bytes);
  }

  #writeSlowly(bytes: Buffer, start: number, pace: Pace, done: () => void): void {
    if (this.#socket.destroyed) return;
    let end = start;
    if (!this.#owner.isPaused) {
      end += pace.chunkBytes;
      this.#write(bytes.subarray(start, end));
    }
    if (end < bytes.length) {
      this.later(pace.everyMs, () => this.#writeSlowly(bytes, end, pace, done));
      return;
    }
    done();
    this.#slowWrites.shift();
    if (this.#slowWrites.length > 0) this.#slowWrites[0]!();
    else this.#scheduleFlush();
  }

  #closed(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#owner.connectionClosed(this);
  }
}
