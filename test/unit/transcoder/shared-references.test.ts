import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TranscodeError } from '../../../src/transcoder/transcode-error.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { toJson } from '../../support/transcoding.ts';
import {
  doubleRecipe,
  intRecipe,
  listRecipe,
  longRecipe,
  mapRecipe,
  NULL_RECIPE,
  objectRecipe,
  type Recipe,
  referenceRecipe,
  SHAPES,
  textRecipe,
} from '../../support/value-recipe.ts';

const int = intRecipe;
const text = textRecipe;
const ref = referenceRecipe;

function keyed(...entries: readonly (readonly [Recipe, Recipe])[]): Recipe {
  return { kind: 'map', type: '', entries };
}

describe('references to finished containers', () => {
  it('write the container again', () => {
    assert.equal(
      toJson(listRecipe([mapRecipe({ a: text('é"') }), ref(1), ref(1)])),
      '[{"a":"é\\""},{"a":"é\\""},{"a":"é\\""}]',
    );
    assert.equal(
      toJson(listRecipe([listRecipe([int(1)]), mapRecipe({ x: ref(1), y: ref(1) }), ref(2)])),
      '[[1],{"x":[1],"y":[1]},{"x":[1],"y":[1]}]',
    );
    assert.equal(toJson(listRecipe([listRecipe([doubleRecipe(Math.fround(1.1))], '[float'), ref(1)])), '[[1.1],[1.1]]');
    assert.equal(
      toJson(listRecipe([objectRecipe(SHAPES.user, listRecipe([]), text('n'), int(1)), ref(2), ref(1)])),
      '[{"address":[],"name":"n","age":1},[],{"address":[],"name":"n","age":1}]',
    );
  });

  it('write JDK values and enum constants again', () => {
    const uuid = mapRecipe({
      mostSignificantBits: longRecipe(1n),
      class: text('java.util.UUID'),
      leastSignificantBits: longRecipe(2n),
    });
    assert.equal(
      toJson(listRecipe([uuid, ref(1), objectRecipe(SHAPES.level, text('LOW')), ref(2)])),
      '["00000000-0000-0001-0000-000000000002","00000000-0000-0001-0000-000000000002","LOW","LOW"]',
    );
  });

  it('find containers that were never written', () => {
    const note = objectRecipe(SHAPES.inner, mapRecipe({ a: int(1) }), text('t'));
    assert.equal(toJson(listRecipe([note, ref(2)])), '[{"text":"t"},{"a":1}]');
    const hidden = objectRecipe(SHAPES.child, mapRecipe({ b: int(2) }), NULL_RECIPE, int(3));
    assert.equal(toJson(listRecipe([hidden, ref(2)])), '[{"extra":null,"code":3},{"b":2}]');
  });

  it('find the insides of JDK values', () => {
    const uuid = mapRecipe({
      extra: listRecipe([int(7)]),
      mostSignificantBits: longRecipe(1n),
      leastSignificantBits: longRecipe(2n),
      class: text('java.util.UUID'),
    });
    assert.equal(toJson(listRecipe([uuid, ref(2), ref(2)])), '["00000000-0000-0001-0000-000000000002",[7],[7]]');
  });

  it('inside a JDK value leave nothing behind for later ones', () => {
    const constant = objectRecipe(SHAPES.level, text('LOW'));
    const uuid = mapRecipe({
      x: listRecipe([ref(2)]),
      mostSignificantBits: longRecipe(1n),
      leastSignificantBits: longRecipe(2n),
      class: text('java.util.UUID'),
    });
    const value = listRecipe([keyed([constant, int(1)]), uuid, ref(2), ref(2)]);
    assert.equal(toJson(value), '[{"LOW":1},"00000000-0000-0001-0000-000000000002","LOW","LOW"]');
  });

  it('to keys write what the key is, not its text', () => {
    const number = objectRecipe(SHAPES.atomic, int(5));
    assert.equal(toJson(listRecipe([keyed([number, int(1)]), ref(2), ref(2)])), '[{"5":1},5,5]');
    const constant = objectRecipe(SHAPES.level, text('LOW'));
    assert.equal(toJson(listRecipe([keyed([constant, int(1)]), ref(2), ref(2)])), '[{"LOW":1},"LOW","LOW"]');
    assert.equal(
      toJson(listRecipe([keyed([constant, NULL_RECIPE]), text('0123456789'), ref(2)]), { nulls: 'omit' }),
      '[{},"0123456789","LOW"]',
    );
  });

  it('as keys write the text of what they lead to', () => {
    const constant = objectRecipe(SHAPES.level, text('LOW'));
    assert.equal(toJson(listRecipe([constant, keyed([ref(1), int(1)]), ref(1)])), '["LOW",{"LOW":1},"LOW"]');
    const number = objectRecipe(SHAPES.atomic, int(5));
    assert.equal(toJson(listRecipe([keyed([number, int(0)]), keyed([ref(2), int(1)]), ref(2)])), '[{"5":0},{"5":1},5]');
    assert.throws(() => toJson(listRecipe([mapRecipe({}), keyed([ref(1), int(1)])])), TranscodeError);
  });

  it('into pairs lead to what stands there now', () => {
    const value = listRecipe([keyed([text('a'), mapRecipe({ x: int(1) })], [int(5), ref(2)]), ref(2)]);
    assert.equal(toJson(value, { mapKeys: 'pairs' }), '[[["a",{"x":1}],[5,{"x":1}]],{"x":1}]');
  });
});

