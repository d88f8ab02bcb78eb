import { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { bytesStandAt } from './bytes-stand-at.ts';
import { type ClassNameKind, classNameKind, isClassKey } from './class-name-kind.ts';
import { writeHessianString } from './hessian-string-to-json.ts';
import { JsonKey } from './json-key.ts';
import type { ShapeBudget } from './shape-budget.ts';

/** Longer keys are data rather than names, and are not learnt. */
const MAX_KEY_UNITS = 64;
/** Keys that may follow one key; a map with more of them has keys that are data. */
const MAX_FOLLOWERS = 8;
/** Keys of one route; then its shapes are learnt anew. */
const MAX_KEYS_OF_ROUTE = 1_024;
/** About what a key takes beside its bytes. */
const KEY_BYTES = 400;

/**
 * The shapes of the maps in the answers of one route: which key came after which, and at which place. What was seen last
 * is expected again and compared with the bytes in place; a wrong guess costs that comparison, and never a wrong answer.
 */
export class KeyShapes {
  readonly #budget: ShapeBudget;
  #root = new KeyBranch();
  #epoch: number;
  #keys = 0;

  constructor(budget: ShapeBudget) {
    this.#budget = budget;
    this.#epoch = budget.epoch;
  }

  /** Where the keys of the outermost map are expected. */
  get root(): KeyBranch {
    if (this.#keys > MAX_KEYS_OF_ROUTE || this.#epoch !== this.#budget.epoch) {
      this.#root = new KeyBranch();
      this.#keys = 0;
      this.#epoch = this.#budget.epoch;
    }
    return this.#root;
  }

  /**
   * Remembers the key that the reader stands before, and moves behind it. Undefined, with nothing read, for what is not
   * worth it: a long key, one in pieces, or one of too many at this place.
   */
  learn(branch: KeyBranch, reader: HessianReader): KnownKey | undefined {
    if (branch.size >= MAX_FOLLOWERS || this.#keys > MAX_KEYS_OF_ROUTE) return undefined;
    const { bytes, position: start } = reader;
    const units = shortStringUnits(bytes, start, reader.end);
    if (units < 0 || units > MAX_KEY_UNITS) return undefined;
    reader.next();
    const isClass = isClassKey(reader);
    const json = new ByteWriter(units * 6 + 3);
    writeHessianString(reader, json);
    json.byte(0x3a);
    const raw = Uint8Array.prototype.slice.call(bytes, start, reader.position);
    const key = new KnownKey(raw, new JsonKey(json.take()), isClass);
    branch.add(key);
    this.#keys++;
    this.#budget.take(KEY_BYTES + raw.length + key.json.length);
    return key;
  }
}

/** The keys seen at one place of one shape. The one seen last is expected next. */
export class KeyBranch {
  #expected: KnownKey | undefined = undefined;
  #others: KnownKey[] | undefined = undefined;

  get size(): number {
    return this.#others?.length ?? (this.#expected === undefined ? 0 : 1);
  }

  add(key: KnownKey): void {
    if (this.#expected !== undefined) {
      this.#others ??= [this.#expected];
      this.#others.push(key);
    }
    this.#expected = key;
  }

  /** The known key that stands in the bytes at `at`; undefined if none does. */
  find(bytes: Uint8Array, at: number, end: number): KnownKey | undefined {
    const expected = this.#expected;
    if (expected === undefined) return undefined;
    if (expected.isAt(bytes, at, end)) return expected;
    return this.#others === undefined ? undefined : this.#findOther(this.#others, bytes, at, end);
  }

  #findOther(others: readonly KnownKey[], bytes: Uint8Array, at: number, end: number): KnownKey | undefined {
    for (const key of others) {
      if (!key.isAt(bytes, at, end)) continue;
      this.#expected = key;
      return key;
    }
    return undefined;
  }
}

/** A key of a map as it stands in Hessian and in JSON, and what came after it. */
export class KnownKey {
  /** The string as Hessian has it, its head included. */
  readonly raw: Uint8Array;
  readonly json: JsonKey;
  /** Whether it is the key `class`. */
  readonly isClass: boolean;
  /** The keys that followed in the same map. */
  readonly after = new KeyBranch();
  /** The first keys of maps that were its value, or items of it. */
  readonly inside = new KeyBranch();
  /** The last value of a key `class`, as Hessian has it, and what it is. */
  #className: Uint8Array | undefined = undefined;
  #classNameKind: ClassNameKind = 'other';

  constructor(raw: Uint8Array, json: JsonKey, isClass: boolean) {
    this.raw = raw;
    this.json = json;
    this.isClass = isClass;
  }

  isAt(bytes: Uint8Array, at: number, end: number): boolean {
    return bytesStandAt(this.raw, bytes, at, end);
  }

  /**
   * Moves the reader behind the value of this key `class` if it is the name of a class that is no JDK value's. Says
   * whether it did; else nothing was read.
   */
  skipClassName(reader: HessianReader): boolean {
    const { bytes, position, end } = reader;
    const known = this.#className;
    if (known === undefined || !bytesStandAt(known, bytes, position, end)) return this.#learnClassName(reader);
    if (this.#classNameKind !== 'class') return false;
    reader.position = position + known.length;
    return true;
  }

  #learnClassName(reader: HessianReader): boolean {
    const { bytes, position: start, end } = reader;
    if (shortStringUnits(bytes, start, end) < 0) return false;
    reader.next();
    const kind = classNameKind(reader.string());
    this.#className = Uint8Array.prototype.slice.call(bytes, start, reader.position);
    this.#classNameKind = kind;
    if (kind === 'class') return true;
    reader.position = start;
    return false;
  }
}

/** UTF-16 units of a string in one piece, up to 1,023; -1 for anything else. */
function shortStringUnits(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1;
  const tag = bytes[at]!;
  if (tag < 0x20) return tag;
  return tag >= 0x30 && tag < 0x34 ? ((tag - 0x30) << 8) | bytes[at + 1]! : -1;
}
