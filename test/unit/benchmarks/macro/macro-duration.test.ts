import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseCases } from '../../../../benchmarks/macro/chosen-cases.ts';
import { MACRO_CASES } from '../../../../benchmarks/macro/macro-cases.ts';
import { macroSeconds } from '../../../../benchmarks/macro/macro-duration.ts';
import { MACRO_FULL, MACRO_QUICK } from '../../../../benchmarks/macro/macro-settings.ts';

describe('macroSeconds', () => {
  it('keeps all cases within what is said of a full and of a quick run', () => {
    assert.ok(macroSeconds(MACRO_CASES, MACRO_FULL) < 790);
    const { chosen } = chooseCases(MACRO_CASES, { names: [], quick: true });
    assert.ok(macroSeconds(chosen, MACRO_QUICK) < 82);
  });

  it('counts a long warm-up once for all cases', () => {
    const cases = MACRO_CASES.filter(({ name }) => ['gateway/small', 'gateway/list50'].includes(name));
    const alone = cases.map((macroCase) => macroSeconds([macroCase], MACRO_FULL));
    assert.equal(cases.length, 2);
    const { long } = MACRO_FULL.warmUpSeconds;
    assert.ok(macroSeconds(cases, MACRO_FULL) < alone[0]! + alone[1]! - long);
  });

  it('is nothing for no case', () => {
    assert.equal(macroSeconds([], MACRO_FULL), 0);
  });
});
