import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { skipValue } from '../../../src/hessian/skip-value.ts';
import { type ClassPlan, ClassPlans } from '../../../src/transcoder/class-plan.ts';
import { ClassShapes } from '../../../src/transcoder/class-shapes.ts';
import { planStatistics } from '../../../src/transcoder/plan-statistics.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { encodeRecipe, listRecipe, NULL_RECIPE, objectRecipe, type Shape } from '../../support/value-recipe.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What one route and the plans of all routes have learnt. */
class Fixture {
  readonly budget: ShapeBudget;
  readonly plans: ClassPlans;
  readonly shapes: ClassShapes;
  readonly #reader = new HessianReader();

  constructor({ budget = new ShapeBudget(), plans = new ClassPlans(new Set()) } = {}) {
    this.budget = budget;
    this.plans = plans;
    this.shapes = new ClassShapes(budget);
  }

  /** The plans of a body with an object of each of these classes. */
  read(...classes: readonly Shape[]): ClassPlan[] {
    const reader = this.#reader;
    reader.reset(bodyOf(classes));
    reader.classMemory = this.shapes;
    try {
      skipValue(reader);
      assert.equal(reader.position, reader.end);
      return classes.map((_, number) => this.shapes.plan(number, reader, this.plans));
    } finally {
      reader.release();
    }
  }
}

function bodyOf(classes: readonly Shape[]): Buffer {
  return encodeRecipe(listRecipe(classes.map((shape) => objectRecipe(shape, ...shape.fields.map(() => NULL_RECIPE)))));
}

function shapeOf(className: string, ...fields: readonly string[]): Shape {
  return { className, fields };
}

const A = shapeOf('a.A', 'x', 'y');
const B = shapeOf('a.B', 'x', 'y');
const C = shapeOf('a.A', 'y', 'x');

