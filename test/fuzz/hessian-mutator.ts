/** Random numbers that a seed repeats (mulberry32). */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to `limit - 1`; 0 when `limit` is 0. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

const MAX_BODY_BYTES = 64 * 1024;

/** First bytes of every kind of value, whole small values, and lengths at the edges of their types. */
const DICTIONARY: readonly Buffer[] = `
  00 01 0161 1f 20 2f 3000 33ff 3400 37ff 380000 3fffff 40 45 47 50 410000 41ffff 420000 42ffff
  43 43014390 4301439101 61 430143497fffffff 44 447ff8000000000000 46 48 485a 49 497fffffff 4980000000 49ffffffff
  4a 4b 4c 4cffffffffffffffff 4d 4d0174 4d90 4e 4f 4f90 4f497fffffff 51 5190 5191 51497fffffff
  520000 52ffff 53 530000 53ffff 54 55 550174 56 56017490 560174497fffffff 57 575a 58 5890 58497fffffff 59 5a
  5b 5c 5d 5e 5f 60 61 6f 70 7090 700174 77 78 79 7f 80 90 bf c000 cfff d00000 d7ffff d8 ef f000 ffff
  c080 e08080 eda0bd edb880 f09f9880 e4b8 ff`
  .trim()
  .split(/\s+/)
  .map((hex) => Buffer.from(hex, 'hex'));

/**
 * A body changed in one to eight places; never the same bytes twice for different states of `random`. The dictionary has
 * pieces that mean something in such bodies; default: those of Hessian.
 */
export function mutate(
  body: Buffer,
  corpus: readonly Buffer[],
  random: SeededRandom,
  dictionary: readonly Buffer[] = DICTIONARY,
): Buffer {
  let mutated = Buffer.from(body);
  for (let left = 1 + random.below(8); left > 0; left--) mutated = mutateOnce(mutated, corpus, random, dictionary);
  return mutated.subarray(0, MAX_BODY_BYTES);
}

function mutateOnce(
  body: Buffer<ArrayBuffer>,
  corpus: readonly Buffer[],
  random: SeededRandom,
  dictionary: readonly Buffer[],
): Buffer<ArrayBuffer> {
  const at = random.below(body.length + 1);
  const end = Math.min(body.length, at + random.below(random.below(4) === 0 ? 2000 : 8));
  switch (random.below(8)) {
    case 0: // flip one bit
      if (at < body.length) body[at] = body[at]! ^ (1 << random.below(8));
      return body;
    case 1: // another byte
      if (at < body.length) body[at] = random.below(256);
      return body;
    case 2: // insert
      return Buffer.concat([body.subarray(0, at), random.pick(dictionary), body.subarray(at)]);
    case 3: // overwrite
      return Buffer.concat([body.subarray(0, at), random.pick(dictionary), body.subarray(end)]);
    case 4: // delete
      return Buffer.concat([body.subarray(0, at), body.subarray(end)]);
    case 5: // duplicate
      return Buffer.concat([body.subarray(0, end), body.subarray(at, end), body.subarray(end)]);
    case 6: // cut off
      return random.below(4) === 0 ? Buffer.from(body.subarray(0, at)) : body;
    default: {
      // splice a piece of another body
      const other = random.pick(corpus);
      const from = random.below(other.length);
      const piece = other.subarray(from, from + 1 + random.below(200));
      return Buffer.concat([body.subarray(0, at), piece, body.subarray(end)]);
    }
  }
}
