import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';

/**
 * Writes values of one Java type as Hessian, from JSON or from text. Compiled once, used by many requests at a time: it
 * keeps no state. What does not fit is a `ConversionError`; then the bytes written so far are worthless.
 */
export interface ValueConverter {
  /** Whether null is no value of the type. */
  readonly primitive: boolean;
  /** Whether one text (of a path, query, header or cookie) can be such a value. */
  readonly acceptsText: boolean;
  /** Whether a list of texts (`query.x[]`) can be such a value. */
  readonly acceptsTextList: boolean;
  fromJson(doc: JsonDocument, node: number, out: HessianWriter): void;
  fromText(text: string, out: HessianWriter): void;
  fromTextList(texts: readonly string[], out: HessianWriter): void;
}
