import { WaitEntry, WaitQueue } from '../time/wait-queue.ts';

/**
 * Requests on connections that were told to come again later, and did not wait for it. To refuse a request costs nearly
 * as much as a small answer, so clients that ask again at once would leave the gateway no time for anybody: until the
 * time that they were told, their next request is not looked at. Each waits for a second at most, and so many may wait.
 */
export class HeldRequests {
  readonly #queue = new WaitQueue<HeldRequest>();
  #maxHeld: number;
  readonly #onWaiting: () => void;

  /** @param onWaiting called when a request is held, so that `tick` is called from then on */
  constructor(maxHeld: number, onWaiting: () => void = () => {}) {
    this.#maxHeld = maxHeld;
    this.#onWaiting = onWaiting;
  }

  /** Takes the bound of a new configuration. */
  configure(maxHeld: number): void {
    this.#maxHeld = maxHeld;
  }

  /** Number of requests that are held; while it is not 0, `tick` must be called every few ms. */
  get size(): number {
    return this.#queue.size;
  }

  /** Resolves when the time has come; undefined, and nothing is held, where as many are as may be. */
  hold(untilMs: number, nowMs: number): Promise<void> | undefined {
    if (this.#queue.size >= this.#maxHeld) return undefined;
    return new Promise((resolve) => {
      this.#queue.push(new HeldRequest(resolve), nowMs, untilMs);
      this.#onWaiting();
    });
  }

  /** Lets those go on whose time has come. */
  tick(nowMs: number): void {
    this.#queue.expire(nowMs, ({ goOn }) => goOn());
  }
}

class HeldRequest extends WaitEntry {
  readonly goOn: () => void;

  constructor(goOn: () => void) {
    super();
    this.goOn = goOn;
  }
}
