import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ConversionError } from './conversion-error.ts';
import type { ValueConverter } from './value-converter.ts';

/**
 * A type whose values are objects of named members. Members are written one by one, so that several sources can make
 * up one value.
 */
export abstract class ObjectConverter implements ValueConverter {
  readonly primitive = false;
  abstract readonly acceptsText: boolean;
  abstract readonly acceptsTextList: boolean;

  fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    const kind = doc.kind(node);
    if (kind === JsonKind.Object) this.#object(doc, node, out);
    else if (kind === JsonKind.Null) out.nullValue();
    else throw new ConversionError('an object', doc, node);
  }

  fromText(text: string, _out: HessianWriter): void {
    throw new ConversionError('an object', undefined, 0, text);
  }

  fromTextList(texts: readonly string[], _out: HessianWriter): void {
    throw new ConversionError('an object', undefined, 0, texts.join(', '));
  }

  /** Throws `ClassKeyError` for a `class` key that may not be; `writeMember` does so too. */
  abstract checkMember(doc: JsonDocument, key: number): void;
  /** Writes key and value of one member of a JSON object. */
  abstract writeMember(doc: JsonDocument, key: number, out: HessianWriter): void;
  /** Writes the key of a member that the configuration names. */
  abstract writeKey(name: string, out: HessianWriter): void;

  /** Begins the map of a value; its members and the map's end follow. */
  writeStart(out: HessianWriter): void {
    out.untypedMapStart();
  }

  /** Writes all members of a JSON object. */
  protected writeMembers(doc: JsonDocument, object: number, out: HessianWriter): void {
    const end = doc.end(object);
    for (let key = doc.firstMember(object); key < end; key = doc.nextMember(key, end)) this.writeMember(doc, key, out);
  }

  #object(doc: JsonDocument, node: number, out: HessianWriter): void {
    this.writeStart(out);
    this.writeMembers(doc, node, out);
    out.mapEnd();
  }
}
