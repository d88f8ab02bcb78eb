/** Counts the requests that one configuration serves, so that it can be let go of after the last of them. */
export class RoutesUsage {
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  get inFlight(): number {
    return this.#inFlight;
  }

  begin(): void {
    this.#inFlight++;
  }

  end(): void {
    if (--this.#inFlight === 0) this.#tell();
  }

  /** No request begins any more. `onIdle` is called once, when the last one has ended, or now. */
  retire(onIdle: () => void): void {
    this.#onIdle = onIdle;
    if (this.#inFlight === 0) this.#tell();
  }

  #tell(): void {
    const onIdle = this.#onIdle;
    this.#onIdle = undefined;
    onIdle?.();
  }
}
