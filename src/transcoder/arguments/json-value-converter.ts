import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind, RECORD } from '../../json/json-tape.ts';
import { type AllowedClasses, checkClassKey } from './class-key.ts';
import { ObjectConverter } from './object-converter.ts';
import { writeUntypedJson } from './untyped-json.ts';

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
    const end = doc.kind(node) < JsonKind.Array ? node + RECORD : doc.end(node);
    writeUntypedJson(doc, node, end, this.#allowed, out);
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
    writeUntypedJson(doc, key, doc.next(doc.memberValue(key)), this.#allowed, out);
  }

  override writeKey(name: string, out: HessianWriter): void {
    out.string(name);
  }
}
