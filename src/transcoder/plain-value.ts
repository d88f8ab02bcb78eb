import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import { writeIsoDate } from '../json/json-date.ts';
import { putInt, writeDouble, writeInt, writeLong } from '../json/json-writer.ts';
import { writeShortString } from './hessian-string-to-json.ts';
import type { ResponseOptions } from './response-options.ts';

/** Room for an int32, and for `false`. */
const ROOM = 12;
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/**
 * Writes the value that the reader stands before, if it is one of the kinds that most values are and is written in the
 * usual way: a short text, a number, a date, true, false or null. False, with nothing read, for all others: they go the
 * long way by the reader's tokens, which knows all kinds, all options and all errors.
 */
export function writePlainValue(reader: HessianReader, out: ByteWriter, options: ResponseOptions): boolean {
  const { bytes, position: start, end } = reader;
  if (start >= end) return false;
  const tag = bytes[start]!;
  if (tag < 0x20) return writeShortString(reader, out, start + 1, tag);
  if (tag >= 0x80) return writeCompactInt(reader, out, tag);
  if (tag !== 0x4e && tag !== 0x54 && tag !== 0x46) return writeWideValue(reader, out, options, tag);
  const word = tag === 0x4e ? NULL : tag === 0x54 ? TRUE : FALSE;
  out.ensure(ROOM);
  const { buffer, position } = out;
  const { length } = word;
  for (let i = 0; i < length; i++) buffer[position + i] = word[i]!;
  out.position = position + length;
  reader.position = start + 1;
  return true;
}

/** Ints of one to three bytes. */
function writeCompactInt(reader: HessianReader, out: ByteWriter, tag: number): boolean {
  const { bytes, position: start, end } = reader;
  const length = tag < 0xc0 ? 1 : tag < 0xd0 ? 2 : 3;
  if (tag >= 0xd8 || end - start < length) return false;
  let value = tag - 0x90;
  if (length === 2) value = ((tag - 0xc8) << 8) + bytes[start + 1]!;
  else if (length === 3) value = ((tag - 0xd4) << 16) + (bytes[start + 1]! << 8) + bytes[start + 2]!;
  reader.position = start + length;
  out.ensure(ROOM);
  out.position = putInt(out.buffer, out.position, value);
  return true;
}

/** Values of four or eight bytes. */
function writeWideValue(reader: HessianReader, out: ByteWriter, options: ResponseOptions, tag: number): boolean {
  const { bytes, position: start, end } = reader;
  if (tag === 0x49) {
    if (end - start < 5) return false;
    reader.position = start + 5;
    writeInt(out, int32(bytes, start + 1));
    return true;
  }
  if (end - start < 9) return false;
  if (tag === 0x44) {
    const value = bytes.readDoubleBE(start + 1);
    if (!Number.isFinite(value)) return false;
    writeDouble(out, value);
  } else if (tag === 0x4a && options.formatDate === undefined) {
    writeIsoDate(out, int32(bytes, start + 1), int32(bytes, start + 5));
  } else if (tag === 0x4c && options.longs === 'number') {
    writeLong(out, int32(bytes, start + 1), int32(bytes, start + 5));
  } else {
    return false;
  }
  reader.position = start + 9;
  return true;
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
