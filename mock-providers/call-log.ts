import type { ReceivedCall } from './received-call.ts';

/** The last calls a provider got, up to a fixed number. */
export class CallLog {
  readonly #capacity: number;
  #calls: ReceivedCall[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isKept(): boolean {
    return this.#capacity > 0;
  }

  add(call: ReceivedCall): void {
    this.#calls.push(call);
    // Trimmed in big steps, so that a call costs no shift of the whole list.
    if (this.#calls.length >= this.#capacity * 2) this.#calls = this.#calls.slice(-this.#capacity);
  }

  /** Oldest first. */
  last(): readonly ReceivedCall[] {
    return this.#capacity === 0 ? [] : this.#calls.slice(-this.#capacity);
  }

  clear(): void {
    this.#calls = [];
  }
}
