import { receivedError, type SentError } from './sent-error.ts';

/** What was asked of one worker and not answered yet. */
export class PendingAsks {
  readonly #asks = new Map<number, Ask>();
  #last = 0;

  /**
   * Registers a question.
   *
   * @param onSettled called once, when the answer came or none will come
   */
  add(onSettled: (error: Error | undefined, answer: unknown) => void): number {
    this.#last++;
    this.#asks.set(this.#last, onSettled);
    return this.#last;
  }

  /** The answer of the worker. Nothing happens where nobody waits for it any more. */
  answered(ask: number, answer: unknown): void {
    this.#take(ask)?.(undefined, answer);
  }

  /** The worker has thrown. */
  refused(ask: number, error: SentError): void {
    this.#take(ask)?.(receivedError(error), undefined);
  }

  /** Nobody waits any longer. */
  failed(ask: number, error: Error): void {
    this.#take(ask)?.(error, undefined);
  }

  /** No answer will come any more. */
  failAll(error: Error): void {
    for (const ask of [...this.#asks.keys()]) this.failed(ask, error);
  }

  #take(ask: number): Ask | undefined {
    const found = this.#asks.get(ask);
    this.#asks.delete(ask);
    return found;
  }
}

type Ask = (error: Error | undefined, answer: unknown) => void;
