import { hashText, mixBits } from './murmur3.ts';

/**
 * Points of each owner on the ring. With 100 the shares of the owners differ from their mean by about 10 %, and 10,000
 * owners are a million points: 12 MB.
 */
const POINTS_PER_OWNER = 100;
const SECOND_SEED = 0x9747b28c;

/**
 * A ring of hashes on which each owner has many points; a hash belongs to the owner of the next point. Where an owner's
 * points lie follows from its name alone: one that comes takes only what becomes its own, and of one that goes only that
 * is dealt out anew.
 *
 * Points are sorted by their upper bits into as many parts as there are points, so that neither building nor looking up
 * compares more than a few.
 */
export class HashRing {
  readonly #points: Uint32Array;
  readonly #owners: Uint32Array;
  /** Where each part begins among the points. */
  readonly #starts: Uint32Array;
  readonly #shift: number;

  /** @param names of the owners, no two alike; an owner is told by its index */
  constructor(names: readonly string[]) {
    const size = names.length * POINTS_PER_OWNER;
    const partBits = Math.max(1, Math.ceil(Math.log2(size + 1)));
    this.#shift = 32 - partBits;
    this.#points = new Uint32Array(size);
    this.#owners = new Uint32Array(size);
    this.#starts = new Uint32Array(2 ** partBits + 1);
    this.#fill(names);
    this.#sort(names);
  }

  /** Number of points on the ring. */
  get size(): number {
    return this.#points.length;
  }

  /** The place of the first point at this hash or after it. The ring must not be empty. */
  placeOf(hash: number): number {
    const points = this.#points;
    let place = this.#starts[hash >>> this.#shift]!;
    while (place < points.length && points[place]! < hash) place++;
    return place === points.length ? 0 : place;
  }

  /** The owner of a point, whose place may be beyond the end: then it counts on from the beginning. */
  ownerAt(place: number): number {
    return this.#owners[place % this.#owners.length]!;
  }

  /** Puts every point into its part, in any order. */
  #fill(names: readonly string[]): void {
    const size = this.size;
    const unsorted = new Uint32Array(size);
    const starts = this.#starts;
    const shift = this.#shift;
    let next = 0;
    for (const name of names) {
      // Two hashes, so that two names that meet in one of them do not share all their points.
      const first = hashText(name);
      const step = hashText(name, SECOND_SEED) | 1;
      for (let i = 0; i < POINTS_PER_OWNER; i++) {
        const point = mixBits((first + Math.imul(i, step)) | 0);
        unsorted[next++] = point;
        starts[(point >>> shift) + 1]!++;
      }
    }
    for (let part = 1; part < starts.length; part++) starts[part]! += starts[part - 1]!;
    const nextOf = starts.slice();
    for (let i = 0; i < size; i++) {
      const point = unsorted[i]!;
      const place = nextOf[point >>> shift]!++;
      this.#points[place] = point;
      this.#owners[place] = Math.floor(i / POINTS_PER_OWNER);
    }
  }

  /**
   * Insertion sort over all: points are in the right part already, so that each moves past a few at most. Equal points are
   * in the order of the names, whatever the order of the owners.
   */
  #sort(names: readonly string[]): void {
    const points = this.#points;
    const owners = this.#owners;
    for (let i = 1; i < points.length; i++) {
      const point = points[i]!;
      const owner = owners[i]!;
      let place = i - 1;
      for (; place >= 0; place--) {
        const other = points[place]!;
        if (other < point || (other === point && names[owners[place]!]! <= names[owner]!)) break;
        points[place + 1] = points[place]!;
        owners[place + 1] = owners[place]!;
      }
      points[place + 1] = point;
      owners[place + 1] = owner;
    }
  }
}
