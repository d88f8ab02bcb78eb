import type { JsonKey } from './json-key.ts';
import type { KnownBytes } from './known-bytes.ts';
import { KnownClassNames } from './known-class-names.ts';

/** Keys that may follow one key; a map with more of them has keys that are data. */
const MAX_FOLLOWERS = 8;
/** Unknown keys of one place that are known again when they come a second time. */
const MAX_SIGHTINGS = 8;

/** So many unknown keys at one place are data, and what lies under them is alike. */
const MANY_STRANGERS = 16;

/** The keys seen at one place of one shape. The one seen last is expected next. */
export class KeyBranch {
  /** The first keys of maps under unknown keys. */
  insideStrangers: KeyBranch | undefined = undefined;
  /** The key that came last. */
  expected: KnownKey | undefined = undefined;
  #others: KnownKey[] | undefined = undefined;
  #strangers = 0;
  /** Hashes of the last unknown keys. */
  #sightings: number[] | undefined = undefined;

  /** Whether no more keys are learnt here. */
  get isFull(): boolean {
    return this.#others !== undefined && this.#others.length >= MAX_FOLLOWERS;
  }

  /** Whether so many unknown keys came here that they are data. */
  get hasManyStrangers(): boolean {
    return this.#strangers >= MANY_STRANGERS;
  }

  countStranger(): void {
    if (this.#strangers < MANY_STRANGERS) this.#strangers++;
  }

  /** Notes an unknown key by its hash, unless it came here not long ago: then it says so, and forgets it. */
  sawBefore(hash: number): boolean {
    const sightings = this.#sightings;
    if (sightings === undefined) {
      this.#sightings = [hash];
    } else {
      const at = sightings.indexOf(hash);
      if (at !== -1) {
        if (sightings.length === 1) this.#sightings = undefined;
        else sightings.splice(at, 1);
        return true;
      }
      if (sightings.length >= MAX_SIGHTINGS) sightings.shift();
      sightings.push(hash);
    }
    this.countStranger();
    return false;
  }

  add(key: KnownKey): void {
    if (this.expected !== undefined) {
      this.#others ??= [this.expected];
      this.#others.push(key);
    }
    this.expected = key;
    if (this.isFull) this.#sightings = undefined;
  }

  /** The known key that stands in the bytes at `at`; undefined if none does. */
  find(bytes: Uint8Array, at: number, end: number): KnownKey | undefined {
    const expected = this.expected;
    if (expected === undefined) return undefined;
    if (expected.raw.standAt(bytes, at, end)) return expected;
    return this.#others === undefined ? undefined : this.#findOther(this.#others, bytes, at, end);
  }

  #findOther(others: readonly KnownKey[], bytes: Uint8Array, at: number, end: number): KnownKey | undefined {
    for (const key of others) {
      if (!key.raw.standAt(bytes, at, end)) continue;
      this.expected = key;
      return key;
    }
    return undefined;
  }
}

/** A key of a map as it stands in Hessian and in JSON, and what came after it. */
export class KnownKey {
  /** The string as Hessian has it, its head included. */
  readonly raw: KnownBytes;
  readonly json: JsonKey;
  /** The values of a key `class`; undefined for all other keys. */
  readonly classNames: KnownClassNames | undefined;
  /** The keys that followed in the same map. */
  readonly after = new KeyBranch();
  #inside: KeyBranch | undefined = undefined;

  constructor(raw: KnownBytes, json: JsonKey, isClass: boolean) {
    this.raw = raw;
    this.json = json;
    this.classNames = isClass ? new KnownClassNames() : undefined;
  }

  /** The first keys of maps that were its value, or items of it. */
  get inside(): KeyBranch {
    this.#inside ??= new KeyBranch();
    return this.#inside;
  }
}
