/** What a {@link SlotList} links: the neighbours of an entry. The fields belong to the list. */
export interface Listed<T> {
  previousHeld: T | undefined;
  nextHeld: T | undefined;
}

/**
 * The slots that one method holds of one pool, in the order it got them. The links are in the slots themselves, so that
 * an entry comes and goes at constant cost and without allocation. An entry is in one list at most.
 */
export class SlotList<T extends Listed<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The slot that has been held for longest. */
  get first(): T | undefined {
    return this.#first;
  }

  /** Appends an entry that is in no list. */
  add(entry: T): void {
    const last = this.#last;
    entry.previousHeld = last;
    entry.nextHeld = undefined;
    if (last === undefined) this.#first = entry;
    else last.nextHeld = entry;
    this.#last = entry;
    this.#size++;
  }

  /** Takes out an entry that is in this list. */
  remove(entry: T): void {
    const { previousHeld, nextHeld } = entry;
    if (previousHeld === undefined) this.#first = nextHeld;
    else previousHeld.nextHeld = nextHeld;
    if (nextHeld === undefined) this.#last = previousHeld;
    else nextHeld.previousHeld = previousHeld;
    entry.previousHeld = undefined;
    entry.nextHeld = undefined;
    this.#size--;
  }
}
