/** Refusals after which it is looked again for shapes that nobody uses. */
const REFUSALS_BETWEEN_SWEEPS = 4_096;

/** What is remembered of the answers of one route, and may be forgotten at any time. */
export interface ShapeHolder {
  /** About how many bytes it holds; the budget's own count of it. */
  bytes: number;
  /** Set whenever an answer comes; the budget takes it back to see who comes no more. */
  isUsed: boolean;
  /** Lets go of everything and gives its bytes back. */
  forget(): void;
}

/**
 * Bounds what the routes of a generation together remember of the shapes of their answers. Where they are too many,
 * those of routes without calls are forgotten and the others stay: no route makes another one slower, however many new
 * shapes its answers have.
 */
export class ShapeBudget {
  readonly maxBytes: number;
  /** Keys and class definitions learnt since the start. */
  learnt = 0;
  /** Class definitions that stood where they were expected, and were not looked up. */
  recognised = 0;
  /** Times that something was not learnt because there was no room. */
  refused = 0;
  /** Times that all shapes of a route were forgotten to make room. */
  forgotten = 0;
  #bytes = 0;
  #refusalsUntilSweep = 0;
  readonly #holders = new Set<ShapeHolder>();

  /** @param maxBytes about, of all shapes; default 16 MiB */
  constructor(maxBytes = 16 * 1024 * 1024) {
    this.maxBytes = maxBytes;
  }

  /** About how many bytes the shapes take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts a key or a class definition; false where there is no room for it. */
  take(holder: ShapeHolder, bytes: number): boolean {
    if (this.#bytes + bytes > this.maxBytes && !this.#makeRoom(holder, bytes)) {
      this.refused++;
      return false;
    }
    if (holder.bytes === 0) this.#holders.add(holder);
    holder.bytes += bytes;
    this.#bytes += bytes;
    this.learnt++;
    return true;
  }

  giveBack(holder: ShapeHolder, bytes: number): void {
    holder.bytes -= bytes;
    this.#bytes -= bytes;
    if (holder.bytes === 0) this.#holders.delete(holder);
  }

  /** Forgets what was not used since the last look; not at each refusal, because it looks at all holders. */
  #makeRoom(asker: ShapeHolder, bytes: number): boolean {
    if (this.#refusalsUntilSweep-- > 0) return false;
    this.#refusalsUntilSweep = REFUSALS_BETWEEN_SWEEPS;
    for (const holder of this.#holders) {
      if (holder.isUsed || holder === asker) {
        holder.isUsed = false;
      } else {
        holder.forget();
        this.forgotten++;
      }
    }
    return this.#bytes + bytes <= this.maxBytes;
  }
}
