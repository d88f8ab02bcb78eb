import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerShapes } from '../../../src/transcoder/answer-shapes.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { answerFrame, answerPlan, createDecoder, outcomeOf } from '../../support/answer-decoding.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { body } from '../hessian/bodies.ts';

const MIB = 1024 * 1024;
const ITEM = body("48 02'id' 91 04'name' 08'Ada King' 06'active' 54 5a");
const ITEM_JSON = '{"id":1,"name":"Ada King","active":true},';
/** Objects whose JSON is just as long as an answer may be by default. */
const FITTING = Math.floor((16 * MIB - 1) / ITEM_JSON.length);
/** 28 lists, each of twice the one before. */
const REFERENCES = Array.from({ length: 28 }, (_, level) => `7a${`51${(0x90 + level + 1).toString(16)}`.repeat(2)}`);

const REFUSED: readonly (readonly [name: string, bytes: Buffer, outcome: RegExp])[] = [
  ['an object too many', listOf(FITTING + 1), /^RESPONSE_TOO_LARGE 502/],
  ['a level too deep', levels(513), /^PROVIDER_PROTOCOL 502/],
  ['the end missing', listOf(1_000).subarray(0, -1), /^PROVIDER_PROTOCOL 502/],
  ['references for 2^28 values', body(`58ad78${REFERENCES.join('')}`), /^RESPONSE_TOO_LARGE 502/],
];

describe('an answer that is refused', () => {
  for (const [name, bytes, expected] of REFUSED) {
    it(`leaves next to nothing behind: ${name}`, () => {
      const decode = createRoute();
      for (let i = 0; i < 3; i++) assert.match(decode(bytes), expected);
      assert.match(decode(listOf(10)), /^\[/);
      const before = bytesInUse();
      for (let i = 0; i < 5; i++) decode(bytes);
      assert.equal(decode(listOf(1)), `[${ITEM_JSON.slice(0, -1)}]`);
      const left = bytesInUse() - before;
      assert.ok(left < 1.5 * MIB, `${left} bytes left`);
    });
  }

  it('for being too long costs little more than the longest that is not', () => {
    const decode = createRoute();
    const [fitting, over] = [listOf(FITTING), listOf(FITTING + 1)];
    assert.equal(decode(fitting).length, 1 + FITTING * ITEM_JSON.length);
    const ratio = fastestMs(4, () => decode(over)) / fastestMs(4, () => decode(fitting));
    assert.ok(ratio < 2, `${ratio.toFixed(1)} times as much`);
  });

  it('for being too deep costs a few times more than the deepest that is not', () => {
    const decode = createRoute();
    const [deepest, tooDeep] = [levels(512), levels(513)];
    const many = (bytes: Buffer) => () => {
      for (let i = 0; i < 20; i++) decode(bytes);
    };
    const ratio = fastestMs(10, many(tooDeep)) / fastestMs(10, many(deepest));
    assert.ok(ratio < 40, `${ratio.toFixed(1)} times as much`);
  });
});

/** A route with the default limits; gives the JSON or the error. */
function createRoute(): (bytes: Buffer) => string {
  const decoder = createDecoder();
  const plan = answerPlan({}, { shapes: new AnswerShapes(new ShapeBudget()) });
  return (bytes) => outcomeOf(answerFrame(Buffer.concat([Buffer.of(0x91), bytes])), plan, decoder);
}

function listOf(count: number): Buffer {
  const head = Buffer.from([0x58, 0x49, 0, 0, 0, 0]);
  head.writeInt32BE(count, 2);
  return Buffer.concat([head, Buffer.alloc(count * ITEM.length, ITEM)]);
}

function levels(depth: number): Buffer {
  return body(`${"48 02'id' 91 04'next' ".repeat(depth)}4e${'5a'.repeat(depth)}`);
}

/** What a first collection lets go outside of the heap is counted until the next one. */
function bytesInUse(): number {
  collectGarbage();
  return collectGarbage();
}
