import { ByteWriter } from '../../bytes/byte-writer.ts';
import { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { keyHash } from '../../json/json-tape.ts';
import { type AllowedClasses, checkClassKey } from './class-key.ts';
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
 * the JSON. Fields are found by the hash the document has of each key, so no string is made of it.
 */
export class ClassConverter extends ObjectConverter {
  readonly acceptsText = false;
  readonly acceptsTextList = false;
  readonly #byName = new Map<string, Field>();
  readonly #byHash = new Map<number, Field>();
  readonly #undeclared: ObjectConverter;
  readonly #allowed: AllowedClasses;

  /** @param undeclared converts what has no declared field */
  constructor(undeclared: ObjectConverter, allowed: AllowedClasses) {
    super();
    this.#undeclared = undeclared;
    this.#allowed = allowed;
  }

  /** Fields come after construction, because a class may hold itself. */
  declare(name: string, converter: ValueConverter): void {
    const hash = keyHash(Buffer.from(name));
    const field = { name, converter, encodedName: encodeName(name), sameHash: this.#byHash.get(hash) };
    this.#byName.set(name, field);
    this.#byHash.set(hash, field);
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

function encodeName(name: string): Buffer {
  const bytes = new ByteWriter(64);
  new HessianWriter(bytes).string(name);
  return bytes.take();
}
