import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { WaitQueue } from '../time/wait-queue.ts';
import { type AdmissionCaller, AdmissionTicket, type TicketDesk } from './admission-ticket.ts';
import { LeaveRate } from './leave-rate.ts';

/** Limits of an {@link Admission}. */
export interface AdmissionOptions {
  /** Requests being served at a time. */
  readonly maxInFlight: number;
  /** Bytes of request bodies and of answers that are not written yet, of all requests being served. */
  readonly maxInFlightBytes: number;
  /** Longest wait in ms for a place; 0 refuses at once. */
  readonly maxWaitMs: number;
  /** Requests that may wait at a time. */
  readonly maxQueue: number;
}

/** What `GET /admin/v1/bulkheads` says of admission. */
export interface AdmissionStatus {
  readonly inFlight: number;
  readonly inFlightBytes: number;
  readonly waiting: number;
  /** Requests refused with ADMISSION_TIMEOUT. */
  readonly timedOutTotal: number;
  /** Requests refused with ADMISSION_QUEUE_FULL. */
  readonly queueFullTotal: number;
}

/** Bounds of Retry-After in seconds: sooner is no relief, and later nobody can foresee. */
const MIN_RETRY_SECONDS = 1;
const MAX_RETRY_SECONDS = 30;

/**
 * Stands in front of everything: so many requests and so many bytes in flight, the others wait for a bounded time in a
 * bounded line.
 *
 * Strictly first come, first served, for places and bytes alike: while anybody waits, a newcomer goes to the end of the
 * line, also if it is small and would fit. So a large request is never starved by small ones. One that is larger than
 * the whole budget is served when it is alone.
 *
 * Callers are told of their admission in the middle of somebody else's `leave`; they may use the desk from there.
 */
export class Admission implements TicketDesk {
  readonly #queue = new WaitQueue<AdmissionTicket>();
  readonly #leaveRate: LeaveRate;
  #options: AdmissionOptions;
  #inFlight = 0;
  #inFlightBytes = 0;
  #timedOutTotal = 0;
  #queueFullTotal = 0;
  #isServing = false;
  readonly #onWaiting: () => void;

  /**
   * @param nowMs the present time
   * @param onWaiting called when a request begins to wait, so that `tick` is called from then on
   */
  constructor(options: AdmissionOptions, nowMs: number, onWaiting: () => void = () => {}) {
    this.#options = options;
    this.#onWaiting = onWaiting;
    this.#leaveRate = new LeaveRate(nowMs);
  }

  /** Number of requests that wait; while it is not 0, `tick` must be called every few ms. */
  get waiting(): number {
    return this.#queue.size;
  }

  get status(): AdmissionStatus {
    return {
      inFlight: this.#inFlight,
      inFlightBytes: this.#inFlightBytes,
      waiting: this.#queue.size,
      timedOutTotal: this.#timedOutTotal,
      queueFullTotal: this.#queueFullTotal,
    };
  }

  /**
   * Lets a request in at once or gives it a place in the line: see the ticket's `state`.
   *
   * @param bytes that its body will take: its declared length, or the most it may have where that is unknown
   * Throws ADMISSION_QUEUE_FULL, with the seconds after which another try is worth it.
   */
  enter(caller: AdmissionCaller, bytes: number, nowMs: number): AdmissionTicket {
    this.#leaveRate.advance(nowMs);
    const { maxQueue, maxWaitMs } = this.#options;
    const mustWait = this.#queue.size > 0 || !this.#hasPlaceFor(bytes);
    if (mustWait && (maxWaitMs === 0 || this.#queue.size >= maxQueue)) {
      this.#queueFullTotal++;
      throw this.#refusal('ADMISSION_QUEUE_FULL', 'The gateway is overloaded, and too many requests wait.', nowMs);
    }
    const ticket = new AdmissionTicket(this, caller, bytes);
    if (mustWait) {
      this.#queue.push(ticket, nowMs, nowMs + maxWaitMs);
      this.#onWaiting();
    } else {
      this.#admit(ticket);
    }
    return ticket;
  }

  /** Ends the waits that have lasted `maxWaitMs`. To be called every few ms while anybody waits. */
  tick(nowMs: number): void {
    this.#leaveRate.advance(nowMs);
    this.#queue.expire(nowMs, (ticket) => {
      ticket.state = 'left';
      this.#timedOutTotal++;
      const detail = 'The gateway is overloaded: the request waited for its turn for as long as it may.';
      ticket.caller.onAdmissionRefused(this.#refusal('ADMISSION_TIMEOUT', detail, nowMs));
    });
    // Who was refused in front may have been too large, and who stood behind may fit.
    this.#serve();
  }

  /**
   * Sets new limits. Requests in flight stay, also beyond them, and who waits keeps place and deadline.
   */
  configure(options: AdmissionOptions): void {
    this.#options = options;
    this.#serve();
  }

  changeBytes(ticket: AdmissionTicket, differenceBytes: number): boolean {
    if (ticket.state === 'admitted') {
      const change = Math.max(differenceBytes, -ticket.bytes);
      ticket.bytes += change;
      this.#inFlightBytes += change;
      if (change < 0) this.#serve();
    }
    return this.#inFlightBytes <= this.#options.maxInFlightBytes;
  }

  leave(ticket: AdmissionTicket): void {
    if (ticket.state === 'waiting') {
      this.#queue.remove(ticket);
    } else {
      this.#leaveRate.count();
      this.#inFlight--;
      this.#inFlightBytes -= ticket.bytes;
      ticket.bytes = 0;
    }
    ticket.state = 'left';
    this.#serve();
  }

  #hasPlaceFor(bytes: number): boolean {
    const { maxInFlight, maxInFlightBytes } = this.#options;
    if (this.#inFlight >= maxInFlight) return false;
    return this.#inFlightBytes + bytes <= maxInFlightBytes || this.#inFlightBytes === 0;
  }

  #admit(ticket: AdmissionTicket): void {
    ticket.state = 'admitted';
    this.#inFlight++;
    this.#inFlightBytes += ticket.bytes;
  }

  /** Lets in those who wait, in their order, for as long as the first of them fits. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
        if (!this.#hasPlaceFor(next.bytes)) break;
        this.#queue.shift();
        this.#admit(next);
        next.caller.onAdmitted();
      }
    } finally {
      this.#isServing = false;
    }
  }

  #refusal(code: ErrorCode, detail: string, nowMs: number): GatewayError {
    return new GatewayError(code, detail, { headers: { 'retry-after': String(this.#retrySeconds(nowMs)) } });
  }

  /** Time until those who wait now would have been let in, at the rate at which requests have left lately. */
  #retrySeconds(nowMs: number): number {
    const seconds = Math.ceil((this.#queue.size + 1) / this.#leaveRate.perSecond(nowMs));
    return Math.min(Math.max(seconds, MIN_RETRY_SECONDS), MAX_RETRY_SECONDS);
  }
}
