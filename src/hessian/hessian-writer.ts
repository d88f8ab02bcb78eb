import type { ByteWriter } from '../bytes/byte-writer.ts';
import { copyBytes } from '../bytes/copy-bytes.ts';
import {
  MAX_FORM_BYTES,
  MAX_STRING_UNITS,
  putDouble,
  putInt,
  putListHead,
  putLong,
  putStringHead,
} from './hessian-forms.ts';

/** A string of more units has a longer head. */
const MAX_SHORT_UNITS = 1023;
const MAX_BINARY_BYTES = 0x8000;
const NO_NAMES: readonly string[] = [];

/**
 * Writes Hessian 2 values to a `ByteWriter`, one method a kind of value. Sequence is the caller's: a container's start is
 * followed by its elements (a map's also by `mapEnd`). Type names and class definitions are written once a body and then
 * referred to by number, so one writer serves one body at a time; `reset` starts the next.
 *
 * Forms are those hessian-lite reads everywhere: lists have a fixed length because its readers refuse variable-length
 * lists for most targets, and each int, long and string takes its shortest form.
 */
export class HessianWriter {
  readonly out: ByteWriter;
  /** Type names that were there before this body's own. */
  #givenTypes: readonly string[] = NO_NAMES;
  #types: string[] = [];
  #classes: string[] = [];

  constructor(out: ByteWriter) {
    this.out = out;
  }

  /**
   * Forgets type names and class definitions; the bytes are the caller's.
   * @param types names already written in this body, in their order, so that later references count from them
   */
  reset(types = NO_NAMES): void {
    this.#givenTypes = types;
    // To shorten an array costs more than a new one, and mostly there is nothing in it.
    if (this.#types.length > 0) this.#types = [];
    if (this.#classes.length > 0) this.#classes = [];
  }

  nullValue(): void {
    this.out.byte(0x4e);
  }

  boolean(value: boolean): void {
    this.out.byte(value ? 0x54 : 0x46);
  }

  /** @param value an integer from -2^31 to 2^31-1 */
  int(value: number): void {
    const { out } = this;
    out.ensure(MAX_FORM_BYTES);
    out.position = putInt(out.buffer, out.position, value);
  }

  /** A 64-bit integer from its two halves, as signed or unsigned 32-bit numbers. */
  long(high: number, low: number): void {
    const { out } = this;
    out.ensure(MAX_FORM_BYTES);
    out.position = putLong(out.buffer, out.position, high, low);
  }

  /** A 64-bit integer from a safe integer (at most 2^53-1 either way). */
  longNumber(value: number): void {
    this.long(Math.floor(value / 0x1_0000_0000), value);
  }

  double(value: number): void {
    const { out } = this;
    out.ensure(MAX_FORM_BYTES);
    out.position = putDouble(out.buffer, out.position, value);
  }

  /** A date in ms since 1970. Whole minutes take the short form when they fit. */
  dateMs(value: number): void {
    const minutes = value / 60_000;
    if (minutes === (minutes | 0)) {
      this.out.byte(0x4b);
      this.out.int32(minutes);
    } else {
      this.out.byte(0x4a);
      this.out.int32(Math.floor(value / 0x1_0000_0000));
      this.out.int32(value >>> 0);
    }
  }

  /** Any JavaScript string; each UTF-16 unit is encoded on its own (CESU-8), so lone surrogates survive. */
  string(text: string): void {
    let start = 0;
    while (text.length - start > MAX_STRING_UNITS) {
      const end = start + chunkUnits(text.charCodeAt(start + MAX_STRING_UNITS - 1));
      this.#stringHead(0x52, end - start);
      this.#units(text, start, end);
      start = end;
    }
    this.#stringHead(0x53, text.length - start);
    this.#units(text, start, text.length);
  }

  /** Text given as ASCII in `bytes[start, end)`: as many units as bytes. */
  stringAscii(bytes: Uint8Array, start: number, end: number): void {
    const units = end - start;
    if (units > MAX_SHORT_UNITS) {
      this.stringUtf8(bytes, start, end);
      return;
    }
    const { out } = this;
    out.ensure(MAX_FORM_BYTES + units);
    const { buffer } = out;
    out.position = copyBytes(bytes, start, end, buffer, putStringHead(buffer, out.position, units));
  }

  /** Text given as valid UTF-8 in `bytes[start, end)`; no JavaScript string is made of it. */
  stringUtf8(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    let units = countUnits(bytes, start, end);
    while (units > MAX_STRING_UNITS) {
      const cut = advanceUnits(bytes, from, MAX_STRING_UNITS);
      this.#stringHead(0x52, cut.units);
      this.#utf8(bytes, from, cut.end, cut.units);
      from = cut.end;
      units -= cut.units;
    }
    this.#stringHead(0x53, units);
    this.#utf8(bytes, from, end, units);
  }

  binary(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const { out } = this;
    let from = start;
    while (end - from > MAX_BINARY_BYTES) {
      this.#chunkHead(0x41, MAX_BINARY_BYTES);
      out.bytes(bytes, from, from + MAX_BINARY_BYTES);
      from += MAX_BINARY_BYTES;
    }
    const count = end - from;
    if (from === start && count <= 15) {
      out.byte(0x20 + count);
    } else if (from === start && count <= 1023) {
      out.byte(0x34 + (count >> 8));
      out.byte(count);
    } else {
      this.#chunkHead(0x42, count);
    }
    out.bytes(bytes, from, end);
  }

  /** An untyped map (HashMap on the Java side); keys and values follow in turn, then `mapEnd`. */
  untypedMapStart(): void {
    this.out.byte(0x48);
  }

  typedMapStart(type: string): void {
    this.out.byte(0x4d);
    this.#type(type);
  }

  mapEnd(): void {
    this.out.byte(0x5a);
  }

  /** An untyped list of exactly `count` elements. */
  listStart(count: number): void {
    const { out } = this;
    out.ensure(MAX_FORM_BYTES);
    out.position = putListHead(out.buffer, out.position, count);
  }

  /** A typed list of exactly `count` elements, for example `[object` or `[int`. */
  typedListStart(type: string, count: number): void {
    if (count <= 7) {
      this.out.byte(0x70 + count);
      this.#type(type);
    } else {
      this.out.byte(0x56);
      this.#type(type);
      this.int(count);
    }
  }

  /** An object of a class with the given fields; their values follow in the same order. Same class, same fields. */
  objectStart(className: string, fields: readonly string[]): void {
    let index = this.#classes.indexOf(className);
    if (index === -1) {
      index = this.#classes.push(className) - 1;
      this.out.byte(0x43);
      this.string(className);
      this.int(fields.length);
      for (const field of fields) this.string(field);
    }
    if (index <= 15) {
      this.out.byte(0x60 + index);
    } else {
      this.out.byte(0x4f);
      this.int(index);
    }
  }

  #type(type: string): void {
    const given = this.#givenTypes.indexOf(type);
    const own = given === -1 ? this.#types.indexOf(type) : -1;
    if (given !== -1) {
      this.int(given);
    } else if (own !== -1) {
      this.int(this.#givenTypes.length + own);
    } else {
      this.#types.push(type);
      this.string(type);
    }
  }

  /** The last piece may take any string form; a piece that others follow must be an 'R' chunk. */
  #stringHead(code: 0x52 | 0x53, units: number): void {
    if (code === 0x52) {
      this.#chunkHead(code, units);
      return;
    }
    const { out } = this;
    out.ensure(MAX_FORM_BYTES);
    out.position = putStringHead(out.buffer, out.position, units);
  }

  #chunkHead(code: number, length: number): void {
    this.out.byte(code);
    this.out.byte(length >> 8);
    this.out.byte(length);
  }

