import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { longFromText, shortInteger, writeLong } from './integer-text.ts';
import { ScalarConverter } from './scalar-converter.ts';

/** byte, short, int and their wrappers: a number or its text within the range; `5.0` and `1e3` count as integers. */
export class IntegerConverter extends ScalarConverter {
  readonly #min: number;
  readonly #max: number;

  constructor(name: string, bits: 8 | 16 | 32, primitive: boolean) {
    const max = 2 ** (bits - 1) - 1;
    super(`${name === 'int' ? 'an' : 'a'} ${name} (${-max - 1} to ${max})`, primitive);
    this.#min = -max - 1;
    this.#max = max;
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.Number) {
      if (!doc.isIntegerText(node)) return this.writeText(doc.numberText(node), out);
      return this.#write(shortInteger(doc.bytes, doc.start(node), doc.stop(node)), out);
    }
    return kind === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    const value = longFromText(text);
    return typeof value === 'number' && this.#write(value, out);
  }

  #write(value: number, out: HessianWriter): boolean {
    if (!(value >= this.#min && value <= this.#max)) return false;
    out.int(value);
    return true;
  }
}

/** long and Long: every digit counts, nothing is rounded. */
export class LongConverter extends ScalarConverter {
  constructor(primitive: boolean) {
    super('a long (64-bit integer)', primitive);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.Number) {
      if (doc.isIntegerText(node)) {
        const value = shortInteger(doc.bytes, doc.start(node), doc.stop(node));
        if (!Number.isNaN(value)) {
          out.longNumber(value);
          return true;
        }
      }
      return this.writeText(doc.numberText(node), out);
    }
    return kind === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    const value = longFromText(text);
    if (value === undefined) return false;
    writeLong(value, out);
    return true;
  }
}
