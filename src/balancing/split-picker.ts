/** One side of a split. */
export interface SplitSide {
  /** Part of the traffic beside the other sides, 0 or more; 0 takes none but what asks for it by name. */
  readonly weight: number;
  /** What a request says to get this side whatever the weights; undefined where none can. */
  readonly name: string | undefined;
}

/** How many hashes there are: 32 bits. */
const HASHES = 2 ** 32;

/**
 * Which side of a split a request goes to. The sides lie in their order around the circle of hashes, each as long as its
 * weight, so that a key always meets the same side, and a change of weights moves only the keys that have to move: when
 * the last side grows from 5 % to 50 %, who was on it stays there.
 */
export class SplitPicker {
  /** Where each side ends on the circle; the last one that takes anything ends at its end. */
  readonly #ends: readonly number[];
  readonly #byName = new Map<string, number>();
  readonly #random: () => number;

  /**
   * @param sides at least one with a weight above 0
   * @param random a number from 0 to below 1, like `Math.random`
   * @throws RangeError for weights that are no shares, and for two sides of one name
   */
  constructor(sides: readonly SplitSide[], random: () => number) {
    this.#random = random;
    this.#ends = endsOf(sides);
    for (const [index, { name }] of sides.entries()) {
      if (name === undefined) continue;
      if (this.#byName.has(name)) throw new RangeError(`two sides of a split are named ${JSON.stringify(name)}`);
      this.#byName.set(name, index);
    }
  }

  /**
   * The side of a request, as an index of the sides.
   *
   * @param key hash of what a user keeps from request to request (`hashText`, `hashBytes`), below 2^32; negative where a
   *   request has none: then chance decides
   * @param name the side the request asks for; undefined, or not the name of a side: none
   */
  pick(key: number, name?: string): number {
    const asked = name === undefined ? undefined : this.#byName.get(name);
    if (asked !== undefined) return asked;
    const place = key < 0 ? this.#random() * HASHES : key;
    const ends = this.#ends;
    let side = 0;
    while (place >= ends[side]!) side++;
    return side;
  }
}

function endsOf(sides: readonly SplitSide[]): number[] {
  let total = 0;
  let last = -1;
  for (const [index, { weight }] of sides.entries()) {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`a weight must be 0 or more, got ${weight}`);
    }
    total += weight;
    if (weight > 0) last = index;
  }
  if (last === -1) throw new RangeError('at least one weight must be above 0');
  let sum = 0;
  return sides.map(({ weight }, index) => {
    sum += weight;
    return index >= last ? HASHES : (sum / total) * HASHES;
  });
}
