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
  /** Another field whose name has the same hash. */
  readonly sameHash: Field | undefined;
}

/**
 * A class with declared fields: an untyped map whose values are converted by field; fields that are not declared follow
 * the JSON. Where the provider does not see the class, the map's first entry names it; a class that the route allows
 * comes later and so replaces it, as Java keeps the last of a key. Fields are found by the hash the document has of each key, so no string is made of it.
 */
export class ClassConverter extends ObjectConverter {
  readonly acceptsText: boolean = false;
  readonly acceptsTextList = false;
  readonly #byName = new Map<string, Field>();
  readonly #byHash = new Map<number, Field>();
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
    const field = { name, converter, encodedName: encodeStrings(name), sameHash: this.#byHash.get(hash) };
    this.#byName.set(name, field);
    this.#byHash.set(hash, field);
  }

  override writeStart(out: HessianWriter): void {
    out.untypedMapStart();
    if (this.#classEntry !== undefined) out.out.bytes(this.#classEntry);
  }

  override checkMember(doc: JsonDocument, key: number): void {
    checkClassKey(doc, key, this.#allowed);
  }

  override writeMember(doc: JsonDocument, key: number, out: HessianWriter): void {
    const field = this.#find(doc, key);
    if (field === undefined) {
      this.#undeclared.writeMember(doc, key, out);
      return;
    }
    this.checkMember(doc, key);
    out.out.bytes(field.encodedName);
    field.converter.fromJson(doc, doc.memberValue(key), out);
  }

  override writeKey(name: string, out: HessianWriter): void {
    out.string(name);
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
