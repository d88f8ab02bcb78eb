import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFastjson2Text } from '../../../src/dubbo/fastjson2-text.ts';

function decode(hex: string): string | null | undefined {
  const body = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return decodeFastjson2Text(body, 0, body.length);
}

/** A body around one JSONB value. */
function wrap(value: Buffer): Buffer {
  const body = Buffer.alloc(4 + value.length);
  body.writeInt32BE(value.length);
  value.copy(body, 4);
  return body;
}

function jsonbInt(value: number): Buffer {
  if (value <= 47) return Buffer.from([value]);
  if (value <= 0x7ff) return Buffer.from([0x38 + (value >> 8), value & 0xff]);
  if (value <= 0x3_ffff) return Buffer.from([0x44 + (value >> 16), (value >> 8) & 0xff, value & 0xff]);
  const wide = Buffer.alloc(5, 0x48);
  wide.writeInt32BE(value, 1);
  return wide;
}

function text(tag: number, bytes: Buffer): Buffer {
  return wrap(Buffer.concat([Buffer.from([tag]), jsonbInt(bytes.length), bytes]));
}

test('reads the forms that Dubbo 3.2 sends', () => {
  assert.equal(decode('00000002 4a 52'), 'R');
  assert.equal(decode('00000001 af'), null);
  assert.equal(decode('00000001 49'), '');
  assert.equal(decode(`00000059 79 3856 ${'61'.repeat(86)}`), 'a'.repeat(86));
  assert.equal(decode(`00000030 78 ${'62'.repeat(47)}`), 'b'.repeat(47));
});

test('reads a text of any length in every form', () => {
  for (const length of [0, 1, 47, 48, 255, 256, 2047, 2048, 65_536, 262_142, 262_144, 500_000]) {
    const ascii = 'x'.repeat(length);
    const latin = text(0x79, Buffer.from(ascii));
    assert.equal(decodeFastjson2Text(latin, 0, latin.length), ascii);
    const wide = '\u00e9'.repeat(length);
    const utf8 = text(0x7a, Buffer.from(wide, 'utf8'));
    assert.equal(decodeFastjson2Text(utf8, 0, utf8.length), wide);
  }
});

test('reads UTF-16 in both orders, with and without a mark', () => {
  const words = 'Größe 你好 \u{1f600}';
  const little = Buffer.from(words, 'utf16le');
  const big = Buffer.from(little).swap16();
  const cases = [
    text(0x7c, little),
    text(0x7d, big),
    text(0x7b, Buffer.concat([Buffer.from('fffe', 'hex'), little])),
    text(0x7b, Buffer.concat([Buffer.from('feff', 'hex'), big])),
    text(0x7b, big),
  ];
  for (const body of cases) assert.equal(decodeFastjson2Text(body, 0, body.length), words);
});

test('reads in place and ignores what follows', () => {
  const body = Buffer.concat([
    Buffer.from('ffff', 'hex'),
    wrap(Buffer.from('4a52', 'hex')),
    Buffer.from('ffff', 'hex'),
  ]);
  assert.equal(decodeFastjson2Text(body, 2, body.length), 'R');
  assert.equal(decodeFastjson2Text(body, 2, 8), 'R');
  assert.equal(decodeFastjson2Text(body, 2, 7), undefined);
});

test('answers undefined for anything else', () => {
  for (const hex of [
    '',
    '00000001',
    '00000000 49',
    'ffffffff 49',
    '7fffffff 49',
    '00000002 af',
    '00000001 4a',
    '00000001 79',
    '00000002 79 30',
    '00000002 79 02',
    '00000003 79 f0 61',
    '00000003 79 40 61',
    '00000004 79 48 00 00',
    '00000006 79 48 7fffffff',
    '00000006 79 48 80000000',
    '00000003 7a 01 ff',
    '00000003 7c 01 61',
    '00000003 7d 01 61',
    '00000003 7b 01 61',
    '00000003 7e 01 61',
    '00000001 90',
    '00000001 a6',
  ]) {
    assert.equal(decode(hex), undefined, hex);
  }
});

test('never throws and never reads past the end', () => {
  const start = fc.constantFrom(0x49, 0x60, 0x79, 0x7a, 0x7b, 0x7c, 0x7d, 0xaf, 0);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 20 }), fc.nat(30), (tag, rest, length) => {
      const value = Buffer.concat([Buffer.from([tag]), rest]);
      const body = Buffer.concat([Buffer.alloc(4), value, Buffer.alloc(300_000, 0x41)]);
      body.writeInt32BE(length);
      const end = 4 + value.length;
      const result = decodeFastjson2Text(body, 0, end);
      assert.ok(result === null || result === undefined || result.length <= value.length);
      assert.equal(decodeFastjson2Text(body.subarray(0, end), 0, end), result);
    }),
    { numRuns: 1_000 },
  );
});
