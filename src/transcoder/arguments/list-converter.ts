import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ConversionError } from './conversion-error.ts';
import type { ValueConverter } from './value-converter.ts';

/**
 * Arrays and collections: a JSON array, or texts. One text makes a list of one element, because a query parameter that
 * is given once cannot say that it is a list. Sent as an untyped list, of which the provider makes the declared
 * collection where it sees it.
 */
export class ListConverter implements ValueConverter {
  readonly primitive = false;
  readonly #element: ValueConverter;
  readonly #className: string | undefined;

  /** @param className the class to name on the wire; undefined for an untyped list */
  constructor(element: ValueConverter, className?: string) {
    this.#element = element;
    this.#className = className;
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
    this.#start(doc.childCount(node), out);
    const end = doc.end(node);
    for (let child = doc.firstChild(node); child < end; child = doc.next(child))
      this.#element.fromJson(doc, child, out);
  }

  fromText(text: string, out: HessianWriter): void {
    this.#start(1, out);
    this.#element.fromText(text, out);
  }

  fromTextList(texts: readonly string[], out: HessianWriter): void {
    this.#start(texts.length, out);
    for (const text of texts) this.#element.fromText(text, out);
  }

  #start(count: number, out: HessianWriter): void {
    if (this.#className === undefined) out.listStart(count);
    else out.typedListStart(this.#className, count);
  }
}
