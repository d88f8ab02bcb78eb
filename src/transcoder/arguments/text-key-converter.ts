import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { integerDigits } from './integer-text.ts';
import type { ValueConverter } from './value-converter.ts';

/** Digits of a 64-bit integer; the key's own converter has checked the range. */
const MAX_DIGITS = 19;

/**
 * Keys of sorted maps, as text: Dubbo looks into every map for the key `class`, and a TreeMap that holds numbers fails
 * when it compares them with that. The provider makes the declared numbers of the text.
 */
export class TextKeyConverter implements ValueConverter {
  readonly primitive = false;
  readonly acceptsText = true;
  readonly acceptsTextList = false;
  readonly #key: ValueConverter;

  /** @param key converts numbers or booleans; it says which text is one */
  constructor(key: ValueConverter) {
    this.#key = key;
  }

  fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    this.fromText(doc.stringValue(node), out);
  }

  fromText(text: string, out: HessianWriter): void {
    const start = out.out.position;
    this.#key.fromText(text, out);
    out.out.position = start;
    // Java reads `1e3` and `5.0` as doubles only, and for those the very text will do.
    out.string(integerDigits(text, MAX_DIGITS) ?? text);
  }

  fromTextList(texts: readonly string[], out: HessianWriter): void {
    this.#key.fromTextList(texts, out);
  }
}
