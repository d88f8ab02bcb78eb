import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteLimitError } from '../../../src/bytes/byte-writer.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { answerFrame, answerPlan, createDecoder, outcomeOf } from '../../support/answer-decoding.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { type TranscodingOptions, toJson } from '../../support/transcoding.ts';
import {
  intRecipe,
  listRecipe,
  mapRecipe,
  objectRecipe,
  type Recipe,
  SHAPES,
  textRecipe,
} from '../../support/value-recipe.ts';
import { body } from '../hessian/bodies.ts';

const LIMIT = (error: unknown) => error instanceof HessianError && error.fault === 'limit';

/** A body that nests so deep. */
function nested(open: string, close: string, depth: number): Buffer {
  return body(open.repeat(depth) + close.repeat(depth));
}

describe('depth', () => {
  it('may be 512 and no more', () => {
    assert.equal(toJson(nested('57', '5a', 512)), '['.repeat(512) + ']'.repeat(512));
    assert.throws(() => toJson(nested('57', '5a', 513)), LIMIT);
    assert.throws(() => toJson(nested("4801'a'", '5a', 513)), LIMIT);
    assert.throws(() => toJson(body(`4301'C'9101'f'${'60'.repeat(513)}`)), LIMIT);
  });

  it('is told at the container that is too deep, whatever is around it', () => {
    const openings: readonly (readonly [around: string, open: string, options: TranscodingOptions])[] = [
      ['a list', '79', {}],
      ['a list without a length', '57', {}],
      ['a map', "48 01'a'", {}],
      ['a map as pairs', '48 91', { mapKeys: 'pairs' }],
      ['a key', '48', {}],
      ['a key of pairs', '48', { mapKeys: 'pairs' }],
      ['a class key', "48 05'class'", {}],
      ['a class key that is kept', "48 05'class'", { classKey: 'keep' }],
      ['a field', '60', {}],
    ];
    for (const [around, open, options] of openings) {
      const before = body("43 01'C' 91 01'f'");
      const level = body(open);
      const bytes = Buffer.concat([before, ...Array.from({ length: 600 }, () => level)]);
      const fault = { fault: 'limit', offset: before.length + 512 * level.length + 1 };
      assert.throws(() => toJson(bytes, options), fault, around);
      // Nothing that follows is looked at.
      const behind = Buffer.concat([bytes.subarray(0, before.length + 513 * level.length), Buffer.alloc(4, 0xff)]);
      assert.throws(() => toJson(behind, options), fault, around);
    }
  });

  it('leaves nothing behind for the next answer', () => {
    const decoder = createDecoder();
    const plan = answerPlan();
    const good = answerFrame(body("91 48 01'a' 79 79 91 5a"));
    for (let i = 0; i < 3; i++) {
      assert.match(
        outcomeOf(answerFrame(Buffer.concat([body('91'), nested('57', '5a', 513)])), plan, decoder),
        /^PROVIDER_PROTOCOL/,
      );
      assert.equal(outcomeOf(good, plan, decoder), '{"a":[[1]]}');
    }
  });

  it('ends long before the stack', () => {
    assert.throws(() => toJson(body('79'.repeat(200_000))), LIMIT);
    assert.throws(() => toJson(body(`48${'48'.repeat(200_000)}`), { mapKeys: 'pairs' }), LIMIT);
  });
});

describe('the output cap', () => {
  const values: readonly (readonly [string, Recipe])[] = [
    ['text', textRecipe('x'.repeat(1000))],
    ['escaped text', textRecipe('"\u0001'.repeat(500))],
    ['text beyond ASCII', textRecipe('é😀'.repeat(300))],
    ['a list', listRecipe(Array.from({ length: 500 }, (_, i) => intRecipe(i)))],
    ['maps', listRecipe(Array.from({ length: 50 }, () => mapRecipe({ a: textRecipe('b'), c: listRecipe([]) })))],
    ['binary', { kind: 'bytes', bytes: Buffer.concat([Buffer.from('420300', 'hex'), Buffer.alloc(0x300)]) }],
    ['a JDK value', objectRecipe(SHAPES.uuid, textRecipe('y'.repeat(900)))],
  ];
  for (const [name, value] of values) {
    it(`is exact for ${name}`, () => {
      const json = toJson(value);
      const size = Buffer.byteLength(json);
      assert.equal(toJson(value, { maxBytes: size }), json);
      assert.throws(() => toJson(value, { maxBytes: size - 1 }), ByteLimitError);
    });
  }

  it('holds for long text of JDK values', () => {
    const long = 'z'.repeat(500_000);
    const value: Recipe = objectRecipe(SHAPES.uuid, { kind: 'text', text: long, pieces: Array(20).fill(30_000) });
    assert.equal(toJson(value, { maxBytes: 500_002 }).length, 500_002);
    assert.throws(() => toJson(value, { maxBytes: 500_001 }), ByteLimitError);
  });

  it('is RESPONSE_TOO_LARGE to the caller', () => {
    const frame = answerFrame(Buffer.concat([Buffer.of(0x91), body("0a'0123456789'")]));
    assert.equal(outcomeOf(frame, answerPlan({}, { maxResponseBytes: 12 })), '"0123456789"');
    assert.match(outcomeOf(frame, answerPlan({}, { maxResponseBytes: 11 })), /^RESPONSE_TOO_LARGE 502: .*11 bytes/);
  });
});

