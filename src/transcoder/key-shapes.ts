import type { HessianReader } from '../hessian/hessian-reader.ts';
import { isClassKey } from './class-name-kind.ts';
import { JsonKey } from './json-key.ts';
import { KnownBytes } from './known-bytes.ts';
import { KeyBranch, KnownKey } from './known-key.ts';
import type { ShapeBudget, ShapeHolder } from './shape-budget.ts';
import { shortStringUnits } from './short-string-units.ts';

/** Longer keys are data rather than names, and are not learnt. */
const MAX_KEY_UNITS = 64;
/** Keys of one route. */
const MAX_KEYS = 1_024;
/** About what a key takes beside its bytes, which it has three times. */
const KEY_BYTES = 700;
/** About what the names of classes behind a key `class` take. */
const CLASS_NAMES_BYTES = 1_600;
const BRANCH_BYTES = 250;
/** Keys that were not learnt because there were too many; then all are learnt anew, in case the answers have changed. */
const FIRST_PATIENCE = 16_384;
const MAX_PATIENCE = 2 ** 24;

/**
 * The shapes of the maps in the answers of one route: which key came after which, and at which place. What was seen last
 * is expected again and compared with the bytes in place; a wrong guess costs that comparison, and never a wrong answer.
 *
 * A key is learnt when it comes to its place a second time, so that keys which are data (`{"4711": {…}}`) are not learnt
 * at all; the maps under them have a place of their own together.
 */
export class KeyShapes implements ShapeHolder {
  bytes = 0;
  isUsed = false;
  readonly #budget: ShapeBudget;
  /** Undefined from `forget` to the next answer: until then nothing is learnt that would hang in the air. */
  #root: KeyBranch | undefined = undefined;
  #keys = 0;
  #refused = 0;
  #patience = FIRST_PATIENCE;

  constructor(budget: ShapeBudget) {
    this.#budget = budget;
  }

  /** Where the keys of the outermost map are expected. An answer starts. */
  get root(): KeyBranch {
    this.isUsed = true;
    if (this.#refused > this.#patience) {
      this.forget();
      this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE);
    }
    this.#root ??= new KeyBranch();
    return this.#root;
  }

  forget(): void {
    this.#budget.giveBack(this, this.bytes);
    this.#root = undefined;
    this.#keys = 0;
    this.#refused = 0;
  }

  /**
   * Remembers the key that the reader stands before, and moves behind it. Undefined, with nothing read, for what is not
   * worth it: a key that is new here, a long one, one in pieces, or one of too many.
   */
  learn(branch: KeyBranch, reader: HessianReader): KnownKey | undefined {
    const { bytes, position: start, end } = reader;
    const units = shortStringUnits(bytes, start, end);
    if (units < 0 || units > MAX_KEY_UNITS || this.#root === undefined) return undefined;
    if (branch.isFull || this.#keys >= MAX_KEYS) {
      branch.countStranger();
      this.#refused++;
      return undefined;
    }
    // The last of its bytes may be missing where some take more than one, which is good enough to know it again.
    const hash = hashOf(bytes, start, Math.min(start + 2 + units, end));
    return branch.sawBefore(hash) ? this.#learn(branch, reader) : undefined;
  }

  /** Where the keys of maps under unknown keys are expected; undefined where unknown keys are rare. */
  insideStrangers(branch: KeyBranch): KeyBranch | undefined {
    if (branch.insideStrangers !== undefined) return branch.insideStrangers;
    if (!branch.hasManyStrangers) return undefined;
    if (this.#root === undefined || this.#keys >= MAX_KEYS || !this.#budget.take(this, BRANCH_BYTES)) return undefined;
    this.#keys++;
    branch.insideStrangers = new KeyBranch();
    return branch.insideStrangers;
  }

  #learn(branch: KeyBranch, reader: HessianReader): KnownKey | undefined {
    const { bytes, position: start } = reader;
    reader.next();
    const isClass = isClassKey(reader);
    const name = reader.string();
    const length = reader.position - start;
    const cost = KEY_BYTES + 3 * length + (isClass ? CLASS_NAMES_BYTES : 0);
    if (!this.#budget.take(this, cost)) {
      this.#refused++;
      reader.position = start;
      return undefined;
    }
    this.#keys++;
    const key = new KnownKey(new KnownBytes(bytes, start, reader.position), new JsonKey(name), isClass);
    branch.add(key);
    return key;
  }
}

/** A small whole number that differs for most different bytes (FNV-1a). */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5 | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193);
  return hash >> 2;
}
