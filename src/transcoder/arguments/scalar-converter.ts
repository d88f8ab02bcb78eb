import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ConversionError } from './conversion-error.ts';
import type { ValueConverter } from './value-converter.ts';

/** A type whose values are one text, number or boolean of JSON. */
export abstract class ScalarConverter implements ValueConverter {
  readonly primitive: boolean;
  readonly acceptsText = true;
  readonly acceptsTextList = false;
  /** What is wanted, with its article: "an int". */
  readonly expected: string;

  constructor(expected: string, primitive: boolean) {
    this.expected = expected;
    this.primitive = primitive;
  }

  fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    if (doc.kind(node) === JsonKind.Null && !this.primitive) out.nullValue();
    else if (!this.writeJson(doc, node, out)) throw new ConversionError(this.expected, doc, node);
  }

  fromText(text: string, out: HessianWriter): void {
    if (!this.writeText(text, out)) throw new ConversionError(this.expected, undefined, 0, text);
  }

  fromTextList(texts: readonly string[]): void {
    throw new ConversionError(this.expected, undefined, 0, texts.join(', '));
  }

  /** Writes a JSON value that is not null for an object type; false when it does not fit. */
  protected abstract writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean;
  /** Writes a text; false when it does not fit. */
  protected abstract writeText(text: string, out: HessianWriter): boolean;
}