describe('the class definitions of a route', () => {
  it('are learnt when they come a second time, and recognised from then on', () => {
    const fixture = new Fixture();
    const { budget, plans } = fixture;
    const counts = () => [plans.misses, plans.hits, budget.learnt, budget.recognised];
    const [first] = fixture.read(A);
    assert.deepEqual(counts(), [1, 0, 0, 0]);
    assert.deepEqual(fixture.read(A), [first]);
    assert.deepEqual(counts(), [1, 1, 1, 0]);
    assert.equal(fixture.read(A)[0], first);
    assert.deepEqual(counts(), [1, 1, 1, 1]);
    assert.equal(planStatistics(plans, budget).classes.hits, 2);
  });

  it('are told from others by their bytes, wherever they stand', () => {
    const fixture = new Fixture();
    const bodies = [[A, B, C], [B, A], [C], [A, B, C], [C, B, A], [shapeOf('a.A'), A], [shapeOf('a.A', 'x', 'y', 'z')]];
    for (let turn = 0; turn < 4; turn++) {
      for (const body of bodies) {
        const read = fixture.read(...body).map(({ className, fields }) => ({ className, fields }));
        assert.deepEqual(read, body);
      }
    }
    assert.ok(fixture.budget.recognised > 10, `${fixture.budget.recognised}`);
  });

  it('are at most four at one place; one that makes room for another gives its bytes back', () => {
    const fixture = new Fixture();
    for (let i = 0; i < 10; i++) {
      for (let turn = 0; turn < 3; turn++) fixture.read(shapeOf(`a.A${i}`, 'x'));
    }
    const { bytes } = fixture.budget;
    for (let i = 10; i < 1_000; i++) for (let turn = 0; turn < 3; turn++) fixture.read(shapeOf(`a.A${i % 10}`, 'x'));
    assert.equal(fixture.budget.bytes, bytes);
    const { recognised } = fixture.budget;
    fixture.read(shapeOf('a.A9', 'x'));
    fixture.read(shapeOf('a.A8', 'x'));
    assert.equal(fixture.budget.recognised, recognised + 2);
  });

  it('leave nothing where they are ever new', () => {
    const fixture = new Fixture();
    for (let i = 0; i < 5_000; i++) fixture.read(shapeOf(`a.A${i}`, 'x', `y${i}`));
    assert.deepEqual([fixture.budget.learnt, fixture.budget.bytes, fixture.shapes.bytes], [0, 0, 0]);
    const { entries, maxEntries, evictions, misses } = planStatistics(fixture.plans, fixture.budget).classes;
    assert.deepEqual([entries, misses, evictions], [maxEntries, 5_000, 5_000 - maxEntries]);
  });

  it('are not kept where they are long or stand far behind, and come out right all the same', () => {
    const fixture = new Fixture();
    const long = shapeOf('a.A', 'x'.repeat(5_000));
    for (let turn = 0; turn < 3; turn++) assert.deepEqual(fixture.read(long)[0]!.fields, long.fields);
    assert.equal(fixture.budget.learnt, 0);
    const many = Array.from({ length: 100 }, (_, i) => shapeOf(`a.A${i}`, `f${i}`));
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(
        fixture.read(...many).map(({ fields }) => fields),
        many.map(({ fields }) => fields),
      );
    }
    assert.equal(fixture.budget.learnt, 64);
  });

  it('are forgotten whole', () => {
    const fixture = new Fixture();
    for (let turn = 0; turn < 3; turn++) fixture.read(A, B);
    assert.ok(fixture.budget.bytes > 0);
    fixture.shapes.forget();
    assert.equal(fixture.budget.bytes, 0);
    const { recognised } = fixture.budget;
    assert.deepEqual(
      fixture.read(A, B).map(({ className }) => className),
      ['a.A', 'a.B'],
    );
    assert.equal(fixture.budget.recognised, recognised);
  });

  it('are not learnt where the budget is full', () => {
    const fixture = new Fixture({ budget: new ShapeBudget(100) });
    for (let turn = 0; turn < 4; turn++) assert.deepEqual(fixture.read(A)[0]!.fields, A.fields);
    assert.deepEqual([fixture.budget.bytes, fixture.budget.recognised, fixture.budget.refused], [0, 0, 3]);
  });

  it('may have so many fields in one body, and no more', () => {
    const fixture = new Fixture({ plans: new ClassPlans(new Set(), 2_000, 64 * KIB) });
    const large = (count: number) =>
      Array.from({ length: count }, (_, i) => shapeOf(`a.A${i}`, ...Array.from({ length: 4_000 }, (_, k) => `f${k}`)));
    assert.equal(fixture.read(...large(15)).length, 15);
    assert.throws(
      () => fixture.read(...large(25)),
      (error) => error instanceof HessianError && error.fault === 'limit',
    );
    assert.deepEqual(fixture.read(A)[0]!.fields, A.fields, 'the next body');
  });
});

describe('the statistics of plans', () => {
  it('say what is held, and how much it may be', () => {
    const fixture = new Fixture();
    assert.deepEqual(planStatistics(fixture.plans, fixture.budget), {
      classes: { entries: 0, maxEntries: 2_000, bytes: 0, maxBytes: 16 * MIB, hits: 0, misses: 0, evictions: 0 },
      shapes: { learnt: 0, bytes: 0, maxBytes: 16 * MIB, refused: 0, forgotten: 0 },
    });
    for (let turn = 0; turn < 5; turn++) fixture.read(A, B);
    const { classes, shapes } = planStatistics(fixture.plans, fixture.budget);
    assert.deepEqual([classes.entries, classes.hits, classes.misses, classes.evictions], [2, 8, 2, 0]);
    assert.ok(classes.bytes > 1_000 && classes.bytes < 10_000, `${classes.bytes}`);
    assert.deepEqual([shapes.learnt, shapes.bytes], [2, fixture.shapes.bytes]);
  });
});
