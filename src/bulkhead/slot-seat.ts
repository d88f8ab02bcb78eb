import type { LimitFunction } from 'p-limit';

/**
 * A place in a p-limit limiter: a task that runs until `vacate`. The pool starts one only when it has a slot free, so
 * the limiter has nothing to queue beyond the few microtasks in which a vacated place becomes free there too.
 *
 * A seat can be handed on from one call to the next; the limiter does not notice.
 */
export class SlotSeat {
  #isVacated = false;
  #endTask: (() => void) | undefined;

  constructor(limit: LimitFunction) {
    void limit(occupy, this);
  }

  /** Gives the place back. Once. */
  vacate(): void {
    this.#isVacated = true;
    this.#endTask?.();
  }

  /** What the limiter waits for. It starts a task some microtasks after it was asked: the seat may be free by then. */
  untilVacated(): Promise<void> | undefined {
    if (this.#isVacated) return undefined;
    return new Promise((resolve) => {
      this.#endTask = resolve;
    });
  }
}

function occupy(seat: SlotSeat): Promise<void> | undefined {
  return seat.untilVacated();
}
