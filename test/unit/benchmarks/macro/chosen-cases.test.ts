import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseCases } from '../../../../benchmarks/macro/chosen-cases.ts';
import { MACRO_CASES } from '../../../../benchmarks/macro/macro-cases.ts';

const all = MACRO_CASES.map(({ name }) => name);

function chosenNames(names: readonly string[], quick: boolean): string[] {
  return chooseCases(MACRO_CASES, { names, quick }).chosen.map(({ name }) => name);
}

describe('chooseCases', () => {
  it('gives all cases where none is named', () => {
    assert.deepEqual(chooseCases(MACRO_CASES, { names: [], quick: false }), { chosen: MACRO_CASES, leftOut: [] });
  });

  it('leaves the long ones out of a quick run, each with the reason', () => {
    const { chosen, leftOut } = chooseCases(MACRO_CASES, { names: [], quick: true });
    const long = ['list1000', 'post2k', 'slow-backend', 'providers', 'workers', 'parts', 'reload'].map(
      (name) => `gateway/${name}`,
    );
    assert.deepEqual(
      chosen.map(({ name }) => name),
      all.filter((name) => !long.includes(name)),
    );
    assert.deepEqual(
      leftOut.map((text) => text.split(': ')[0]),
      long,
    );
    for (const text of leftOut) assert.match(text, /: \S.*; by its name it is measured$/);
  });

  it('has a long one in a quick run that is named', () => {
    assert.deepEqual(chosenNames(['gateway/reload'], true), ['gateway/reload']);
    assert.deepEqual(chosenNames(['gateway'], true), all);
  });

  it('has no case of the gateway where only others are named', () => {
    assert.deepEqual(chosenNames(['micro'], true), []);
  });
});
