/**
 * Which of the changes of methods, that others made, a worker takes over, so that all workers end up with the same state
 * although changes cross on their way. Their order is that in which they reach the primary, which tells each worker of
 * all changes, of its own too. A change of another worker that comes before the news of an own one was ordered before
 * it, and is passed over.
 */
export class StandingOrder {
  /** Own changes that are on their way, by method. */
  readonly #unconfirmed = new Map<string, number>();

  /** This worker has told the primary of a change. */
  sent(method: string): void {
    this.#unconfirmed.set(method, (this.#unconfirmed.get(method) ?? 0) + 1);
  }

  /** The primary tells of a change. Returns whether to take it over. */
  received(method: string, isOwn: boolean): boolean {
    const unconfirmed = this.#unconfirmed.get(method) ?? 0;
    if (isOwn) {
      if (unconfirmed > 1) this.#unconfirmed.set(method, unconfirmed - 1);
      else this.#unconfirmed.delete(method);
      return false;
    }
    return unconfirmed === 0;
  }
}
