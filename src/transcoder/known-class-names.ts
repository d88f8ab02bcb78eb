import type { HessianReader } from '../hessian/hessian-reader.ts';
import { type ClassNameKind, classNameKind } from './class-name-kind.ts';
import { KnownBytes } from './known-bytes.ts';
import { shortStringUnits } from './short-string-units.ts';

/** Classes remembered behind one key; where more alternate, the others are looked at as text. */
const MAX_NAMES = 4;
/** Longer names are looked at as text. */
const MAX_NAME_BYTES = 160;

interface KnownName {
  /** The string as Hessian has it, its head included. */
  readonly raw: KnownBytes;
  readonly kind: ClassNameKind;
}

/** The class names that stood behind one key `class`, the last one first. */
export class KnownClassNames {
  readonly #names: KnownName[] = [];

  /**
   * Moves the reader behind the name of a class that is no JDK value's. Says whether it did; else nothing was read.
   * Throws `HessianError` where the text is malformed.
   */
  skip(reader: HessianReader): boolean {
    const { bytes, position, end } = reader;
    const names = this.#names;
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (!name.raw.standAt(bytes, position, end)) continue;
      if (i > 0) {
        names[i] = names[0]!;
        names[0] = name;
      }
      if (name.kind !== 'class') return false;
      reader.position = position + name.raw.length;
      return true;
    }
    return this.#skipUnknown(reader);
  }

  /** Bytes of the name at `at`, if it is the one that came last and no JDK value's; else 0. */
  expectedBytes(bytes: Uint8Array, at: number, end: number): number {
    const name = this.#names[0];
    return name !== undefined && name.kind === 'class' && name.raw.standAt(bytes, at, end) ? name.raw.length : 0;
  }

  #skipUnknown(reader: HessianReader): boolean {
    const { bytes, position: start, end } = reader;
    if (shortStringUnits(bytes, start, end) < 0) return false;
    reader.next();
    const kind = classNameKind(reader.string());
    const { position } = reader;
    if (this.#names.length < MAX_NAMES && position - start <= MAX_NAME_BYTES) {
      this.#names.push({ raw: new KnownBytes(bytes, start, position), kind });
    }
    if (kind === 'class') return true;
    reader.position = start;
    return false;
  }
}
