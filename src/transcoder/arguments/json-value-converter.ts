import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { type AllowedClasses, checkClassKey } from './class-key.ts';
import { ConversionError } from './conversion-error.ts';
import { longFromText, shortInteger, writeLong } from './integer-text.ts';
import { ObjectConverter } from './object-converter.ts';
import { writeJsonString } from './write-json-string.ts';

/**
 * java.lang.Object and classes nothing is known about: the value follows the JSON. Integers become int, long, or beyond
 * 64 bits a string of their digits; numbers with fraction or exponent a double; arrays an untyped list; objects an
 * untyped map. Depth is bounded by the document's.
 */
export class JsonValueConverter extends ObjectConverter {
  readonly acceptsText = true;
  readonly acceptsTextList = true;
  readonly #allowed: AllowedClasses;

  constructor(allowed: AllowedClasses) {
    super();
    this.#allowed = allowed;
  }

  override fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    switch (doc.kind(node)) {
      case JsonKind.String:
        writeJsonString(doc, node, out);
        return;
      case JsonKind.Number:
        writeNumber(doc, node, out);
        return;
      case JsonKind.True:
        out.boolean(true);
        return;
      case JsonKind.False:
        out.boolean(false);
        return;
      case JsonKind.Array: {
        out.listStart(doc.childCount(node));
        const end = doc.end(node);
        for (let child = doc.firstChild(node); child < end; child = doc.next(child)) this.fromJson(doc, child, out);
        return;
      }
      default:
        super.fromJson(doc, node, out);
    }
  }

  override fromText(text: string, out: HessianWriter): void {
    out.string(text);
  }

  override fromTextList(texts: readonly string[], out: HessianWriter): void {
    out.listStart(texts.length);
    for (const text of texts) out.string(text);
  }

  override checkMember(doc: JsonDocument, key: number): void {
    checkClassKey(doc, key, this.#allowed);
  }

  override writeMember(doc: JsonDocument, key: number, out: HessianWriter): void {
    this.checkMember(doc, key);
    writeJsonString(doc, key, out);
    this.fromJson(doc, doc.memberValue(key), out);
  }

  override writeKey(name: string, out: HessianWriter): void {
    out.string(name);
  }
}

function writeNumber(doc: JsonDocument, node: number, out: HessianWriter): void {
  if (!doc.isIntegerText(node)) {
    const value = Number(doc.numberText(node));
    if (!Number.isFinite(value)) throw new ConversionError('a number within the range of a double', doc, node);
    out.double(value);
    return;
  }
  const short = shortInteger(doc.bytes, doc.start(node), doc.stop(node));
  if (short === (short | 0)) {
    out.int(short);
    return;
  }
  const value = Number.isNaN(short) ? longFromText(doc.numberText(node)) : short;
  if (value === undefined) out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
  else writeLong(value, out);
}
