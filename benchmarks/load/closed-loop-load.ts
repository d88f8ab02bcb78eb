import type { ParsedAnswer } from './http-answer-parser.ts';
import { LatencyRecord, type LatencySnapshot } from './latency-record.ts';
import { type ConnectionUser, LoadConnection } from './load-connection.ts';
import { wallMs } from './open-loop-load.ts';

export interface ClosedLoopPlan {
  /** Of the server, on 127.0.0.1. */
  readonly port: number;
  /** Of a GET. */
  readonly path: string;
  /** At most 20,000: an address has some 28,000 ports. */
  readonly connections: number;
  /** Length of a good answer's body; any other answer ends the load. */
  readonly answerBytes: number;
}

/** What was answered since the report before. */
export interface ClosedLoopReport {
  readonly answers: number;
  /** From sending to the last byte: a closed loop does not see what it could not send. */
  readonly latency: LatencySnapshot;
  /** Time since the report before, or since `run`. */
  readonly elapsedMs: number;
  /** CPU time of the load's process in that time, in microseconds. */
  readonly cpuMicros: number;
}

/** Connections that are opened at the same time: not more than any server takes from its system in a turn. */
const OPENED_AT_ONCE = 100;
const TICK_MS = 1;
const CHECK_MS = 5;

/**
 * A fixed number of connections that are opened once, each with one request at a time: first one to be open, then none,
 * and from `run` on the next as soon as the last is answered. A wrong answer or a lost connection makes every later call
 * fail.
 */
export class ClosedLoopLoad implements ConnectionUser {
  readonly #plan: ClosedLoopPlan;
  readonly #request: Buffer;
  readonly #open = new Set<LoadConnection>();
  readonly #idle: LoadConnection[] = [];
  #opened = 0;
  #busy = 0;
  #isRunning = false;
  #failure: string | undefined;
  #latency = new LatencyRecord();
  #reportedMs = 0;
  #reportedCpu = process.cpuUsage();

  constructor(plan: ClosedLoopPlan) {
    this.#plan = plan;
    this.#request = Buffer.from(`GET ${plan.path} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\n\r\n`);
  }

  /** Opens all connections, and resolves when each has had one good answer. */
  async open(): Promise<void> {
    while (this.#idle.length < this.#plan.connections) {
      this.#checkHealth();
      while (this.#busy < OPENED_AT_ONCE && this.#opened < this.#plan.connections) this.#openOne();
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  /** Begins to send. All connections send within `rampMs`, evenly spread, so that their answers do not come in crowds. */
  run(rampMs: number): void {
    this.#isRunning = true;
    const startMs = wallMs();
    const total = this.#idle.length;
    const sendDue = (): void => {
      const share = rampMs === 0 ? 1 : Math.min(1, (wallMs() - startMs) / rampMs);
      for (let rest = total * (1 - share); this.#isRunning && this.#idle.length > rest; ) this.#send(this.#idle.pop()!);
      if (share < 1 && this.#isRunning) setTimeout(sendDue, TICK_MS);
    };
    sendDue();
    this.#startReport();
  }

  /** @throws Error when an answer was wrong or a connection lost */
  takeReport(): ClosedLoopReport {
    this.#checkHealth();
    const { user, system } = process.cpuUsage(this.#reportedCpu);
    const report = {
      answers: this.#latency.count,
      latency: this.#latency.snapshot(),
      elapsedMs: wallMs() - this.#reportedMs,
      cpuMicros: user + system,
    };
    this.#startReport();
    return report;
  }

  /** Sends no more, and resolves when everything is answered; rejects when that takes longer than `waitMs`. */
  async halt(waitMs: number): Promise<void> {
    this.#isRunning = false;
    const deadlineMs = wallMs() + waitMs;
    while (this.#busy > 0) {
      this.#checkHealth();
      if (wallMs() > deadlineMs) throw new Error(`${this.#busy} requests had no answer ${waitMs} ms after the last`);
      await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    }
    this.#checkHealth();
  }

  /** Closes all connections. */
  close(): void {
    this.#isRunning = false;
    const open = [...this.#open];
    this.#open.clear();
    for (const connection of open) connection.destroy();
  }

  onAnswer(connection: LoadConnection, { status, code, bodyBytes, closes }: ParsedAnswer): void {
    this.#busy--;
    this.#latency.add(wallMs() - connection.dueMs);
    const { path, answerBytes } = this.#plan;
    if (status !== 200 || bodyBytes !== answerBytes) {
      const what = code === undefined ? String(status) : `${status} ${code}`;
      this.#failure ??= `${path} was answered with ${what} and ${bodyBytes} bytes in place of ${answerBytes}`;
    }
    if (closes) {
      this.#open.delete(connection);
      connection.destroy();
      this.#openOne();
    } else if (this.#isRunning) {
      this.#send(connection);
    } else {
      this.#idle.push(connection);
    }
  }

  onGone(connection: LoadConnection): void {
    if (this.#open.delete(connection)) this.#failure ??= 'a connection was refused or lost';
  }

  #openOne(): void {
    this.#opened++;
    const connection = new LoadConnection(this.#plan.port, this);
    this.#open.add(connection);
    this.#send(connection);
  }

  #send(connection: LoadConnection): void {
    this.#busy++;
    connection.dueMs = wallMs();
    connection.send(this.#request);
  }

  #checkHealth(): void {
    if (this.#failure !== undefined) throw new Error(this.#failure);
  }

  #startReport(): void {
    this.#latency = new LatencyRecord();
    this.#reportedMs = wallMs();
    this.#reportedCpu = process.cpuUsage();
  }
}
