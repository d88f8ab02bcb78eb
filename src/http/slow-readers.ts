import type { ServerResponse } from 'node:http';
import type { AdmissionTicket } from '../admission/admission-ticket.ts';
import { WaitEntry, WaitQueue } from '../time/wait-queue.ts';

/** Bounds of {@link SlowReaders}. */
export interface SlowReaderLimits {
  /** Time in ms that a client has to take the whole of an answer. */
  readonly answerTimeoutMs: number;
  /** Bytes of answers that may wait for their clients, all together. */
  readonly maxBytes: number;
}

/** What waits for clients, and what was given up. */
export interface SlowReaderStatus {
  /** Answers that wait for their clients. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Answers cut off because their time was over, or because too many bytes waited. */
  readonly cutOffTotal: number;
}

/**
 * The answers that the system did not take at once, since their clients read slowly. Each has a time to be taken in, and
 * all together a number of bytes: beyond it the one that has waited longest is cut off, so that clients who do not read
 * can never use up the room of all others.
 */
export class SlowReaders {
  readonly #limits: SlowReaderLimits;
  readonly #onWaiting: () => void;
  readonly #queue = new WaitQueue<SlowAnswer>();
  #bytes = 0;
  #cutOffTotal = 0;

  /** @param onWaiting called when an answer begins to wait, so that `tick` is called from then on */
  constructor(limits: SlowReaderLimits, onWaiting: () => void = () => {}) {
    this.#limits = limits;
    this.#onWaiting = onWaiting;
  }

  get status(): SlowReaderStatus {
    return { waiting: this.#queue.size, waitingBytes: this.#bytes, cutOffTotal: this.#cutOffTotal };
  }

  /** Number of answers that wait; while it is not 0, `tick` must be called every second or so. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Watches over an answer until it is sent or its client has gone. Then its ticket leaves. */
  add(response: ServerResponse, bytes: number, ticket: AdmissionTicket | undefined, nowMs: number): void {
    const answer = new SlowAnswer(response, bytes, ticket);
    this.#queue.push(answer, nowMs, nowMs + this.#limits.answerTimeoutMs);
    this.#bytes += bytes;
    ticket?.addBytes(bytes);
    response.once('close', () => this.#end(answer));
    this.#onWaiting();
    for (let first = this.#queue.first; first !== undefined && this.#isOverLimit; first = this.#queue.first) {
      this.#cutOff(first);
    }
  }

  /** Cuts off what had its time. */
  tick(nowMs: number): void {
    this.#queue.expire(nowMs, (answer) => {
      answer.isWaiting = false;
      this.#bytes -= answer.bytes;
      this.#destroy(answer);
    });
  }

  /** One answer alone may be larger than the limit. */
  get #isOverLimit(): boolean {
    return this.#bytes > this.#limits.maxBytes && this.#queue.size > 1;
  }

  #cutOff(answer: SlowAnswer): void {
    this.#take(answer);
    this.#destroy(answer);
  }

  #destroy({ response, ticket }: SlowAnswer): void {
    this.#cutOffTotal++;
    ticket?.leave();
    response.destroy();
  }

  #end(answer: SlowAnswer): void {
    if (answer.isWaiting) this.#take(answer);
    answer.ticket?.leave();
  }

  #take(answer: SlowAnswer): void {
    answer.isWaiting = false;
    this.#queue.remove(answer);
    this.#bytes -= answer.bytes;
  }
}

class SlowAnswer extends WaitEntry {
  readonly response: ServerResponse;
  readonly bytes: number;
  readonly ticket: AdmissionTicket | undefined;
  isWaiting = true;

  constructor(response: ServerResponse, bytes: number, ticket: AdmissionTicket | undefined) {
    super();
    this.response = response;
    this.bytes = bytes;
    this.ticket = ticket;
  }
}
