import { isUtf8 } from 'node:buffer';

/** First bytes of a JSONB value (`com.alibaba.fastjson2.JSONB.Constants`). */
const NULL = 0xaf;
const SHORT_ASCII_FIRST = 0x49;
const SHORT_ASCII_LAST = 0x78;
const ASCII = 0x79;
const UTF8 = 0x7a;
const UTF16 = 0x7b;
const UTF16_LE = 0x7c;
const UTF16_BE = 0x7d;

/** A JSONB integer: its value and where it ends. */
interface Jsonb32 {
  readonly value: number;
  readonly end: number;
}

/**
 * Reads the body of a fastjson2 frame that holds one text: a 32-bit length, then one JSONB string. Dubbo 3.2 sends its
 * error messages and READONLY events so, whatever serialization the request had.
 *
 * Returns null where the text is null, and undefined where `buffer[start, end)` holds anything else: other values,
 * lengths beyond the bytes there are, broken UTF-8. Bytes after the text are ignored.
 */
export function decodeFastjson2Text(buffer: Buffer, start: number, end: number): string | null | undefined {
  if (end - start < 5) return undefined;
  const length = buffer.readInt32BE(start);
  const valueStart = start + 4;
  const valueEnd = valueStart + length;
  if (length < 1 || valueEnd > end) return undefined;
  const tag = buffer[valueStart]!;
  if (tag === NULL) return null;
  if (tag >= SHORT_ASCII_FIRST && tag <= SHORT_ASCII_LAST) {
    return decodeText(ASCII, buffer, valueStart + 1, valueStart + 1 + tag - SHORT_ASCII_FIRST, valueEnd);
  }
  if (tag < ASCII || tag > UTF16_BE) return undefined;
  const textLength = readInt(buffer, valueStart + 1, valueEnd);
  if (textLength === undefined || textLength.value < 0) return undefined;
  return decodeText(tag, buffer, textLength.end, textLength.end + textLength.value, valueEnd);
}

function decodeText(tag: number, buffer: Buffer, start: number, end: number, limit: number): string | undefined {
  if (end > limit) return undefined;
  switch (tag) {
    case ASCII:
      return buffer.toString('latin1', start, end);
    case UTF8:
      return isUtf8(buffer.subarray(start, end)) ? buffer.toString('utf8', start, end) : undefined;
    case UTF16: {
      if ((end - start) % 2 !== 0) return undefined;
      const mark = end - start >= 2 ? buffer.readUInt16BE(start) : 0;
      if (mark === 0xfeff) return decodeUtf16BigEndian(buffer, start + 2, end);
      if (mark === 0xfffe) return buffer.toString('utf16le', start + 2, end);
      return decodeUtf16BigEndian(buffer, start, end);
    }
    case UTF16_LE:
      return (end - start) % 2 === 0 ? buffer.toString('utf16le', start, end) : undefined;
    case UTF16_BE:
      return (end - start) % 2 === 0 ? decodeUtf16BigEndian(buffer, start, end) : undefined;
    default:
      return undefined;
  }
}

function decodeUtf16BigEndian(buffer: Buffer, start: number, end: number): string {
  return Buffer.from(buffer.subarray(start, end)).swap16().toString('utf16le');
}

/** One byte from -16 to 47, two or three bytes with the high bits in the first, or 0x48 and four bytes. */
function readInt(buffer: Buffer, at: number, limit: number): Jsonb32 | undefined {
  if (at >= limit) return undefined;
  const tag = buffer[at]!;
  if (tag >= 0xf0) return { value: tag - 0x100, end: at + 1 };
  if (tag <= 0x2f) return { value: tag, end: at + 1 };
  if (tag <= 0x3f && at + 2 <= limit) return { value: ((tag - 0x38) << 8) + buffer[at + 1]!, end: at + 2 };
  if (tag >= 0x40 && tag <= 0x47 && at + 3 <= limit) {
    return { value: ((tag - 0x44) << 16) + buffer.readUInt16BE(at + 1), end: at + 3 };
  }
  if (tag === 0x48 && at + 5 <= limit) return { value: buffer.readInt32BE(at + 1), end: at + 5 };
  return undefined;
}
