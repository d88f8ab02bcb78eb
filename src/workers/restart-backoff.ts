/** A worker that lived for so long in ms did not die of its start. */
const STABLE_MS = 10_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** How long to wait before a worker that died is started again: not at all, unless it dies again and again. */
export class RestartBackoff {
  #earlyDeaths = 0;

  /**
   * A worker has died.
   *
   * @param livedMs time from its start to its death
   * @returns ms to wait: 0, and while it keeps dying within ten seconds 1, 2, 4 and so on up to 30 seconds
   */
  died(livedMs: number): number {
    if (livedMs >= STABLE_MS) this.#earlyDeaths = 0;
    const delayMs = this.#earlyDeaths === 0 ? 0 : FIRST_DELAY_MS * 2 ** Math.min(this.#earlyDeaths - 1, 10);
    this.#earlyDeaths++;
    return Math.min(delayMs, MAX_DELAY_MS);
  }
}
