import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import { type JsonDocument, JsonKind } from '../../json/json-document.ts';
import { ConversionError } from './conversion-error.ts';

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

  #object(doc: JsonDocument, node: number, out: HessianWriter): void {
    out.untypedMapStart();
    const end = doc.end(node);
    for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end)) this.writeMember(doc, key, out);
    out.mapEnd();
  }
}

/** Writes a JSON string or key. Without escapes its bytes are copied; no JavaScript string is made. */
export function writeJsonString(doc: JsonDocument, node: number, out: HessianWriter): void {
  if (doc.hasEscapes(node)) out.string(doc.stringValue(node));
  else out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
}