/** Small bodies that would be endless as text. */
const BOMBS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['lists that double 28 times', doubling((level) => `7a${level}5190`.replace('5190', '5191'))],
  ['lists that share the one before', chain((index) => `7a51${hex(index)}51${hex(index)}`, '78')],
  [
    'lists that share the one before and hold the outermost',
    chain((index) => `7b51${hex(index)}51${hex(index)}5190`, '795190'),
  ],
  ['maps that share the one before', chain((index) => `4801'a'51${hex(index)}01'b'51${hex(index)}5a`, '485a')],
  ['keys that share', chain((index) => `48 51${hex(index)} 90 5a`, '485a')],
];

/** A list of `first` and 28 more values, each made with the number of the one before. */
function chain(next: (index: number) => string, first: string): Buffer {
  let notation = `58ad${first}`;
  for (let index = 1; index <= 28; index++) notation += next(index);
  return body(notation);
}

function doubling(wrap: (level: string) => string): Buffer {
  let notation = '78';
  for (let level = 0; level < 28; level++) notation = wrap(notation);
  return body(notation);
}

function hex(index: number): string {
  return (0x90 + index).toString(16);
}

describe('reference bombs', () => {
  for (const [name, bytes] of BOMBS) {
    it(`of ${name} cost little and are refused, or are small`, () => {
      const decoder = createDecoder();
      const plan = answerPlan();
      const frame = () => answerFrame(Buffer.concat([Buffer.of(0x91), bytes]));
      assert.ok(bytes.length < 320, `${bytes.length} bytes`);
      const outcome = outcomeOf(frame(), plan, decoder);
      assert.ok(outcome.length < 1_000, outcome.slice(0, 200));
      assert.ok(fastestMs(3, () => outcomeOf(frame(), plan, decoder)) < 100);
      const before = process.memoryUsage();
      for (let i = 0; i < 10; i++) outcomeOf(frame(), plan, decoder);
      const after = process.memoryUsage();
      assert.ok(after.arrayBuffers - before.arrayBuffers < 80 * 1024 * 1024);
    });
  }

  it('under 150 bytes that stand for 2^28 lists are refused', () => {
    const [, bytes] = BOMBS[1]!;
    assert.ok(bytes.length < 150, `${bytes.length}`);
    assert.match(outcomeOf(answerFrame(Buffer.concat([Buffer.of(0x91), bytes]))), /^RESPONSE_TOO_LARGE 502/);
    const [, cyclic] = BOMBS[2]!;
    assert.match(
      outcomeOf(answerFrame(Buffer.concat([Buffer.of(0x91), cyclic]))),
      /^(RESPONSE_TOO_LARGE|PROVIDER_PROTOCOL) 502/,
    );
  });

  it('leave the decoder ready for the next answer', () => {
    const decoder = createDecoder();
    for (const [, bytes] of BOMBS) {
      outcomeOf(answerFrame(Buffer.concat([Buffer.of(0x91), bytes])), answerPlan(), decoder);
      assert.equal(outcomeOf(answerFrame(body("91 48 01'a' 91 5a")), answerPlan(), decoder), '{"a":1}');
    }
  });
});

describe('second readings', () => {
  it('are bounded where nothing can be copied', () => {
    // Each value holds a reference to the outermost list, so none can be copied; each is referred to many times.
    const count = 3_000;
    const items = [`7a5190${"53 ffff '".replace(/ /g, '')}${'x'.repeat(0xffff)}'`];
    for (let i = 0; i < count; i++) items.push('5191');
    const bytes = body(`57${items.join('')}5a`);
    assert.throws(() => toJson(bytes, { maxBytes: 1024 * 1024 * 1024 }), LIMIT);
  });

  it('are allowed as often as honest answers need them', () => {
    // A constant that is first seen as a key, then used by 20,000 rows.
    const constant = objectRecipe(SHAPES.atomic, intRecipe(5));
    const rows = Array.from({ length: 20_000 }, () => ({ kind: 'reference', pick: 2 }) as const);
    const value = listRecipe([{ kind: 'map', type: '', entries: [[constant, intRecipe(1)]] }, ...rows]);
    assert.equal(toJson(value), `[{"5":1}${',5'.repeat(20_000)}]`);
  });

  it('of maps that only claim to be JDK values cost no more than the map', () => {
    const claim = "05'class'0e'java.util.UUID'";
    const many = body(`48${claim.repeat(2_000)}${"01'a'91".repeat(15_000)}5a`);
    assert.ok(fastestMs(3, () => toJson(many)) < 100);
  });
});
