import type { ByteWriter } from '../bytes/byte-writer.ts';
import { doubleOf, int32At } from '../hessian/body-cursor.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { DATE_ROOM, putIsoDate } from '../json/json-date.ts';
import { putDouble, putInt, putLong } from '../json/json-number.ts';
import { putShortString } from './hessian-string-to-json.ts';
import type { ResponseOptions } from './response-options.ts';

/** Room that `putPlainValue` needs; for longer texts it makes room itself. */
export const PLAIN_ROOM = DATE_ROOM;

/** Strings with a smaller tag have it for their length. */
const SHORT_STRINGS_END = 0x20;
/** Words of text, the first letter in the highest byte. */
const NULL = 0x6e_75_6c_6c;
const TRUE = 0x74_72_75_65;
const FALS = 0x66_61_6c_73;
const LETTER_E = 0x65;
/** For each tag how many bytes a value takes which has it, if it is of a fixed length and plain; else 0. */
const FIXED_BYTES = fixedBytes();

/**
 * Writes the value that the reader stands before, if it is one of the kinds that most values are and is written in the
 * usual way: a short text, a number, a date, true, false or null. False, with nothing read, for all others: they go the
 * long way by the reader's tokens, which knows all kinds, all options and all errors.
 */
export function writePlainValue(reader: HessianReader, out: ByteWriter, options: ResponseOptions): boolean {
  const { position } = reader;
  if (position >= reader.end) return false;
  out.ensure(PLAIN_ROOM);
  const behind = putPlainValue(reader, out, options, position, out.position);
  if (behind < 0) return false;
  out.position = behind;
  return true;
}

/**
 * Writes the value at `at`, if it is plain, to the place `to` of the writer and moves the reader behind it. Returns the
 * place behind what was written; -1, with nothing read, for all others.
 */
export function putPlainValue(
  reader: HessianReader,
  out: ByteWriter,
  options: ResponseOptions,
  at: number,
  to: number,
): number {
  const { bytes, end } = reader;
  const tag = bytes[at]!;
  if (tag < SHORT_STRINGS_END) return putShortString(reader, out, at + 1, tag, to);
  if (tag >= 0x30 && tag < 0x34) {
    if (end - at < 2) return -1;
    return putShortString(reader, out, at + 2, ((tag - 0x30) << 8) | bytes[at + 1]!, to);
  }
  const length = FIXED_BYTES[tag]!;
  if (length === 0 || length > end - at) return -1;
  const behind = putFixedValue(bytes, at, tag, out.view, to, options);
  if (behind >= 0) reader.position = at + length;
  return behind;
}

/**
 * Writes the value of a fixed length whose tag is at `at` and returns the position behind it; -1 where it is not plain in
 * this route. All its bytes are there, and so is room for `PLAIN_ROOM` more.
 */
function putFixedValue(
  bytes: Uint8Array,
  at: number,
  tag: number,
  view: DataView,
  to: number,
  options: ResponseOptions,
): number {
  if (tag >= 0x80) return putInt(view, to, compactInt(bytes, at, tag));
  switch (tag) {
    case 0x4e:
      view.setInt32(to, NULL);
      return to + 4;
    case 0x54:
      view.setInt32(to, TRUE);
      return to + 4;
    case 0x46:
      view.setInt32(to, FALS);
      view.setUint8(to + 4, LETTER_E);
      return to + 5;
    case 0x49:
      return putInt(view, to, int32At(bytes, at + 1));
    case 0x4c:
      return options.longs === 'number' ? putLong(view, to, int32At(bytes, at + 1), int32At(bytes, at + 5)) : -1;
    case 0x4a:
      if (options.formatDate !== undefined) return -1;
      return putIsoDate(view, to, int32At(bytes, at + 1), int32At(bytes, at + 5));
    case 0x5f:
      return putDouble(view, to, int32At(bytes, at + 1) * 0.001); // as the reader does: the quotient is another number
    default: {
      const value = doubleOf(int32At(bytes, at + 1), int32At(bytes, at + 5));
      return Number.isFinite(value) ? putDouble(view, to, value) : -1;
    }
  }
}

/** Ints of one to three bytes. */
function compactInt(bytes: Uint8Array, at: number, tag: number): number {
  if (tag < 0xc0) return tag - 0x90;
  if (tag < 0xd0) return ((tag - 0xc8) << 8) + bytes[at + 1]!;
  return ((tag - 0xd4) << 16) + (bytes[at + 1]! << 8) + bytes[at + 2]!;
}

function fixedBytes(): Uint8Array {
  const lengths = new Uint8Array(256);
  for (const tag of [0x46, 0x4e, 0x54]) lengths[tag] = 1;
  for (const tag of [0x49, 0x5f]) lengths[tag] = 5;
  for (const tag of [0x44, 0x4a, 0x4c]) lengths[tag] = 9;
  lengths.fill(1, 0x80, 0xc0);
  lengths.fill(2, 0xc0, 0xd0);
  lengths.fill(3, 0xd0, 0xd8);
  return lengths;
}
