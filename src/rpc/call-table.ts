import { safeRequestId } from '../dubbo/frame-header.ts';
import { CallSlots } from './call-slots.ts';
import type { PendingCall } from './pending-call.ts';

/** Answers that belong to no pending call. Counted and dropped. */
export interface StrayAnswers {
  /** The call had timed out, failed or been cancelled. */
  late: number;
  /** The call had been answered already. */
  duplicate: number;
  /** No call ever had the id, or it is too long ago to tell. */
  unknown: number;
}

/** Number of most recent ids whose fate is remembered: at 20,000 calls a second, the last 3 s. A power of two. */
const REMEMBERED = 65_536;
const ANSWERED = 1;
const GIVEN_UP = 2;

/**
 * The pending calls of one connection by request id. Ids count up from 1 and are never used twice, so each call leaves
 * the table exactly once; what comes after that is told apart by the remembered fate of the last 65,536 ids, one byte
 * each.
 */
export class CallTable {
  readonly #strays: StrayAnswers;
  readonly #calls = new CallSlots();
  #nextId = 1;
  #otherIds = 0;
  #fates: Uint8Array | undefined;

  /** @param strays counters to add to */
  constructor(strays: StrayAnswers) {
    this.#strays = strays;
  }

  /** Number of pending calls. */
  get size(): number {
    return this.#calls.size;
  }

  /** The id that the next call will get. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Number of calls that were ever entered. */
  get calls(): number {
    return this.#nextId - 1 - this.#otherIds;
  }

  /** Enters a call, and sets and returns its id. */
  add(call: PendingCall): number {
    const id = this.#newId();
    call.id = id;
    this.#calls.add(id, call);
    return id;
  }

  /** Uses up an id for a frame that is no call, such as a heartbeat. */
  takeId(): number {
    this.#otherIds++;
    return this.#newId();
  }

  /** Takes out the call that an answer with this id is for; undefined if there is none, which is counted. */
  answer(idHigh: number, idLow: number): PendingCall | undefined {
    const id = safeRequestId(idHigh, idLow);
    const call = this.#calls.take(id);
    if (call === undefined) this.#countStray(id);
    else this.#remember(id, ANSWERED);
    return call;
  }

  /** Takes out a call that gets no answer; `false` if it is not in the table. */
  giveUp(call: PendingCall): boolean {
    if (this.#calls.get(call.id) !== call) return false;
    this.#calls.take(call.id);
    this.#remember(call.id, GIVEN_UP);
    return true;
  }

  /** Takes out all calls, in the order they were entered. */
  drain(): PendingCall[] {
    const calls = this.#calls.takeAll();
    for (const { id } of calls) this.#remember(id, GIVEN_UP);
    return calls;
  }

  #newId(): number {
    const id = this.#nextId++;
    if (this.#fates !== undefined) this.#fates[id & (REMEMBERED - 1)] = 0;
    return id;
  }

  #remember(id: number, fate: number): void {
    if (id < this.#nextId - REMEMBERED) return;
    this.#fates ??= new Uint8Array(REMEMBERED);
    this.#fates[id & (REMEMBERED - 1)] = fate;
  }

  #countStray(id: number): void {
    const isRemembered = id > 0 && id < this.#nextId && id >= this.#nextId - REMEMBERED;
    const fate = isRemembered && this.#fates !== undefined ? this.#fates[id & (REMEMBERED - 1)] : 0;
    if (fate === ANSWERED) this.#strays.duplicate++;
    else if (fate === GIVEN_UP) this.#strays.late++;
    else this.#strays.unknown++;
  }
}
