import type { ByteWriter } from '../bytes/byte-writer.ts';
import { writeIsoDate } from '../json/json-date.ts';
import { isSafeLong } from '../json/json-number.ts';
import { writeDouble, writeFloat, writeLong, writeString } from '../json/json-writer.ts';
import type { JdkScalar } from './jdk-values.ts';
import type { DateForm, ResponseOptions } from './response-options.ts';

const QUOTE = 0x22;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** The range of JavaScript's Date, which patterns need; Java's is wider. */
const MAX_DATE_MS = 8.64e15;

export function writeLongAs(out: ByteWriter, high: number, low: number, { longs }: ResponseOptions): void {
  if (longs === 'number' || (longs === 'string-if-unsafe' && isSafeLong(high, low))) {
    writeLong(out, high, low);
  } else {
    out.byte(QUOTE);
    writeLong(out, high, low);
    out.byte(QUOTE);
  }
}

export function writeDoubleAs(out: ByteWriter, value: number, options: ResponseOptions): void {
  if (Number.isFinite(value)) writeDouble(out, value);
  else writeNonFinite(out, value, options);
}

/** A value that was a float before it was widened for the wire. */
export function writeFloatAs(out: ByteWriter, value: number, options: ResponseOptions): void {
  if (Number.isFinite(value)) writeFloat(out, value);
  else writeNonFinite(out, value, options);
}

/** A time in ms since 1970, given as the two halves of a long. Past the range of patterns it is written as ISO 8601. */
export function writeDate(out: ByteWriter, high: number, low: number, form: DateForm): void {
  if (form === 'epoch-ms') {
    writeLong(out, high, low);
    return;
  }
  const ms = high * 0x1_0000_0000 + (low >>> 0);
  if (form === undefined || Math.abs(ms) > MAX_DATE_MS) writeIsoDate(out, high, low);
  else writeString(out, form(ms));
}

/** BigDecimal and BigInteger: the very digits, where they are a JSON number. */
export function writeDecimal(out: ByteWriter, digits: string, { decimals }: ResponseOptions): void {
  if (decimals === 'number' && JSON_NUMBER.test(digits)) out.ascii(digits);
  else writeString(out, digits);
}

export function writeBase64(out: ByteWriter, bytes: Buffer): void {
  out.byte(QUOTE);
  out.ascii(bytes.toString('base64'));
  out.byte(QUOTE);
}

export function writeJdkScalar(out: ByteWriter, scalar: JdkScalar, options: ResponseOptions): void {
  switch (scalar.kind) {
    case 'text':
      writeString(out, scalar.text);
      break;
    case 'digits':
      writeDecimal(out, scalar.text, options);
      break;
    case 'long':
      writeLongAs(out, highHalf(scalar.value), lowHalf(scalar.value), options);
      break;
    case 'date':
      writeDate(out, highHalf(scalar.ms), lowHalf(scalar.ms), options.formatDate);
      break;
    case 'boolean':
      out.ascii(scalar.value ? 'true' : 'false');
      break;
    default:
      out.ascii('null');
  }
}

function highHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

function lowHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function writeNonFinite(out: ByteWriter, value: number, { nonFinite }: ResponseOptions): void {
  out.ascii(nonFinite === 'string' ? `"${value}"` : 'null');
}
