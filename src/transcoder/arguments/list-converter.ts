import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ConversionError } from './conversion-error.ts';
import type { ValueConverter } from './value-converter.ts';

/**
 * Arrays and collections: a JSON array, or texts. One text makes a list of one element, because a query parameter that
 * is given once cannot say that it is a list. Sent as an untyped list; the provider makes the declared collection.
 */
export class ListConverter implements ValueConverter {
  readonly primitive = false;
  readonly #element: ValueConverter;

  constructor(element: ValueConverter) {
    this.#element = element;
  }

  get acceptsText(): boolean {
    return this.#element.acceptsText;
  }

  get acceptsTextList(): boolean {
    return this.#element.acceptsText;
  }

  fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    const kind = doc.kind(node);
    if (kind === JsonKind.Null) {
      out.nullValue();
      return;
    }
    if (kind !== JsonKind.Array) throw new ConversionError('an array', doc, node);
    out.listStart(doc.childCount(node));
    const end = doc.end(node);
    for (let child = doc.firstChild(node); child < end; child = doc.next(child))
      this.#element.fromJson(doc, child, out);
  }

  fromText(text: string, out: HessianWriter): void {
    out.listStart(1);
    this.#element.fromText(text, out);
  }

  fromTextList(texts: readonly string[], out: HessianWriter): void {
    out.listStart(texts.length);
    for (const text of texts) this.#element.fromText(text, out);
  }
}
