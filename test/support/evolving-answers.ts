import fc from 'fast-check';
import {
  anyRecipe,
  dateRecipe,
  doubleRecipe,
  intRecipe,
  listRecipe,
  longRecipe,
  mapRecipe,
  NULL_RECIPE,
  objectRecipe,
  type Recipe,
  referenceRecipe,
  type Shape,
  textRecipe,
} from './value-recipe.ts';

/** Keys that are alike: prefixes of others, the same units in another form, the edges of what is learnt, and odd ones. */
const NAMES: readonly string[] = [
  ...['a', 'ab', 'abc', 'abd', 'id', 'ids', 'name', 'names', 'class', 'clasS', 'classs', 'clas', '__proto__', ''],
  ...['é', '中', '😀', '\ud800', '\udc00x', '"', '\u0000', 'a"'],
  ...[31, 32, 63, 64, 65].map((length) => 'k'.repeat(length)),
];
const CLASS_NAMES: readonly string[] = [
  ...['com.acme.Foo', 'com.acme.Fo', 'com.acme.Foo2', `com.acme.${'Long'.repeat(20)}`, 'java.util.HashMap'],
  ...['java.util.UUID', 'java.time.Year', 'java.time.Instant', 'java.util.Locale'],
  ...['Economy', '', 'a.', 'é.ü'],
];
/** Some share their name, some their fields, some their first bytes. */
const SHAPES: readonly Shape[] = [
  { className: 'com.acme.A', fields: ['x', 'y'] },
  { className: 'com.acme.A', fields: ['y', 'x'] },
  { className: 'com.acme.A', fields: ['x'] },
  { className: 'com.acme.A', fields: ['x', 'y', 'z'] },
  { className: 'com.acme.A', fields: [] },
  { className: 'com.acme.B', fields: ['x', 'y'] },
  { className: 'com.acme.Named', fields: ['name'] },
  { className: 'com.acme.Other', fields: ['name'] },
  { className: 'java.util.UUID', fields: ['value'] },
];

type MapRecipe = Extract<Recipe, { kind: 'map' }>;

/** A change of one of the maps of an answer; the numbers are taken modulo what there is. */
interface Change {
  readonly kind: 'drop' | 'add' | 'swap' | 'move-to-end' | 'rename';
  readonly map: number;
  readonly at: number;
  readonly other: number;
  readonly entry: readonly [Recipe, Recipe];
}

/**
 * Answers of one route in the order they come: the same again, the same with fields added, left out, renamed or in
 * another order, and now and then something else altogether.
 */
export function evolvingAnswers(): fc.Arbitrary<Recipe[]> {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('again' as const) },
    { weight: 6, arbitrary: changes() },
    { weight: 1, arbitrary: fc.constant('other' as const) },
  );
  return fc
    .tuple(shapedValue(), fc.oneof(shapedValue(), anyRecipe()), fc.array(step, { minLength: 2, maxLength: 8 }))
    .map(([first, other, steps]) => {
      const answers = [first];
      let current = first;
      for (const taken of steps) {
        if (typeof taken !== 'string') current = changed(current, taken);
        answers.push(taken === 'other' ? other : current);
      }
      return answers;
    });
}

function changes(): fc.Arbitrary<Change> {
  return fc.record({
    kind: fc.constantFrom('drop', 'add', 'swap', 'move-to-end', 'rename'),
    map: fc.nat(20),
    at: fc.nat(8),
    other: fc.nat(8),
    entry: entries(leaves()),
  });
}

/** Maps in lists in maps, and objects of classes. */
function shapedValue(): fc.Arbitrary<Recipe> {
  return fc.letrec<{ value: Recipe; map: Recipe }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: leaves() },
      { weight: 4, arbitrary: tie('map') },
      { weight: 2, arbitrary: fc.array(tie('map'), { maxLength: 3 }).map((items) => listRecipe(items)) },
      { weight: 2, arbitrary: fc.tuple(tie('map'), changes(), changes()).map(alikeInList) },
      { weight: 2, arbitrary: objects(tie('value')) },
    ),
    map: fc.array(entries(tie('value')), { maxLength: 5 }).map((list): Recipe => {
      return { kind: 'map', type: '', entries: list };
    }),
  })).map;
}

