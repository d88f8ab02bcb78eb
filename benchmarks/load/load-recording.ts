import { LatencyRecord, type LatencySnapshot } from './latency-record.ts';

/** Width of an interval in ms. */
export const INTERVAL_MS = 100;

/** How a request ended: `ok` for a status below 400, status and code for another, or one of those below. */
export type Outcome = string;
export const OK: Outcome = 'ok';
/** The connection could not be opened, or was cut. */
export const CONNECTION_ERROR: Outcome = 'connection error';
/** What came was no HTTP answer, or one without `Content-Length`. */
export const BAD_ANSWER: Outcome = 'bad answer';
/** The client had no connection free for it for too long, and did not send it. */
export const GAVE_UP: Outcome = 'not sent';
/** There was no answer when the load ended. */
export const STILL_OPEN: Outcome = 'still open';

/** Requests with one outcome. */
export interface OutcomeRecord {
  readonly outcome: Outcome;
  /** From when the request was due, whether it could be sent then or not, to the last byte of the answer. */
  readonly latency: LatencySnapshot;
  /** Answers with a Retry-After header among them. */
  readonly withRetryAfter: number;
}

/** What became of the requests of one stream that were due within one interval. */
export interface IntervalRecord {
  /** Start of the interval, in ms since 1970. */
  readonly fromMs: number;
  /** Requests that were due in it; each is in exactly one of the outcomes. */
  readonly due: number;
  readonly outcomes: readonly OutcomeRecord[];
  /** Answers with outcome `ok` that came in this interval, whenever they were due. */
  readonly okAnswers: number;
}

/** Everything one stream of requests went through. */
export interface StreamRecording {
  readonly name: string;
  readonly intervals: readonly IntervalRecord[];
}

/** What a load saw. */
export interface LoadRecording {
  readonly streams: readonly StreamRecording[];
  /** Most connections that were open at a time. */
  readonly maxOpenConnections: number;
  /** Most requests that had to wait within the load for a connection, because all it may open were busy. */
  readonly maxBacklog: number;
  /** CPU time of the load's process in microseconds. */
  readonly cpuMicros: number;
}

/** Keeps the record of one stream. Times are in ms since 1970. */
export class StreamRecorder {
  readonly #startMs: number;
  readonly #intervals: MutableInterval[] = [];

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  onDue(dueMs: number): void {
    this.#intervalAt(dueMs).due++;
  }

  onEnd(outcome: Outcome, dueMs: number, nowMs: number, hasRetryAfter: boolean): void {
    const { outcomes } = this.#intervalAt(dueMs);
    let record = outcomes.get(outcome);
    if (record === undefined) {
      record = { latency: new LatencyRecord(), withRetryAfter: 0 };
      outcomes.set(outcome, record);
    }
    record.latency.add(nowMs - dueMs);
    if (hasRetryAfter) record.withRetryAfter++;
    if (outcome === OK) this.#intervalAt(nowMs).okAnswers++;
  }

  recording(name: string): StreamRecording {
    const intervals = this.#intervals.map(({ due, outcomes, okAnswers }, index) => ({
      fromMs: this.#startMs + index * INTERVAL_MS,
      due,
      okAnswers,
      outcomes: [...outcomes].map(([outcome, { latency, withRetryAfter }]) => ({
        outcome,
        latency: latency.snapshot(),
        withRetryAfter,
      })),
    }));
    return { name, intervals };
  }

  #intervalAt(ms: number): MutableInterval {
    const index = Math.max(0, Math.floor((ms - this.#startMs) / INTERVAL_MS));
    while (this.#intervals.length <= index) {
      this.#intervals.push({ due: 0, okAnswers: 0, outcomes: new Map() });
    }
    return this.#intervals[index]!;
  }
}

interface MutableInterval {
  due: number;
  okAnswers: number;
  readonly outcomes: Map<Outcome, { latency: LatencyRecord; withRetryAfter: number }>;
}