  #units(text: string, start: number, end: number): void {
    const { out } = this;
    out.ensure((end - start) * 3);
    const { buffer } = out;
    let { position } = out;
    for (let i = start; i < end; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) buffer[position++] = unit;
      else position = writeUnit(buffer, position, unit);
    }
    out.position = position;
  }

  #utf8(bytes: Uint8Array, start: number, end: number, units: number): void {
    const { out } = this;
    if (units === end - start) {
      out.bytes(bytes, start, end);
      return;
    }
    out.ensure(units * 3);
    const { buffer } = out;
    let { position } = out;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte < 0xf0) {
        buffer[position++] = byte;
      } else {
        const point =
          ((byte & 7) << 18) | ((bytes[i + 1]! & 63) << 12) | ((bytes[i + 2]! & 63) << 6) | (bytes[i + 3]! & 63);
        i += 3;
        position = writeUnit(buffer, position, 0xd7c0 + (point >> 10));
        position = writeUnit(buffer, position, 0xdc00 + (point & 0x3ff));
      }
    }
    out.position = position;
  }
}

/** A chunk never ends between the two halves of a surrogate pair. */
function chunkUnits(lastUnit: number): number {
  return lastUnit >= 0xd800 && lastUnit <= 0xdbff ? MAX_STRING_UNITS - 1 : MAX_STRING_UNITS;
}

/** One UTF-16 unit from 0x80 as two or three bytes. */
function writeUnit(buffer: Uint8Array, position: number, unit: number): number {
  let at = position;
  if (unit < 0x800) {
    buffer[at++] = 0xc0 | (unit >> 6);
  } else {
    buffer[at++] = 0xe0 | (unit >> 12);
    buffer[at++] = 0x80 | ((unit >> 6) & 0x3f);
  }
  buffer[at++] = 0x80 | (unit & 0x3f);
  return at;
}

/** Number of UTF-16 units of valid UTF-8: one for each byte that starts a character, two for a four-byte one. */
function countUnits(bytes: Uint8Array, start: number, end: number): number {
  let units = end - start;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    // Without branches: minus one for 10xxxxxx, plus one for 1111xxxx.
    units -= (byte >> 7) & (~byte >> 6) & 1;
    units += ((byte >> 4) + 1) >> 4;
  }
  return units;
}

/** The end of the longest piece of at most `limit` units that splits no character. */
function advanceUnits(bytes: Uint8Array, start: number, limit: number): { end: number; units: number } {
  let units = 0;
  let i = start;
  for (;;) {
    const byte = bytes[i]!;
    const step = byte < 0xf0 ? 1 : 2;
    if (units + step > limit) return { end: i, units };
    units += step;
    i += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  }
}
