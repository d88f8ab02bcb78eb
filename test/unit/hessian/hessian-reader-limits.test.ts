import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { DEFAULT_HESSIAN_LIMITS, type HessianLimits } from '../../../src/hessian/hessian-limits.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { readTree } from '../../../src/hessian/hessian-tree.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import { body, faultOf, valuesOf } from './bodies.ts';

/** Whole bodies of one value each; together they use every form. */
const BODIES = [
  '4e',
  '54',
  'bf',
  'cf ff',
  'd7 ffff',
  '49 7fffffff',
  'ef',
  'ff ff',
  '3f ffff',
  '59 7fffffff',
  '4c 7fffffffffffffff',
  '5c',
  '5d 7f',
  '5e 7fff',
  '5f 00002fda',
  '44 4028800000000000',
  '4a 000000d04b9284b8',
  '4b 00e3838f',
  "05'hello'",
  "30 05'hello'",
  "53 0005'hello'",
  "52 0003'hel' 52 0001'l' 01'o'",
  '04 e4b8ad c3a9 eda0bd edb880',
  '53 0004 e4b8ad c3a9 eda0bd edb880',
  '23 010203',
  '34 03 010203',
  '41 0002 0102 42 0001 03',
  '7a 9192',
  "72 04'[int' 9192",
  "56 04'[int' 92 9192",
  "55 04'[int' 9192 5a",
  '58 c8 02 9192',
  '57 9192 5a',
  "48 01'a' 91 01'b' 78 5a",
  "4d 01't' 01'a' 71 90 4e 5a",
  "43 01'C' 92 01'a' 01'b' 60 91 51 90",
  "43 01'C' 91 03 e4b8ad c3a9 78 4f 90 43 30 01'D' 90 61",
];

describe('HessianReader, bodies that end early', () => {
  it('never gives a value for a part of one', () => {
    for (const notation of BODIES) {
      const whole = body(notation);
      assert.equal(valuesOf(whole).length, 1, notation);
      for (let length = 0; length < whole.length; length++) {
        for (const read of [readTree, skipValue]) {
          const reader = new HessianReader();
          reader.reset(whole, 0, length);
          assert.throws(
            () => read(reader),
            (error) => error instanceof HessianError && error.fault === 'truncated' && error.offset <= length,
            `${notation} cut after ${length} bytes, ${read.name}`,
          );
        }
      }
    }
  });

  it('stops at the end of the body though the buffer goes on', () => {
    for (const notation of BODIES) {
      const whole = body(notation);
      const reader = new HessianReader();
      const buffer = Buffer.concat([body('9192'), whole, whole]);
      reader.reset(buffer, 2, 2 + whole.length);
      skipValue(reader);
      assert.equal(reader.position, 2 + whole.length, notation);
      assert.throws(() => reader.next(), { fault: 'truncated', offset: whole.length });
    }
  });

  it('refuses lengths of more than is left without waiting for the end', () => {
    const forms: [string, string][] = [
      ["1f'abc'", 'truncated at 1'],
      ["33 ff'abc'", 'truncated at 2'],
      ["53 ffff'abc'", 'truncated at 3'],
      ["52 ffff'abc'", 'truncated at 3'],
      ['2f 01', 'truncated at 1'],
      ['37 ff 01', 'truncated at 2'],
      ['42 ffff 01', 'truncated at 3'],
      ['41 ffff 01', 'truncated at 3'],
      ['58 49 7fffffff 9090', 'truncated at 6'],
      ['58 d7 ffff 9090', 'truncated at 4'],
      ["43 01'C' cfff 01'a' 60", 'truncated at 5'],
      ["43 01'C' 49 7fffffff 01'a' 60", 'limit at 8'],
      ["43 01'C' 49 ffffffff 01'a' 60", 'invalid at 8'],
    ];
    for (const [bytes, expected] of forms) assert.equal(faultOf(bytes), expected, bytes);
  });
});

describe('HessianReader, limits', () => {
  it('takes exactly as many containers as allowed', () => {
    assert.equal(faultWith({ maxReferences: 3 }, '78 48 5a 57 5a'), 'no fault');
    assert.equal(faultWith({ maxReferences: 3 }, '78 48 5a 57 5a 78'), 'limit at 6');
  });

  it('takes exactly as many type names as allowed; numbers are free', () => {
    assert.equal(faultWith({ maxTypes: 2 }, "70 01'a' 70 01'b' 70 90 70 91"), 'no fault');
    assert.equal(faultWith({ maxTypes: 2 }, "70 01'a' 70 01'b' 70 01'c'"), 'limit at 7');
  });

  it('takes exactly as many class definitions as allowed', () => {
    assert.equal(faultWith({ maxClassDefinitions: 2 }, "43 01'A' 90 43 01'B' 90 60 61"), 'no fault');
    assert.equal(faultWith({ maxClassDefinitions: 2 }, "43 01'A' 90 43 01'B' 90 43 01'C' 90 60"), 'limit at 9');
  });

  it('takes exactly as many fields as allowed', () => {
    assert.equal(faultWith({ maxFields: 2 }, "43 01'A' 92 01'a' 01'b' 60 4e4e"), 'no fault');
    assert.equal(faultWith({ maxFields: 2 }, "43 01'A' 93 01'a' 01'b' 01'c' 60 4e4e4e"), 'limit at 4');
  });

  it('takes exactly as deep a value as allowed, of every kind', () => {
    for (const [open, close] of [
      ['79', ''],
      ['57', '5a'],
      ['58 91', ''],
      ['48 90', '5a'],
      ["4d 01't' 90", '5a'],
      ["43 01'C' 91 01'a' 60", ''],
    ] as const) {
      const nested = (depth: number) => `${open.repeat(depth)} 4e ${close.repeat(depth)}`;
      assert.equal(faultWith({ maxDepth: 5 }, nested(5)), 'no fault', open);
      assert.match(faultWith({ maxDepth: 5 }, nested(6)), /^limit at /, open);
      assert.equal(faultOf(nested(512)), 'no fault', open);
      assert.match(faultOf(nested(513)), /^limit at /, open);
    }
  });

  it('has finite defaults', () => {
    for (const [name, limit] of Object.entries(DEFAULT_HESSIAN_LIMITS)) {
      assert.ok(Number.isSafeInteger(limit) && limit > 0, name);
    }
  });
});

/** The fault under limits, the same for the tree and for skipping. */
function faultWith(limits: Partial<HessianLimits>, notation: string): string {
  const results = [readTree, skipValue].map((read) =>
    faultOf(notation, () => {
      const reader = new HessianReader({ ...DEFAULT_HESSIAN_LIMITS, ...limits });
      reader.reset(body(notation));
      while (reader.position < reader.end) read(reader);
    }),
  );
  assert.equal(results[0], results[1]);
  return results[0]!;
}
