import { ByteWriter } from '../../bytes/byte-writer.ts';
import { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { keyHash } from '../../json/json-tape.ts';
import { type AllowedClasses, CLASS_KEY, checkClassKey } from './class-key.ts';
import { ObjectConverter } from './object-converter.ts';
import type { ValueConverter } from './value-converter.ts';

const WORD_BYTES = 8;

interface Field {
  readonly name: string;
  readonly converter: ValueConverter;
  /** The bytes of the name, and their hash. */
  readonly nameBytes: Buffer;
  readonly hash: number;
  /** The name as a Hessian string, ready to copy in words of eight bytes. */
  readonly encodedName: Float64Array;
  readonly encodedBytes: number;
  /** Whether this is the key that may choose a class. */
  readonly isClassKey: boolean;
  /** Another field whose name has the same hash. */
  readonly sameHash: Field | undefined;
  /** The field declared after this one. */
  following: Field | undefined;
}

/**
 * A class with declared fields: an untyped map whose values are converted by field; fields that are not declared follow
 * the JSON. Where the provider does not see the class, the map's first entry names it; a class that the route allows
 * comes later and so replaces it, as Java keeps the last of a key.
 *
 * Of each key the field that is declared after the one before is tried first; others are found by the hash the document
 * has of the key. No string is made of it.
 */
export class ClassConverter extends ObjectConverter {
  readonly acceptsText: boolean = false;
  readonly acceptsTextList = false;
  readonly #byName = new Map<string, Field>();
  readonly #byHash = new Map<number, Field>();
  #first: Field | undefined = undefined;
  #last: Field | undefined = undefined;
  readonly #undeclared: ObjectConverter;
  readonly #allowed: AllowedClasses;
  /** The entry that names the class, ready to copy. */
  readonly #classEntry: Buffer | undefined;

  /**
   * @param undeclared converts what has no declared field
   * @param className to be named; undefined where the provider sees the class
   */
  constructor(undeclared: ObjectConverter, className: string | undefined, allowed: AllowedClasses) {
    super();
    this.#undeclared = undeclared;
    this.#allowed = allowed;
    this.#classEntry = className === undefined ? undefined : encodeStrings(CLASS_KEY, className);
  }

  /** Fields come after construction, because a class may hold itself. */
  declare(name: string, converter: ValueConverter): void {
    const nameBytes = Buffer.from(name);
    const hash = keyHash(nameBytes);
    const encoded = encodeStrings(name);
    const field: Field = {
      name,
      converter,
      nameBytes,
      hash,
      encodedName: wordsOf(encoded),
      encodedBytes: encoded.length,
      isClassKey: name === CLASS_KEY,
      sameHash: this.#byHash.get(hash),
      following: undefined,
    };
    this.#byName.set(name, field);
    this.#byHash.set(hash, field);
    if (this.#last === undefined) this.#first = field;
    else this.#last.following = field;
    this.#last = field;
  }

  override writeStart(out: HessianWriter): void {
    out.untypedMapStart();
    if (this.#classEntry !== undefined) out.out.bytes(this.#classEntry);
  }

  override checkMember(doc: JsonDocument, key: number): void {
    checkClassKey(doc, key, this.#allowed);
  }

  override writeMember(doc: JsonDocument, key: number, out: HessianWriter): void {
    this.#member(this.#find(doc, key), doc, key, out);
  }

  override writeKey(name: string, out: HessianWriter): void {
    out.string(name);
  }

  protected override writeMembers(doc: JsonDocument, object: number, out: HessianWriter): void {
    const end = doc.end(object);
    let expected = this.#first;
    for (let key = doc.firstMember(object); key < end; key = doc.nextMember(key, end)) {
      const field = expected !== undefined && isName(expected, doc, key) ? expected : this.#find(doc, key);
      this.#member(field, doc, key, out);
      if (field !== undefined) expected = field.following;
    }
  }

  #member(field: Field | undefined, doc: JsonDocument, key: number, out: HessianWriter): void {
    if (field === undefined) {
      this.#undeclared.writeMember(doc, key, out);
      return;
    }
    if (field.isClassKey) this.checkMember(doc, key);
    writeName(field, out.out);
    field.converter.fromJson(doc, doc.memberValue(key), out);
  }

  #find(doc: JsonDocument, key: number): Field | undefined {
    if (doc.hasEscapes(key)) return this.#byName.get(doc.stringValue(key));
    let field = this.#byHash.get(doc.keyHash(key));
    while (field !== undefined && !isName(field, doc, key)) field = field.sameHash;
    return field;
  }
}

/** Whether a key has these very bytes; one with escapes is found another way. */
function isName(field: Field, doc: JsonDocument, key: number): boolean {
  if (doc.keyHash(key) !== field.hash) return false;
  const { nameBytes } = field;
  const start = doc.start(key);
  const { length } = nameBytes;
  if (doc.stop(key) - start !== length) return false;
  const { bytes } = doc;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== nameBytes[i]) return false;
  return true;
}

/** Doubles are copied bit by bit unless they are NaN, and text never is: of 0xf0 and above no 0x7f or 0xff follows. */
function writeName(field: Field, out: ByteWriter): void {
  const words = field.encodedName;
  const { length } = words;
  out.ensure(length * WORD_BYTES);
  const { view, position } = out;
  for (let i = 0; i < length; i++) view.setFloat64(position + i * WORD_BYTES, words[i]!, true);
  out.position = position + field.encodedBytes;
}

function wordsOf(bytes: Buffer): Float64Array {
  const words = new Float64Array(Math.ceil(bytes.length / WORD_BYTES));
  const padded = Buffer.alloc(words.length * WORD_BYTES);
  bytes.copy(padded);
  for (let i = 0; i < words.length; i++) words[i] = padded.readDoubleLE(i * WORD_BYTES);
  return words;
}

function encodeStrings(...texts: string[]): Buffer {
  const bytes = new ByteWriter(64);
  const writer = new HessianWriter(bytes);
  for (const text of texts) writer.string(text);
  return bytes.take();
}
