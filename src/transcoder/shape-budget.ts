/**
 * Bounds what the routes of a generation together remember of the shapes of their answers. Where they are too many, all are forgotten at once: whose answers
 * have a shape learns it again with the next one.
 */
export class ShapeBudget {
  readonly #maxBytes: number;
  #bytes = 0;
  /** Changes when all shapes are forgotten. */
  epoch = 0;
  /** Keys and class definitions learnt since the start. */
  learnt = 0;

  /** @param maxBytes about, of all shapes; default 16 MiB */
  constructor(maxBytes = 16 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** About how many bytes the shapes take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts a key or a class definition. */
  take(bytes: number): void {
    this.learnt++;
    this.#bytes += bytes;
    if (this.#bytes <= this.#maxBytes) return;
    this.#bytes = 0;
    this.epoch++;
  }
}