describe('cycles', () => {
  it('end with null where they close', () => {
    assert.equal(toJson(listRecipe([ref(0)])), '[null]');
    assert.equal(toJson(mapRecipe({ name: text('a'), self: ref(0) })), '{"name":"a","self":null}');
    assert.equal(toJson(mapRecipe({ next: mapRecipe({ next: ref(0) }) })), '{"next":{"next":null}}');
    assert.equal(toJson(objectRecipe(SHAPES.user, ref(0), text('x'), int(1))), '{"address":null,"name":"x","age":1}');
  });

  it('are an error on demand', () => {
    assert.throws(
      () => toJson(listRecipe([listRecipe([ref(0)])]), { cycles: 'error' }),
      (error) => error instanceof TranscodeError && error.reason === 'cycle',
    );
    assert.equal(toJson(listRecipe([listRecipe([]), ref(1)]), { cycles: 'error' }), '[[],[]]');
  });

  it('are not taken for shared values: a child shows its parent where that is not around it', () => {
    const parent = mapRecipe({ name: text('p'), child: mapRecipe({ name: text('c'), parent: ref(1) }) });
    assert.equal(
      toJson(listRecipe([parent, ref(2)])),
      '[{"name":"p","child":{"name":"c","parent":null}},{"name":"c","parent":{"name":"p","child":null}}]',
    );
  });

  it('are found again however the containers are reached', () => {
    const parent = mapRecipe({ child: mapRecipe({ parent: ref(1), again: ref(2) }), self: ref(1) });
    const child = '{"parent":{"child":null,"self":null},"again":null}';
    assert.equal(
      toJson(listRecipe([parent, ref(2), ref(1), ref(2)])),
      `[{"child":{"parent":null,"again":null},"self":null},${child},{"child":{"parent":null,"again":null},"self":null},${child}]`,
    );
  });

  it('to the list around several values leave each of them whole', () => {
    const value = listRecipe([mapRecipe({ all: ref(0) }), ref(1), mapRecipe({ first: ref(1) })]);
    assert.equal(toJson(value), '[{"all":null},{"all":null},{"first":{"all":null}}]');
  });

  it('do not keep values beside them from being copied', () => {
    const shared = mapRecipe({ x: listRecipe([int(1), int(2)]) });
    const value = listRecipe([mapRecipe({ back: ref(0), s: shared }), ref(2), ref(3)]);
    assert.equal(toJson(value), '[{"back":null,"s":{"x":[1,2]}},{"x":[1,2]},[1,2]]');
  });
});

describe('zone rules that a list of date-times shares', () => {
  it('are not written again only to be thrown away', () => {
    const rules = mapRecipe({
      transitions: listRecipe(Array.from({ length: 3_000 }, (_, i) => mapRecipe({ at: int(i) }))),
    });
    const zoned = (rulesOrReference: Recipe) =>
      mapRecipe({
        year: int(2024),
        monthValue: int(2),
        dayOfMonth: int(29),
        hour: int(13),
        minute: int(14),
        offset: mapRecipe({ totalSeconds: int(3600), class: text('java.time.ZoneOffset') }),
        zone: mapRecipe({ rules: rulesOrReference, id: text('Europe/Berlin'), class: text('java.time.ZoneRegion') }),
        class: text('java.time.ZonedDateTime'),
      });
    // Container 4 is the rules of the first: list, date-time, offset and zone come before it.
    const value = listRecipe([zoned(rules), ...Array.from({ length: 2_000 }, () => zoned(ref(4)))]);
    const json = toJson(value);
    assert.ok(fastestMs(1, () => toJson(value)) < 2_000);
    assert.deepEqual(new Set(JSON.parse(json)), new Set(['2024-02-29T13:14+01:00[Europe/Berlin]']));
    assert.equal(JSON.parse(json).length, 2_001);
  });

  it('may be all of a zone', () => {
    const zone = mapRecipe({
      rules: listRecipe(Array.from({ length: 6_000 }, () => int(1))),
      id: text('Europe/Berlin'),
      class: text('java.time.ZoneRegion'),
    });
    const zoned = (part: Recipe) =>
      mapRecipe({
        year: int(2024),
        monthValue: int(2),
        dayOfMonth: int(29),
        hour: int(1),
        minute: int(2),
        offset: text('+01:00'),
        zone: part,
        class: text('java.time.ZonedDateTime'),
      });
    const value = listRecipe([zone, ...Array.from({ length: 2_000 }, () => zoned(ref(1)))]);
    const [first, ...rest] = JSON.parse(toJson(value)) as string[];
    assert.equal(first, 'Europe/Berlin');
    assert.deepEqual(new Set(rest), new Set(['2024-02-29T01:02+01:00[Europe/Berlin]']));
  });
});
