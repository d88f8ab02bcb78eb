/** Takes places `0 … size - 1` in turn. */
export class RoundRobin {
  readonly size: number;
  #next = 0;

  constructor(size: number) {
    this.size = size;
  }

  /**
   * The next place. Where `isUsable` says no, the one after it is asked, each once; -1 if none is usable. What is
   * skipped does not burden its neighbour: the turn goes on after the place that was taken.
   */
  next(isUsable?: (place: number) => boolean): number {
    const { size } = this;
    for (let i = 0; i < size; i++) {
      const place = (this.#next + i) % size;
      if (isUsable !== undefined && !isUsable(place)) continue;
      this.#next = (place + 1) % size;
      return place;
    }
    return -1;
  }
}
