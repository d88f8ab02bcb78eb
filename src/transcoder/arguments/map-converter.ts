import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { type AllowedClasses, checkClassKey } from './class-key.ts';
import { ConversionError } from './conversion-error.ts';
import { ObjectConverter } from './object-converter.ts';
import type { ValueConverter } from './value-converter.ts';

/**
 * java.util.Map and its kinds: keys are converted from their text by the key type, values by the value type. A class
 * other than HashMap is named on the wire; Dubbo 2.7 makes no such map of an untyped one.
 */
export class MapConverter extends ObjectConverter {
  readonly acceptsText = false;
  readonly acceptsTextList = false;
  readonly #key: ValueConverter;
  readonly #value: ValueConverter;
  readonly #className: string | undefined;
  readonly #allowed: AllowedClasses;

  /** @param className the class of the map; undefined leaves it to the provider, which makes a HashMap */
  constructor(key: ValueConverter, value: ValueConverter, className: string | undefined, allowed: AllowedClasses) {
    super();
    this.#className = className;
    this.#key = key;
    this.#value = value;
    this.#allowed = allowed;
  }

  override writeStart(out: HessianWriter): void {
    if (this.#className === undefined) out.untypedMapStart();
    else out.typedMapStart(this.#className);
  }

  override checkMember(doc: JsonDocument, key: number): void {
    checkClassKey(doc, key, this.#allowed);
  }

  override writeMember(doc: JsonDocument, key: number, out: HessianWriter): void {
    this.checkMember(doc, key);
    try {
      this.#key.fromText(doc.stringValue(key), out);
    } catch (error) {
      throw error instanceof ConversionError ? new ConversionError(`a key that is ${error.expected}`, doc, key) : error;
    }
    this.#value.fromJson(doc, doc.memberValue(key), out);
  }

  override writeKey(name: string, out: HessianWriter): void {
    this.#key.fromText(name, out);
  }
}
