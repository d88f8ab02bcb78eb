import { HessianReader } from '../../src/hessian/hessian-reader.ts';
import * as Token from '../../src/hessian/token.ts';
import type { SeededRandom } from './hessian-mutator.ts';

/** Where one value stands in a body. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const MAX_SPANS = 2_000;
const MAX_DONOR_BYTES = 300;

/** Whole values that change what is around them: references, nulls, edges of numbers, keys and text that mean something. */
const DONORS: readonly Buffer[] = `
  5190 5191 5192 5193 5194 5195 519a 4e 54 46 90 4980000000 497fffffff 4c7fffffffffffffff 4c0020000000000001
  4cffe0000000000000 447ff8000000000000 44fff0000000000000 448000000000000000 5b 5f0000044c 4a7fffffffffffffff
  4a8000000000000000 4bffffffff 00 0161 05636c617373 0e6a6176612e7574696c2e55554944 095f5f70726f746f5f5f
  03612e42 520001eda0bd02edb88061 20 2101 78 7990 7a90d8 575a 485a 485190915a 489151915a`
  .trim()
  .split(/\s+/)
  .map((hex) => Buffer.from(hex, 'hex'));

/**
 * Changes bodies by whole values, so that most stay readable and mean something else: a value takes the place of
 * another, two change places, one is repeated or left out.
 */
export class ValueMutator {
  readonly #bodies: readonly { readonly bytes: Buffer; readonly spans: readonly Span[] }[];

  /** @param bodies those that cannot be read are left out */
  constructor(bodies: readonly Buffer[]) {
    this.#bodies = bodies.flatMap((bytes) => {
      const spans = spansOf(bytes);
      return spans.length === 0 ? [] : [{ bytes, spans }];
    });
  }

  /** How many bodies there are to change. */
  get count(): number {
    return this.#bodies.length;
  }

  /** One of the bodies as it is. */
  body(index: number): Buffer {
    return this.#bodies[index]!.bytes;
  }

  /** That body, changed. */
  mutate(index: number, random: SeededRandom): Buffer {
    const { bytes, spans } = this.#bodies[index]!;
    // From the back, so that the spans before stay where they are.
    const chosen = Array.from({ length: 1 + random.below(3) }, () => random.pick(spans)).sort(
      (a, b) => b.start - a.start,
    );
    let mutated = bytes;
    let limit = bytes.length;
    for (const span of chosen) {
      if (span.end > limit) continue;
      mutated = Buffer.concat([
        mutated.subarray(0, span.start),
        this.#replacement(bytes.subarray(span.start, span.end), bytes, spans, random),
        mutated.subarray(span.end),
      ]);
      limit = span.start;
    }
    return mutated;
  }

  #replacement(value: Buffer, bytes: Buffer, spans: readonly Span[], random: SeededRandom): Buffer {
    switch (random.below(5)) {
      case 0:
      case 1:
        return random.pick(DONORS);
      case 2: {
        const { start, end } = random.pick(spans);
        return end - start > MAX_DONOR_BYTES ? value : bytes.subarray(start, end);
      }
      case 3: {
        const other = random.pick(this.#bodies);
        const { start, end } = random.pick(other.spans);
        return end - start > MAX_DONOR_BYTES ? value : other.bytes.subarray(start, end);
      }
      default:
        return random.below(4) === 0 ? Buffer.alloc(0) : Buffer.concat([value, value]);
    }
  }
}

/** All values of a body, inner ones too; none where it cannot be read to its end. */
function spansOf(bytes: Buffer): Span[] {
  const reader = new HessianReader();
  reader.reset(bytes);
  const spans: Span[] = [];
  try {
    while (reader.position < reader.end) walk(reader, spans);
  } catch {
    return [];
  }
  return spans.slice(0, MAX_SPANS);
}

/** Notes the next value; false for the end of a container. */
function walk(reader: HessianReader, spans: Span[]): boolean {
  const start = reader.position;
  const token = reader.next();
  switch (token) {
    case Token.END:
      return false;
    case Token.STRING:
      reader.skipString();
      break;
    case Token.BINARY:
      reader.skipBinary();
      break;
    case Token.LIST: {
      const length = reader.int;
      for (let i = 0; i !== length; i++) if (!walk(reader, spans)) break;
      break;
    }
    case Token.MAP:
      while (walk(reader, spans)) walk(reader, spans);
      break;
    case Token.OBJECT: {
      const { fieldCount } = reader.classDefinition(reader.classIndex);
      for (let i = 0; i < fieldCount; i++) walk(reader, spans);
      break;
    }
    default:
  }
  spans.push({ start, end: reader.position });
  return true;
}
