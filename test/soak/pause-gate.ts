import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 25;

/** Lets a number of loops be stopped between two rounds all together, and go on again. */
export class PauseGate {
  #isOpen = true;
  #isEnded = false;
  #loops = 0;
  #parked = 0;
  #goOn: (() => void)[] = [];
  #onParked: (() => void) | undefined;

  /** Whether the loops are to stop at the end of their round, or earlier where that makes sense. */
  get isClosing(): boolean {
    return !this.#isOpen;
  }

  /** Runs rounds one after the other until `end`; what a round throws ends the loop. */
  async loop(round: () => Promise<void>): Promise<void> {
    this.#loops++;
    try {
      while (!this.#isEnded) {
        if (this.#isOpen) await round();
        else await this.#park();
      }
    } finally {
      this.#loops--;
      this.#tell();
    }
  }

  /** Waits, but no longer than until the gate is closed. */
  async rest(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    for (let left = ms; left > 0 && this.#isOpen; left = untilMs - performance.now())
      await delay(Math.min(left, STEP_MS));
  }

  /** Resolves when every loop has come to the end of its round. */
  async close(): Promise<void> {
    this.#isOpen = false;
    const parked = new Promise<void>((resolve) => {
      this.#onParked = resolve;
    });
    this.#tell();
    await parked;
  }

  open(): void {
    this.#isOpen = true;
    this.#parked = 0;
    for (const goOn of this.#goOn.splice(0)) goOn();
  }

  /** No loop begins another round. */
  end(): void {
    this.#isEnded = true;
    this.open();
  }

  #park(): Promise<void> {
    this.#parked++;
    this.#tell();
    return new Promise((resolve) => this.#goOn.push(resolve));
  }

  #tell(): void {
    if (this.#parked < this.#loops) return;
    this.#onParked?.();
    this.#onParked = undefined;
  }
}
