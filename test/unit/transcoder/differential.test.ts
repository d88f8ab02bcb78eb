import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createDecoder } from '../../support/answer-decoding.ts';
import { RECORDED_VERSIONS, recordedCalls } from '../../support/recorded-frames.ts';
import { assertAgrees, DECLARED_CLASSES, OPTION_SETS, readingOf } from '../../support/reference/agreement.ts';
import { anyRecipe, resultBody } from '../../support/value-recipe.ts';

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 1_000);

describe('the transcoder and the slow reference', () => {
  const decoder = createDecoder(DECLARED_CLASSES);

  for (const [index, response] of OPTION_SETS.entries()) {
    it(`agree on every recorded answer under option set ${index}`, () => {
      const calls = RECORDED_VERSIONS.flatMap(recordedCalls);
      let texts = 0;
      for (const { version, name, response: frame } of calls) {
        // Plain results of hessian 2 only.
        if (frame === undefined || frame[3] !== 20 || (frame[2]! & 0xbf) !== 0x02) continue;
        const body = frame.subarray(16);
        const reading = readingOf(decoder, body, response);
        if (assertAgrees(reading, body, response, `${version} ${name}`) === 'text') texts++;
      }
      assert.ok(texts > 150, `${texts} results`);
    });

    it(`agree on random values under option set ${index}`, () => {
      const seen = { text: 0, error: 0, 'too-big': 0, exception: 0, refused: 0 };
      fc.assert(
        fc.property(anyRecipe(), (recipe) => {
          const body = resultBody(recipe);
          seen[assertAgrees(readingOf(decoder, body, response), body, response)]++;
        }),
        { numRuns: RUNS },
      );
      assert.ok(seen.text > RUNS / 3 && seen.refused === 0, JSON.stringify(seen));
    });
  }
});
