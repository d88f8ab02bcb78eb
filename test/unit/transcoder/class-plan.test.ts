import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import { type ClassPlan, ClassPlans } from '../../../src/transcoder/class-plan.ts';
import type { JsonKey } from '../../../src/transcoder/json-key.ts';
import { encodeRecipe, NULL_RECIPE, objectRecipe, SHAPES, type Shape } from '../../support/value-recipe.ts';

/** The plan of the class definition in a body of one object. */
function planOf(shape: Shape, plans = new ClassPlans(new Set())): ClassPlan {
  const reader = new HessianReader();
  reader.reset(encodeRecipe(objectRecipe(shape, ...shape.fields.map(() => NULL_RECIPE))));
  skipValue(reader);
  return plans.find(reader, reader.classDefinition(0));
}

describe('the plan of a class definition', () => {
  it('has a ready key for each field that is shown', () => {
    const { className, form, fields, keys } = planOf({
      className: 'a.B',
      fields: ['x', 'this$0', 'é"', 'x', 'this$zero'],
    });
    assert.deepEqual([className, form, fields], ['a.B', 'fields', ['x', 'this$0', 'é"', 'x', 'this$zero']]);
    assert.deepEqual(keys.map(keyText), [undefined, undefined, '"é\\"":', '"x":', '"this$zero":']);
  });

  const forms: readonly (readonly [ClassPlan['form'], Shape])[] = [
    ['fields', SHAPES.user],
    ['name', SHAPES.level],
    ['decimal', SHAPES.decimal],
    ['jdk', SHAPES.integer],
    ['jdk', SHAPES.localDate],
    ['enum-set', SHAPES.enumSet],
    ['throwable', SHAPES.exception],
    ['fields', { className: 'a.B', fields: ['name', 'age'] }],
    ['fields', { className: 'java.math.BigDecimal2', fields: ['value'] }],
    ['jdk', { className: 'java.math.BigDecimal', fields: ['value', 'scale'] }],
    ['fields', { className: 'a.EnumSetHandler', fields: ['objects'] }],
    ['fields', { className: 'a.B', fields: ['detailMessage'] }],
  ];
  for (const [form, shape] of forms) {
    it(`is "${form}" for ${shape.className} {${shape.fields}}`, () => {
      assert.equal(planOf(shape).form, form);
    });
  }

  it('is made once, and again for other fields under the same name', () => {
    const plans = new ClassPlans(new Set());
    const first = planOf({ className: 'a.B', fields: ['x', 'y'] }, plans);
    assert.equal(planOf({ className: 'a.B', fields: ['x', 'y'] }, plans), first);
    assert.notEqual(planOf({ className: 'a.B', fields: ['y', 'x'] }, plans), first);
    assert.deepEqual([plans.hits, plans.misses, plans.size], [1, 2, 2]);
  });

  it('is forgotten where a provider sends ever new ones', () => {
    const plans = new ClassPlans(new Set(), 10);
    for (let i = 0; i < 1_000; i++) planOf({ className: `a.B${i}`, fields: ['x'] }, plans);
    assert.equal(plans.size, 10);
    const small = new ClassPlans(new Set(), 1_000, 10_000);
    for (let i = 0; i < 1_000; i++) planOf({ className: `a.B${i}`, fields: ['x'.repeat(500)] }, small);
    assert.ok(small.size >= 1 && small.size < 10, `${small.size}`);
    assert.equal(
      planOf({ className: 'a.B', fields: ['y'.repeat(20_000)] }, small).form,
      'fields',
      'too large to be kept',
    );
  });
});

function keyText(key: JsonKey | undefined): string | undefined {
  if (key === undefined) return undefined;
  const out = new ByteWriter(1);
  key.write(out);
  assert.equal(out.buffer[0], 0x2c);
  return out.take(1).toString();
}
