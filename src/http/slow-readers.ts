import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AdmissionTicket } from '../admission/admission-ticket.ts';
import { WaitEntry, WaitQueue } from '../time/wait-queue.ts';

/** Bounds of {@link SlowReaders}. */
export interface SlowReaderLimits {
  /** Time in ms that a client has to take the whole of an answer. */
  readonly answerTimeoutMs: number;
  /** Answers that may wait for their clients at a time. */
  readonly maxAnswers: number;
  /** Bytes of answers that may wait for their clients, all together. */
  readonly maxBytes: number;
}

/** What waits for clients, and what was given up. */
export interface SlowReaderStatus {
  /** Answers that wait for their clients. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Answers cut off because their time was over, or because too many answers or bytes waited. */
  readonly cutOffTotal: number;
}

/**
 * The answers that the system did not take at once, since their clients read slowly. Each has a time to be taken in, and
 * there may be so many of them and so many bytes: beyond that the one that has waited longest is cut off with its
 * connection, so that clients who do not read can never use up the places and the room of all others.
 */
export class SlowReaders {
  #limits: SlowReaderLimits;
  readonly #onWaiting: () => void;
  readonly #queue = new WaitQueue<SlowAnswer>();
  /** Answers of pipelined requests whose turn to be sent has not come. */
  readonly #unturned = new WeakMap<Socket, Set<SlowAnswer>>();
  #bytes = 0;
  #cutOffTotal = 0;

  /** @param onWaiting called when an answer begins to wait, so that `tick` is called from then on */
  constructor(limits: SlowReaderLimits, onWaiting: () => void = () => {}) {
    this.#limits = limits;
    this.#onWaiting = onWaiting;
  }

  /** Takes the bounds of a new configuration; answers that wait already keep their time. */
  configure(limits: SlowReaderLimits): void {
    this.#limits = limits;
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
    if (response.socket === null) this.#awaitTurn(answer);
    this.#onWaiting();
    for (let first = this.#queue.first; first !== undefined && this.#isOverLimit; first = this.#queue.first) {
      this.#take(first);
      this.#cutOff(first);
    }
  }

  /** Cuts off what had its time. */
  tick(nowMs: number): void {
    this.#queue.expire(nowMs, (answer) => {
      answer.isWaiting = false;
      this.#bytes -= answer.bytes;
      this.#cutOff(answer);
    });
  }

  /** One answer alone may be larger than the limit. */
  get #isOverLimit(): boolean {
    const { size } = this.#queue;
    return size > 1 && (size > this.#limits.maxAnswers || this.#bytes > this.#limits.maxBytes);
  }

  /**
   * An answer that comes before those of earlier requests of its connection has no socket yet, and is told nothing when
   * that closes. There is one listener a connection, since a client can pipeline hundreds of requests.
   */
  #awaitTurn(answer: SlowAnswer): void {
    const { socket } = answer.response.req;
    let answers = this.#unturned.get(socket);
    if (answers === undefined) {
      const fresh = new Set<SlowAnswer>();
      this.#unturned.set(socket, fresh);
      socket.once('close', () => {
        for (const lost of fresh) this.#end(lost);
      });
      answers = fresh;
    }
    answers.add(answer);
  }

  /** The whole connection ends: an answer whose turn has not come cannot be cut off alone, nor its memory be freed. */
  #cutOff({ response, ticket }: SlowAnswer): void {
    this.#cutOffTotal++;
    ticket?.leave();
    response.req.socket.destroy();
  }

  #end(answer: SlowAnswer): void {
    if (answer.isWaiting) this.#take(answer);
    this.#unturned.get(answer.response.req.socket)?.delete(answer);
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
