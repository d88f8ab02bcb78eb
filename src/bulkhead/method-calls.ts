/**
 * What {@link MethodCalls} links: the caller's own object, or one it holds, so that a call allocates nothing more. It can
 * be used again once its call has ended. The fields belong to the health of the method.
 */
export class TrackedCall {
  /** Where the call is linked; null while it is not in flight. */
  calls: MethodCalls | null = null;
  previousCall: TrackedCall | null = null;
  nextCall: TrackedCall | null = null;
  startMs = 0;
  /** The healthy time or quarantine the call began in: a number that rises with each return from quarantine. */
  period = 0;
  /** Whether the call probes a method in quarantine. */
  isProbe = false;
  /** Whether the call was counted as slow while in flight. */
  isOverdue = false;

  get isInFlight(): boolean {
    return this.calls !== null;
  }
}

/**
 * The calls of one method that are in flight, in the order they began, with a mark between those already found overdue
 * and the others. The mark only moves on, so that all looking for overdue calls together costs each call one step.
 */
export class MethodCalls {
  #newest: TrackedCall | null = null;
  /** The oldest call not found overdue; null if there is none. */
  #firstInTime: TrackedCall | null = null;
  #size = 0;

  /** Number of calls in flight. */
  get size(): number {
    return this.#size;
  }

  /** When the call started that will be found overdue next; infinite where none is left. */
  get firstInTimeStartMs(): number {
    return this.#firstInTime === null ? Number.POSITIVE_INFINITY : this.#firstInTime.startMs;
  }

  /** Enters a call. Calls come in the order of their `startMs`. */
  add(call: TrackedCall, startMs: number): void {
    if (call.calls !== null) throw new Error('the call is in flight already');
    const newest = this.#newest;
    call.calls = this;
    call.startMs = startMs;
    call.isOverdue = false;
    call.previousCall = newest;
    if (newest !== null) newest.nextCall = call;
    this.#newest = call;
    this.#firstInTime ??= call;
    this.#size++;
  }

  /** Takes a call out; `false` if it is not in here, such as one that has ended already. */
  remove(call: TrackedCall): boolean {
    if (call.calls !== this) return false;
    const { previousCall, nextCall } = call;
    if (this.#firstInTime === call) this.#firstInTime = nextCall;
    if (previousCall !== null) previousCall.nextCall = nextCall;
    if (nextCall === null) this.#newest = previousCall;
    else nextCall.previousCall = previousCall;
    call.calls = null;
    call.previousCall = null;
    call.nextCall = null;
    this.#size--;
    return true;
  }

  /** The next call that started at `latestStartMs` or before, each once; null if there is none. It stays in flight. */
  takeOverdue(latestStartMs: number): TrackedCall | null {
    const call = this.#firstInTime;
    if (call === null || call.startMs > latestStartMs) return null;
    this.#firstInTime = call.nextCall;
    call.isOverdue = true;
    return call;
  }

  /** No call that is in flight now will be found overdue. */
  skipAll(): void {
    this.#firstInTime = null;
  }
}
