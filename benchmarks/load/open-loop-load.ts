import { Arrivals } from './arrivals.ts';
import type { ParsedAnswer } from './http-answer-parser.ts';
import { type ConnectionUser, LoadConnection } from './load-connection.ts';
import {
  BAD_ANSWER,
  CONNECTION_ERROR,
  GAVE_UP,
  type LoadRecording,
  OK,
  type Outcome,
  STILL_OPEN,
  StreamRecorder,
} from './load-recording.ts';

/** One kind of request at its own rate. */
export interface LoadStream {
  readonly name: string;
  /** Of a GET. */
  readonly path: string;
  readonly perSecond: number;
  /** Length of a good answer's body; a success of another length is a bad answer. By default any will do. */
  readonly answerBytes?: number;
}

export interface LoadPlan {
  /** Of the gateway, on 127.0.0.1. */
  readonly port: number;
  readonly streams: readonly LoadStream[];
  /** Connections that may be open at a time, default 4,000. Requests beyond wait for one, and the wait counts. */
  readonly maxConnections?: number;
  /** Connections that are opened at the start, as a client has them that was there before; default 0. */
  readonly openConnections?: number;
  /** How long in ms a request waits for a connection until it is given up; by default it is not. */
  readonly giveUpMs?: number;
  /**
   * Looks ten times a millisecond for what is due, in place of once: requests do not come in small crowds then, and a
   * latency is known that much closer. Costs a tenth of a core.
   */
  readonly fineTicks?: boolean;
}

/** Requests on their way. Both the load in this process and the one in its own look like this. */
export interface RunningLoad {
  setRate(stream: string, perSecond: number): void;
  /** Sends no more, waits at most `waitMs` (default 10,000) for the answers that are open, and gives the record. */
  stop(waitMs?: number): Promise<LoadRecording>;
}

const DEFAULT_MAX_CONNECTIONS = 4_000;
const DEFAULT_STOP_WAIT_MS = 10_000;
const TICK_MS = 1;
const FINE_TICK_MS = 0.1;
/** Nobody wakes who sleeps on it. */
const SLEEP = new Int32Array(new SharedArrayBuffer(4));
const STOP_CHECK_MS = 5;
const REQUEST_TIMEOUT = 408;
const NO_STREAM = -1;

/**
 * Sends each request when it is due, whatever became of the ones before (an open loop), and measures from then: a server
 * that stands still for a second is seen by every request of that second. Each request ends in exactly one outcome.
 */
export class OpenLoopLoad implements RunningLoad, ConnectionUser {
  readonly #port: number;
  readonly #maxConnections: number;
  readonly #giveUpMs: number;
  readonly #streams: ActiveStream[];
  readonly #startedCpu = process.cpuUsage();
  readonly #idle: LoadConnection[] = [];
  readonly #open = new Set<LoadConnection>();
  /** Requests that wait for a connection: stream and due time in turn, from `#backlogHead` on. */
  #backlog: number[] = [];
  #backlogHead = 0;
  #maxBacklog = 0;
  #maxOpenConnections = 0;
  #requestsOpen = 0;
  readonly #fineTicks: boolean;
  #timer: NodeJS.Timeout | undefined;
  #nextTurn: NodeJS.Immediate | undefined;