function alikeInList([item, first, second]: [Recipe, Change, Change]): Recipe {
  return listRecipe([item, changed(item, first), changed(item, second)], '', true);
}

function entries(value: fc.Arbitrary<Recipe>): fc.Arbitrary<readonly [Recipe, Recipe]> {
  const names = fc.constantFrom(...NAMES).map(textRecipe);
  const classNames = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...CLASS_NAMES).map(textRecipe) },
    { weight: 1, arbitrary: leaves() },
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(names, value) },
    { weight: 3, arbitrary: fc.tuple(fc.constant(textRecipe('class')), classNames) },
    { weight: 1, arbitrary: fc.tuple(fc.oneof(names.map(inPieces), leaves()), value) },
    { weight: 1, arbitrary: jdkParts() },
  );
}

function leaves(): fc.Arbitrary<Recipe> {
  return fc.constantFrom(
    NULL_RECIPE,
    textRecipe(''),
    textRecipe('é"😀'),
    textRecipe('x'.repeat(40)),
    inPieces(textRecipe('in pieces')),
    intRecipe(7),
    intRecipe(-70_000),
    longRecipe(2n ** 60n),
    doubleRecipe(1.25),
    doubleRecipe(Number.NaN),
    dateRecipe(1_700_000_000_123n),
    referenceRecipe(1),
    referenceRecipe(3),
    listRecipe([]),
    { kind: 'bytes', bytes: Buffer.of(0x54) },
    { kind: 'bytes', bytes: Buffer.of(0x22, 1, 2) },
  );
}

/** Keys that JDK values have as maps; together with the right class they are one. */
function jdkParts(): fc.Arbitrary<readonly [Recipe, Recipe]> {
  return fc.constantFrom(
    [textRecipe('value'), intRecipe(2024)] as const,
    [textRecipe('epochSecond'), longRecipe(1_700_000_000n)] as const,
    [textRecipe('nano'), intRecipe(0)] as const,
    [textRecipe('language'), textRecipe('de')] as const,
    [textRecipe('offset'), mapRecipe({ totalSeconds: intRecipe(3600), class: textRecipe('java.time.ZoneOffset') })],
  );
}

function objects(value: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc
    .constantFrom(...SHAPES)
    .chain((shape) =>
      fc
        .array(value, { minLength: shape.fields.length, maxLength: shape.fields.length })
        .map((values) => objectRecipe(shape, ...values)),
    );
}

/** The same text in chunks. */
function inPieces(recipe: Recipe): Recipe {
  return recipe.kind === 'text' ? { ...recipe, pieces: [1] } : recipe;
}

function changed(recipe: Recipe, change: Change): Recipe {
  const maps = mapsOf(recipe);
  return maps.length === 0 ? recipe : replaced(recipe, maps[change.map % maps.length]!, change);
}

function mapsOf(recipe: Recipe): MapRecipe[] {
  if (recipe.kind === 'list') return recipe.items.flatMap(mapsOf);
  if (recipe.kind === 'object') return recipe.values.flatMap(mapsOf);
  if (recipe.kind !== 'map') return [];
  return [recipe, ...recipe.entries.flatMap(([, value]) => mapsOf(value))];
}

function replaced(recipe: Recipe, target: MapRecipe, change: Change): Recipe {
  const within = (inner: Recipe) => replaced(inner, target, change);
  if (recipe === target) return { ...target, entries: changedEntries(target.entries, change) };
  if (recipe.kind === 'list') return { ...recipe, items: recipe.items.map(within) };
  if (recipe.kind === 'object') return { ...recipe, values: recipe.values.map(within) };
  if (recipe.kind !== 'map') return recipe;
  return { ...recipe, entries: recipe.entries.map(([key, value]) => [key, within(value)] as const) };
}

function changedEntries(before: MapRecipe['entries'], { kind, at, other, entry }: Change): MapRecipe['entries'] {
  const after = [...before];
  const place = before.length === 0 ? 0 : at % before.length;
  if (kind === 'add' || before.length === 0) return after.toSpliced(place, 0, entry);
  if (kind === 'drop') return after.toSpliced(place, 1);
  if (kind === 'rename') return after.with(place, [entry[0], before[place]![1]]);
  if (kind === 'move-to-end') return [...after.toSpliced(place, 1), before[place]!];
  const second = other % before.length;
  return after.with(place, before[second]!).with(second, before[place]!);
}
