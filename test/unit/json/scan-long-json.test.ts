import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { JsonDocument, parseJson } from '../../../src/json/json-document.ts';
import {
  CLOSES_SHIFT,
  END,
  EXTRA,
  FLAG_KEY,
  FLAG_SHORT_NUMBER,
  INFO,
  JsonKind,
  KIND_MASK,
  RECORD,
  SCALE_MASK,
  SCALE_SHIFT,
  START,
} from '../../../src/json/json-tape.ts';
import { MAX_SCANNED_BYTES, scanJson } from '../../../src/json/scan-json.ts';
import { scanLongJson } from '../../../src/json/scan-long-json.ts';
import { toJavaScript } from '../../support/json-to-javascript.ts';

const MAX_DEPTH = 8;
const HINTS = FLAG_SHORT_NUMBER | (SCALE_MASK << SCALE_SHIFT);

/** What is the same in the tapes of both scans, or the error. */
function outcome(text: Buffer, scan: (text: Buffer) => { readonly tape: Int32Array; readonly end: number }): unknown {
  let tape: Int32Array;
  let end: number;
  try {
    ({ tape, end } = scan(text));
  } catch (error) {
    const { name, message, offset } = error as Error & { offset: number };
    return { name, message, offset };
  }
  const records: number[][] = [];
  for (let at = 0; at < end; at += RECORD) {
    const info = tape[at + INFO]!;
    const kind = info & KIND_MASK;
    const isSaid = (info & FLAG_KEY) !== 0 || kind >= JsonKind.Array;
    // An object that may have a key twice is marked by one scan only.
    const flags = kind === JsonKind.Object ? info >>> CLOSES_SHIFT : info & ~HINTS;
    records.push([kind, flags, tape[at + START]!, tape[at + END]!, isSaid ? tape[at + EXTRA]! : 0]);
  }
  return records;
}

function assertSame(text: Buffer): void {
  const short = outcome(text, () => {
    const end = scanJson(text, MAX_DEPTH);
    return { tape: parseJson(text, MAX_DEPTH).tape, end };
  });
  const long = outcome(text, () => {
    const { tape } = scanLongJson(text, MAX_DEPTH);
    return { tape, end: new JsonDocument(text, scanLongJson(text, MAX_DEPTH)).next(0) };
  });
  assert.deepEqual(long, short, JSON.stringify(text.toString()));
}

describe('scanLongJson', () => {
  it('leaves the same tape as the scan of short texts, or the same error at the same place', () => {
    const pieces = fc.constantFrom(
      ...'{ } [ ] , : "a" "b" "\\n" "é😀" "\\u00zz" -0 1.5e-7 01 1. 1e - true false null nul tru "'.split(' '),
      ' ',
      '{"a":{"a":1,"b":[{}]},"b":[],"a":2}',
      '[[[[[[[[[[',
      '\u0001',
    );
    const text = fc.oneof(
      fc.json({ maxDepth: 9, stringUnit: 'binary' }).map((json) => Buffer.from(json)),
      fc.array(pieces, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(''))),
      fc.tuple(fc.json(), fc.nat(), fc.nat(255)).map(([json, place, byte]) => {
        const bytes = Buffer.from(json);
        bytes[place % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(fc.property(text, assertSame), { numRuns: 5_000 });
  });

  it('skips a byte order mark, and refuses the end anywhere', () => {
    const whole = Buffer.from('\ufeff{"a":[1,-2.5e+3,true,false,null,"x\\u00e9\\n😀"],"b":{}}');
    for (let length = 0; length <= whole.length; length++) assertSame(whole.subarray(0, length));
  });

  it('reads texts beyond the bound of the other', () => {
    const value = Array.from({ length: 40_000 }, (_, index) => ({ id: index, name: 'é', price: index / 4 }));
    const text = Buffer.from(JSON.stringify(value));
    assert.ok(text.length > MAX_SCANNED_BYTES);
    const doc = parseJson(text, MAX_DEPTH);
    assert.deepEqual(toJavaScript(doc), value);
    const cut = outcome(text.subarray(0, -1), (bytes) => ({ tape: parseJson(bytes, MAX_DEPTH).tape, end: 0 }));
    assert.deepEqual(cut, {
      name: 'JsonSyntaxError',
      message: 'expected "," or "]", got the end',
      offset: text.length - 1,
    });
  });
});
