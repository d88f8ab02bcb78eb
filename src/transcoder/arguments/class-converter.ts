import { ByteWriter } from '../../bytes/byte-writer.ts';
import { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { keyHash } from '../../json/json-tape.ts';
import { type AllowedClasses, CLASS_KEY, checkClassKey } from './class-key.ts';
import { ObjectConverter } from './object-converter.ts';
import type { ValueConverter } from './value-converter.ts';

interface Field {
  readonly name: string;
  readonly converter: ValueConverter;
  /** The name as a Hessian string, ready to copy. */
  readonly encodedName: Buffer;
  readonly hash: number;
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
    const hash = keyHash(Buffer.from(name));
    const encodedName = encodeStrings(name);
    const field: Field = { name, converter, encodedName, hash, sameHash: this.#byHash.get(hash), following: undefined };
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
      const hit = expected !== undefined && doc.keyHash(key) === expected.hash && doc.equals(key, expected.name);
      const field = hit ? expected : this.#find(doc, key);
      this.#member(field, doc, key, out);
      if (field !== undefined) expected = field.following;
    }
  }

  #member(field: Field | undefined, doc: JsonDocument, key: number, out: HessianWriter): void {
    if (field === undefined) {
      this.#undeclared.writeMember(doc, key, out);
      return;
    }
    this.checkMember(doc, key);
    out.out.bytes(field.encodedName);
    field.converter.fromJson(doc, doc.memberValue(key), out);
  }

  #find(doc: JsonDocument, key: number): Field | undefined {
    if (doc.hasEscapes(key)) return this.#byName.get(doc.stringValue(key));
    let field = this.#byHash.get(doc.keyHash(key));
    while (field !== undefined && !doc.equals(key, field.name)) field = field.sameHash;
    return field;
  }
}

function encodeStrings(...texts: string[]): Buffer {
  const bytes = new ByteWriter(64);
  const writer = new HessianWriter(bytes);
  for (const text of texts) writer.string(text);
  return bytes.take();
}
