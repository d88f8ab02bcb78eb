import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AnswerDecoder } from '../../../src/invocation/answer-decoder.ts';
import type { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import { AnswerShapes } from '../../../src/transcoder/answer-shapes.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { answerFrame, answerPlan, createDecoder } from '../../support/answer-decoding.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import {
  encodeRecipe,
  intRecipe,
  listRecipe,
  mapRecipe,
  objectRecipe,
  type Recipe,
  resultBody,
  textRecipe,
} from '../../support/value-recipe.ts';

const MIB = 1024 * 1024;
const PLAN = answerPlan({}, { maxResponseBytes: 64 * MIB });

/** The routes of one generation: they share a decoder with its plans, and a budget. */
class Routes {
  readonly budget = new ShapeBudget();
  readonly decoder: AnswerDecoder = createDecoder();

  create(): (frame: AnswerFrame) => number {
    const plan = { ...PLAN, shapes: new AnswerShapes(this.budget) };
    return (frame) => this.decoder.decode(frame, plan).body!.length;
  }
}

function frameOf(value: Recipe): AnswerFrame {
  return answerFrame(resultBody(value));
}

function timesOf<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function user(index: number): Recipe {
  return mapRecipe({
    id: intRecipe(index),
    name: textRecipe('Kettle "Classic"'),
    address: mapRecipe({ street: textRecipe('Hauptstrasse'), city: textRecipe('Bern') }),
    class: textRecipe('com.acme.User'),
  });
}

function keyed(count: number, keyOf: (index: number) => string, make: (index: number) => Recipe): Recipe {
  return mapRecipe(Object.fromEntries(timesOf(count, (index) => [keyOf(index), make(index)])));
}

/** CPU time of these answers on a route of their own, for each of their bytes; nothing of them was seen before. */
function costOfNew(frames: readonly AnswerFrame[]): number {
  const bytes = frames.reduce((sum, { start, end }) => sum + end - start, 0);
  const run = () => {
    const route = new Routes().create();
    for (const frame of frames) route(frame);
  };
  return fastestMs(4, run) / bytes;
}

/** The same where all of it is known. */
function costOfKnown(frame: AnswerFrame): number {
  const route = new Routes().create();
  for (let i = 0; i < 100; i++) route(frame);
  return fastestMs(10, () => route(frame)) / (frame.end - frame.start);
}

/** Bytes that an action leaves behind. */
function bytesLeftBy(action: () => unknown): number {
  const before = bytesInUse();
  const kept = action();
  const left = bytesInUse() - before;
  assert.notEqual(kept, undefined);
  return left;
}

/** What a first collection lets go outside of the heap is counted until the next one. */
function bytesInUse(): number {
  collectGarbage();
  return collectGarbage();
}

const USERS = frameOf(listRecipe(timesOf(200, user)));

/** Answers that are never alike. */
const BOMBS: readonly (readonly [name: string, frames: readonly AnswerFrame[]])[] = [
  ['keys that are ids of objects', timesOf(20, (i) => frameOf(keyed(200, (k) => `id-${i}-${k}`, user)))],
  [
    'ever new keys',
    timesOf(20, (i) =>
      frameOf(listRecipe(timesOf(300, (k) => keyed(6, (n) => `k${(i * 300 + k) * 6 + n}`, intRecipe)))),
    ),
  ],
  [
    'ever new keys that come twice',
    timesOf(20, (i) =>
      frameOf(listRecipe(timesOf(300, (k) => keyed(6, (n) => `k${Math.floor((i * 300 + k) / 2) * 6 + n}`, intRecipe)))),
    ),
  ],
  [
    'the same keys in ever new orders',
    timesOf(20, (i) =>
      frameOf(
        listRecipe(timesOf(300, (k) => keyed(8, (n) => `k${((n + 1) * (2 * (i * 300 + k) + 1)) % 97}`, intRecipe))),
      ),
    ),
  ],
  [
    'ever new names of classes under the key class',
    timesOf(20, (i) =>
      frameOf(
        listRecipe(timesOf(300, (k) => mapRecipe({ a: intRecipe(k), class: textRecipe(`com.acme.C${i}x${k}`) }))),
      ),
    ),
  ],
  ['a map of 100,000 keys', [frameOf(keyed(100_000, (k) => `id-${k}`, intRecipe))]],
];

describe('a route whose answers are never alike', () => {
  for (const [name, frames] of BOMBS) {
    it(`costs a few times more than one that is known: ${name}`, () => {
      const known = costOfKnown(USERS);
      const bomb = costOfNew(frames);
      assert.ok(bomb < 15 * known, `${(bomb / known).toFixed(1)} times as much for each byte`);
    });

    it(`leaves little behind, and takes nothing from others: ${name}`, () => {
      const routes = new Routes();
      const [quiet, loud] = [routes.create(), routes.create()];
      for (let i = 0; i < 20; i++) quiet(USERS);
      for (let turn = 0; turn < 2; turn++) for (const frame of frames) loud(frame);
      const left = bytesLeftBy(() => {
        for (let turn = 0; turn < 10; turn++) for (const frame of frames) loud(frame);
        return routes;
      });
      assert.ok(left < 2.5 * MIB, `${left} bytes left`);
      assert.ok(routes.budget.bytes < 2 * MIB, `${routes.budget.bytes} bytes counted`);
      const { learnt } = routes.budget;
      quiet(USERS);
      assert.deepEqual(
        [routes.budget.learnt, routes.budget.forgotten],
        [learnt, 0],
        'the other route learns nothing anew',
      );
    });
  }

  it('learns nothing of a million maps with other keys each', () => {
    const routes = new Routes();
    const route = routes.create();
    route(mapsWithOwnKeys(0, 50_000));
    const left = bytesLeftBy(() => {
      for (let first = 0; first < 1_000_000; first += 50_000) route(mapsWithOwnKeys(first, 50_000));
      route(mapsWithOwnKeys(0, 1_000));
      return routes;
    });
    assert.ok(left < 0.5 * MIB, `${left} bytes left`);
    assert.ok(routes.budget.learnt < 10, `${routes.budget.learnt} learnt`);
  });

  it('costs more where every class definition is new, but not out of all proportion, however long it is', () => {
    const object = (name: string, count: number) =>
      objectRecipe({ className: name, fields: timesOf(count, (k) => `field${k}`) }, ...timesOf(count, intRecipe));
    for (const count of [1, 10, 400, 4_096]) {
      const perBody = Math.ceil(400 / count);
      const body = (i: number) => frameOf(listRecipe(timesOf(perBody, (k) => object(`com.acme.C${i}x${k}`, count))));
      const ratio = costOfNew(timesOf(Math.ceil(40 / Math.sqrt(count)), body)) / costOfKnown(body(0));
      assert.ok(ratio < 60, `${ratio.toFixed(1)} times as much for each byte with ${count} fields`);
    }
  });

  it('keeps plans within their bounds where class definitions are ever new', () => {
    const routes = new Routes();
    const route = routes.create();
    const shapes = (from: number, count: number, fields: number) => {
      for (let i = from; i < from + count; i++) {
        const shape = { className: `com.acme.C${i}`, fields: timesOf(fields, (k) => `f${k}`) };
        route(frameOf(objectRecipe(shape, ...shape.fields.map(() => intRecipe(1)))));
      }
    };
    shapes(0, 100, 10);
    const left = bytesLeftBy(() => {
      shapes(100, 5_000, 10);
      shapes(10_000, 60, 4_000);
      return routes;
    });
    assert.ok(left < 20 * MIB, `${left} bytes left`);
    assert.equal(routes.budget.learnt, 0);
  });
});

describe('routes without end', () => {
  const KEYS = 100;
  const frames = timesOf(400, (index) => frameOf(keyed(KEYS, (k) => `route-${index}-key-${k}`, intRecipe)));

  it('remember no more together than the budget allows, and what they count is what they take', () => {
    const routes = new Routes();
    const left = bytesLeftBy(() => {
      const all = frames.map(() => routes.create());
      for (let turn = 0; turn < KEYS; turn++) for (const [index, route] of all.entries()) route(frames[index]!);
      return all;
    });
    const { bytes, maxBytes, learnt, forgotten } = routes.budget;
    assert.ok(bytes <= maxBytes && bytes > 0.98 * maxBytes, `${bytes} bytes counted`);
    assert.ok(left < 1.2 * maxBytes, `${left} bytes left`);
    assert.equal(forgotten, 0, 'all of them have calls');
    assert.ok(learnt < (2 * maxBytes) / 700, `${learnt} keys: what is known stays known`);
  });

  it('give their room to those that have calls when they have none themselves', () => {
    const routes = new Routes();
    for (const frame of frames) {
      const route = routes.create();
      for (let turn = 0; turn <= KEYS; turn++) route(frame);
    }
    const busy = routes.create();
    for (let turn = 0; turn < 20_000; turn++) busy(frames[0]!);
    const { learnt, bytes, maxBytes, forgotten } = routes.budget;
    assert.ok(forgotten > 100 && bytes <= maxBytes, `${forgotten} forgotten, ${bytes} bytes`);
    for (let turn = 0; turn < 10; turn++) busy(frames[0]!);
    assert.equal(routes.budget.learnt, learnt, 'all is known');
  });
});

describe('a large or deep answer', () => {
  it('of 16 MB costs for each byte what a small one does, and is let go', () => {
    const routes = new Routes();
    const route = routes.create();
    const small = listOf(100);
    const large = listOf(180_000);
    assert.ok(large.end - large.start > 15 * MIB, `${large.end - large.start}`);
    const expected = Array.from({ length: 2 }, () => route(large));
    assert.equal(expected[0], expected[1]);
    const ratio = fastestMs(3, () => route(large)) / (large.end - large.start) / costOfKnown(small);
    assert.ok(ratio < 6, `${ratio.toFixed(1)} times as much for each byte`);
    route(small);
    const left = bytesLeftBy(() => {
      route(large);
      route(small);
      return routes;
    });
    assert.ok(left < 2 * MIB, `${left} bytes left`);
  });

  for (const levels of [100, 512]) {
    it(`of ${levels} levels costs for each byte what a flat one does`, () => {
      const entries = { before: textRecipe('text'), number: intRecipe(7) };
      const nest = (inner: Recipe, level: number): Recipe => mapRecipe({ ...entries, [`level${level % 3}`]: inner });
      const deep = frameOf(timesOf(levels - 1, (level) => level).reduce(nest, mapRecipe(entries)));
      const flat = frameOf(listRecipe(timesOf(levels, () => mapRecipe({ ...entries, level: intRecipe(1) }))));
      const ratio = costOfNew(timesOf(20, () => deep)) / costOfNew(timesOf(20, () => flat));
      assert.ok(ratio < 8, `${ratio.toFixed(1)} times as much for each byte`);
    });
  }
});

/** A list of the same object so many times, made without a recipe of it. */
function listOf(count: number): AnswerFrame {
  const item = encodeRecipe(user(1));
  const head = Buffer.from([0x91, 0x58, 0x49, 0, 0, 0, 0]);
  head.writeInt32BE(count, 3);
  return answerFrame(Buffer.concat([head, Buffer.alloc(count * item.length, item)]));
}

/** A list of maps `{"k0000042": 1, "k00000042": 2}`, made without a recipe of it. */
function mapsWithOwnKeys(first: number, count: number): AnswerFrame {
  const maps = timesOf(count, (index) => {
    const digits = String(first + index);
    return `H\x08k${digits.padStart(7, '0')}\x91\x09k${digits.padStart(8, '0')}\x92Z`;
  });
  return answerFrame(Buffer.concat([Buffer.of(0x91, 0x57), Buffer.from(maps.join(''), 'latin1'), Buffer.of(0x5a)]));
}
