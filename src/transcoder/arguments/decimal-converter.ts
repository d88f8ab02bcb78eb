import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { decimalNumber } from './decimal-text.ts';
import { integerDigits } from './integer-text.ts';
import { ScalarConverter } from './scalar-converter.ts';

/** Characters of a BigDecimal and digits of a BigInteger: arithmetic on longer ones is costly for a provider. */
const MAX_DIGITS = 1000;
/** The exponent is at most four digits long: `1e999999999` is short to write and ruinous to expand. */
const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?$/;
const OBJECT_FIELDS = ['value'];
const MAX_FLOAT = 3.4028234663852886e38;

/** double, float and their wrappers: a finite number or its text, sent as a double. */
export class DoubleConverter extends ScalarConverter {
  readonly #max: number;

  constructor(name: 'float' | 'double', primitive: boolean) {
    super(`a finite ${name}`, primitive);
    this.#max = name === 'float' ? MAX_FLOAT : Number.MAX_VALUE;
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.Number) return this.#write(decimalNumber(doc.bytes, doc.start(node), doc.stop(node)), out);
    return kind === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    return text.length <= MAX_DIGITS && DECIMAL.test(text) && this.#write(Number(text), out);
  }

  #write(value: number, out: HessianWriter): boolean {
    if (!(Math.abs(value) <= this.#max)) return false;
    out.double(value);
    return true;
  }
}

/**
 * java.math.BigDecimal: sent as a string of the very characters, because older providers take a number through a
 * double. Sign, trailing zeros and exponent stay; at most 1,000 characters. Where the provider does not see the type it
 * is the object, or a string would arrive.
 */
export class BigDecimalConverter extends ScalarConverter {
  /** Whether it is sent as an object, not as text. */
  readonly asObject: boolean;

  constructor(asObject: boolean) {
    super(`a decimal number of at most ${MAX_DIGITS} characters`, false);
    this.asObject = asObject;
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind !== JsonKind.Number) return kind === JsonKind.String && this.writeText(doc.stringValue(node), out);
    const start = doc.start(node);
    const stop = doc.stop(node);
    // Nothing that JSON takes for a number can be wrong here but its length and that of its exponent.
    if (hasExponent(doc.bytes, start, stop)) return this.writeText(doc.numberText(node), out);
    if (stop - start > MAX_DIGITS) return false;
    this.#start(out);
    out.stringAscii(doc.bytes, start, stop);
    return true;
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    if (text.length > MAX_DIGITS || !DECIMAL.test(text)) return false;
    this.#start(out);
    out.string(text);
    return true;
  }

  #start(out: HessianWriter): void {
    if (this.asObject) out.objectStart('java.math.BigDecimal', OBJECT_FIELDS);
  }
}

/** java.math.BigInteger: sent as a string of plain digits, at most 1,000. `1e3` becomes 1000. */
export class BigIntegerConverter extends ScalarConverter {
  constructor() {
    super(`an integer of at most ${MAX_DIGITS} digits`, false);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.Number) return this.writeText(doc.numberText(node), out);
    return kind === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    const digits = integerDigits(text, MAX_DIGITS);
    if (digits === undefined) return false;
    out.string(digits);
    return true;
  }
}

function hasExponent(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i]! | 0x20) === 0x65) return true;
  return false;
}
