import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import * as Token from '../../../src/hessian/token.ts';
import { writeHessianString } from '../../../src/transcoder/hessian-string-to-json.ts';
import { textBytes } from '../../support/value-recipe.ts';
import { body } from '../hessian/bodies.ts';

/** Behind the body, where a string that is cut off could be read on. */
const BEHIND = Buffer.from(`${'\u0080'.repeat(8)}${'x'.repeat(64)}`);

/** The string of the body as JSON, or the fault and its place. */
function jsonOf(bytes: Buffer, initialBytes = 1): string {
  const reader = new HessianReader();
  reader.reset(Buffer.concat([BEHIND, bytes, BEHIND]), BEHIND.length, BEHIND.length + bytes.length);
  const out = new ByteWriter(initialBytes);
  try {
    assert.equal(reader.next(), Token.STRING);
    writeHessianString(reader, out);
  } catch (error) {
    if (error instanceof HessianError) return `${error.fault} at ${error.offset}`;
    throw error;
  }
  assert.equal(reader.position, reader.end, 'read to its end');
  assert.ok(out.position <= out.buffer.length, 'nothing was written past the end');
  return out.take().toString();
}

/** The same by way of a JavaScript string. */
function expectedOf(bytes: Buffer): string {
  const reader = new HessianReader();
  reader.reset(bytes);
  try {
    reader.next();
    return JSON.stringify(reader.string());
  } catch (error) {
    if (error instanceof HessianError) return `${error.fault} at ${error.offset}`;
    throw error;
  }
}

const TEXTS: readonly string[] = [
  ...['', 'plain', '"', '\\', '/', '\b\f\n\r\t', '\u0000\u0001\u001f', '\u007f', '\u0080', '\u07ff', '\u0800'],
  ...['\ud7ff', '\ud000', '\ue000', '\ufffd', '\uffff', '\u2028\u2029', 'é中€', '中'.repeat(31), 'é'.repeat(32)],
  ...['😀', '\ud800\udc00', '\udbff\udfff', 'a😀b', '😀😀'],
  ...['\ud800', '\udbff', '\udc00', '\udfff', '\udc00\ud800', '\ud800\ud800\udc00', '\ud83dx', 'x\ude00', '\ud83d"'],
];
/** What the short way, the plain scan and the slow way each end at. */
const LENGTHS = [0, 1, 30, 31, 32, 33, 95, 96, 97, 255, 256, 1_023, 1_024, 1_025];

describe('a Hessian string as JSON', () => {
  it('is what JSON.stringify makes, in one piece and in pieces cut anywhere', () => {
    for (const text of TEXTS) {
      for (let cut = 0; cut <= text.length; cut++) {
        const bytes = textBytes(text, cut === 0 ? [] : [cut]);
        assert.equal(jsonOf(bytes), JSON.stringify(text), `${JSON.stringify(text)} cut at ${cut}`);
      }
    }
  });

  it('is right with every text at the start, in the middle and at the end of others of every length', () => {
    for (const text of TEXTS) {
      for (const length of LENGTHS) {
        for (const filler of ['x', 'é', '中']) {
          const rest = filler.repeat(length);
          for (const whole of [text + rest, rest + text, rest + text + rest]) {
            assert.equal(jsonOf(textBytes(whole, []), 1 + length), JSON.stringify(whole), JSON.stringify(whole));
          }
        }
      }
    }
  });

  it('is right for each unit there is', () => {
    for (let first = 0; first < 0x1_0000; first += 30) {
      const text = String.fromCharCode(...Array.from({ length: Math.min(30, 0x1_0000 - first) }, (_, i) => first + i));
      assert.equal(jsonOf(textBytes(text, [])), JSON.stringify(text), first.toString(16));
    }
  });

  it('is right for random units in random pieces', () => {
    const unit = fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7f0, max: 0xe010 }), fc.nat(0x7f));
    const units = fc.array(unit, { maxLength: 120 }).map((list) => String.fromCharCode(...list));
    fc.assert(
      fc.property(units, fc.array(fc.nat(40), { maxLength: 4 }), (text, pieces) => {
        assert.equal(jsonOf(textBytes(text, pieces)), JSON.stringify(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has the same error wherever it is cut off, even if more of it seems to follow', () => {
    for (const text of [...TEXTS, 'é'.repeat(40), 'x'.repeat(120), `${'x'.repeat(100)}中😀`]) {
      for (const pieces of [[], [1], [2, 1]]) {
        const bytes = textBytes(text, pieces);
        for (let length = 1; length < bytes.length; length++) {
          const cut = bytes.subarray(0, length);
          const place = `${bytes.toString('hex')} cut to ${length}`;
          assert.match(jsonOf(cut), /^truncated at \d+$/, place);
          assert.equal(jsonOf(cut), expectedOf(cut), place);
        }
      }
    }
  });

  it('has the same error for every malformed unit, wherever it stands', () => {
    for (const bad of [
      '80',
      'bf',
      'c080',
      'c1bf',
      'c241',
      'e08080',
      'e09fbf',
      'e4b841',
      'e441b8',
      'f09f9880',
      'f8',
      'ff',
    ]) {
      for (const before of [0, 1, 20, 96, 97, 200]) {
        const units = before + 4;
        const head = Buffer.of(0x30 + (units >> 8), units & 0xff);
        const bytes = Buffer.concat([head, Buffer.from('x'.repeat(before)), body(bad), Buffer.from('yyyyyyyy')]);
        assert.match(jsonOf(bytes), /^invalid at \d+$/, `${bad} behind ${before}`);
        assert.equal(jsonOf(bytes), expectedOf(bytes), `${bad} behind ${before}`);
      }
    }
  });
});