  constructor(plan: LoadPlan) {
    const { port, streams, maxConnections = DEFAULT_MAX_CONNECTIONS, giveUpMs = Number.POSITIVE_INFINITY } = plan;
    this.#fineTicks = plan.fineTicks ?? false;
    const nowMs = wallMs();
    this.#port = port;
    this.#maxConnections = maxConnections;
    this.#giveUpMs = giveUpMs;
    this.#streams = streams.map(({ name, path, perSecond, answerBytes }) => ({
      name,
      answerBytes,
      request: Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`),
      arrivals: new Arrivals(perSecond, nowMs),
      recorder: new StreamRecorder(nowMs),
    }));
    for (let count = plan.openConnections ?? 0; count > 0; count--) this.#idle.push(this.#newConnection()!);
    this.#scheduleTick();
  }

  setRate(name: string, perSecond: number): void {
    this.#sendDue();
    const stream = this.#streams.find((one) => one.name === name);
    if (stream === undefined) throw new Error(`the load has no stream "${name}"`);
    stream.arrivals.setRate(perSecond, wallMs());
  }

  async stop(waitMs = DEFAULT_STOP_WAIT_MS): Promise<LoadRecording> {
    this.#sendDue();
    clearTimeout(this.#timer);
    clearImmediate(this.#nextTurn);
    const deadlineMs = wallMs() + waitMs;
    while (this.#requestsOpen > 0 && wallMs() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, STOP_CHECK_MS));
      this.#giveUp(wallMs());
    }
    this.#endAll();
    const { user, system } = process.cpuUsage(this.#startedCpu);
    return {
      streams: this.#streams.map(({ name, recorder }) => recorder.recording(name)),
      maxOpenConnections: this.#maxOpenConnections,
      maxBacklog: this.#maxBacklog,
      cpuMicros: user + system,
    };
  }

  onAnswer(connection: LoadConnection, { status, code, bodyBytes, hasRetryAfter, closes }: ParsedAnswer): void {
    if (connection.streamIndex === NO_STREAM) {
      // A server may give up a connection on which nothing came for long; anything else would be a second answer.
      if (status !== REQUEST_TIMEOUT) throw new Error(`an answer with status ${status} came to no request`);
      connection.destroy();
      return;
    }
    const { answerBytes = bodyBytes } = this.#streams[connection.streamIndex]!;
    const success = bodyBytes === answerBytes ? OK : BAD_ANSWER;
    const outcome = status < 400 ? success : code === undefined ? String(status) : `${status} ${code}`;
    this.#end(connection, outcome, hasRetryAfter);
    if (closes) {
      this.#drop(connection);
      this.#serveBacklog();
    } else if (!this.#sendFromBacklog(connection)) {
      this.#idle.push(connection);
    }
  }

  onGone(connection: LoadConnection): void {
    if (connection.streamIndex !== NO_STREAM) {
      this.#end(connection, connection.isGarbled ? BAD_ANSWER : CONNECTION_ERROR, false);
    }
    this.#drop(connection);
    this.#serveBacklog();
  }

  readonly #tick = (): void => {
    this.#scheduleTick();
    this.#sendDue();
  };

  readonly #fineTick = (): void => {
    // No timer of Node's is that short. The sockets are read between two turns.
    Atomics.wait(SLEEP, 0, 0, FINE_TICK_MS);
    this.#tick();
  };

  #scheduleTick(): void {
    if (this.#fineTicks) this.#nextTurn = setImmediate(this.#fineTick);
    else this.#timer = setTimeout(this.#tick, TICK_MS);
  }

  #sendDue(): void {
    const nowMs = wallMs();
    for (let index = 0; index < this.#streams.length; index++) {
      const { arrivals, recorder } = this.#streams[index]!;
      for (let dueMs = arrivals.takeDue(nowMs); dueMs !== undefined; dueMs = arrivals.takeDue(nowMs)) {
        recorder.onDue(dueMs);
        this.#requestsOpen++;
        const connection = this.#idle.pop() ?? this.#newConnection();
        if (connection === undefined) this.#backlog.push(index, dueMs);
        else this.#send(connection, index, dueMs);
      }
    }
    this.#giveUp(nowMs);
    this.#maxBacklog = Math.max(this.#maxBacklog, (this.#backlog.length - this.#backlogHead) / 2);
  }

  /** Ends the waits for a connection that have lasted too long. */
  #giveUp(nowMs: number): void {
    while (this.#backlogHead < this.#backlog.length) {
      const dueMs = this.#backlog[this.#backlogHead + 1]!;
      if (nowMs - dueMs < this.#giveUpMs) return;
      this.#endUnsent(GAVE_UP, nowMs);
    }
  }

  /** The first request that waits for a connection will not be sent. */
  #endUnsent(outcome: Outcome, nowMs: number): void {
    const streamIndex = this.#backlog[this.#backlogHead]!;
    this.#streams[streamIndex]!.recorder.onEnd(outcome, this.#backlog[this.#backlogHead + 1]!, nowMs, false);
    this.#requestsOpen--;
    this.#takeFromBacklog();
  }

  #send(connection: LoadConnection, streamIndex: number, dueMs: number): void {
    connection.streamIndex = streamIndex;
    connection.dueMs = dueMs;
    connection.send(this.#streams[streamIndex]!.request);
  }

  #sendFromBacklog(connection: LoadConnection): boolean {
    if (this.#backlogHead === this.#backlog.length) return false;
    this.#send(connection, this.#backlog[this.#backlogHead]!, this.#backlog[this.#backlogHead + 1]!);
    this.#takeFromBacklog();
    return true;
  }

  #takeFromBacklog(): void {
    this.#backlogHead += 2;
    // Cut off what is over, seldom enough to cost nothing.
    if (this.#backlogHead > 10_000 && this.#backlogHead * 2 > this.#backlog.length) {
      this.#backlog = this.#backlog.slice(this.#backlogHead);
      this.#backlogHead = 0;
    }
  }

  /** One connection is gone: another may take its place, if anything waits for it. */
  #serveBacklog(): void {
    if (this.#backlogHead === this.#backlog.length) return;
    const connection = this.#newConnection();
    if (connection !== undefined) this.#sendFromBacklog(connection);
  }

  #newConnection(): LoadConnection | undefined {
    if (this.#open.size >= this.#maxConnections) return undefined;
    const connection = new LoadConnection(this.#port, this);
    this.#open.add(connection);
    this.#maxOpenConnections = Math.max(this.#maxOpenConnections, this.#open.size);
    return connection;
  }

  #end(connection: LoadConnection, outcome: Outcome, hasRetryAfter: boolean): void {
    const { recorder } = this.#streams[connection.streamIndex]!;
    connection.streamIndex = NO_STREAM;
    this.#requestsOpen--;
    recorder.onEnd(outcome, connection.dueMs, wallMs(), hasRetryAfter);
  }

  #drop(connection: LoadConnection): void {
    if (!this.#open.delete(connection)) return;
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    connection.destroy();
  }

  #endAll(): void {
    const nowMs = wallMs();
    while (this.#backlogHead < this.#backlog.length) this.#endUnsent(STILL_OPEN, nowMs);
    for (const connection of this.#open) {
      if (connection.streamIndex !== NO_STREAM) this.#end(connection, STILL_OPEN, false);
      connection.destroy();
    }
    this.#open.clear();
  }
}

interface ActiveStream {
  readonly name: string;
  readonly answerBytes: number | undefined;
  readonly request: Buffer;
  readonly arrivals: Arrivals;
  readonly recorder: StreamRecorder;
}

/** Milliseconds since 1970 with fractions, on one scale for all processes of a machine. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
