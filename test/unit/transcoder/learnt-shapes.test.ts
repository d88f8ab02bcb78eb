import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ResponseConfig } from '../../../src/config/schema.ts';
import { AnswerShapes } from '../../../src/transcoder/answer-shapes.ts';
import { ShapeBudget } from '../../../src/transcoder/shape-budget.ts';
import { createDecoder } from '../../support/answer-decoding.ts';
import { evolvingAnswers } from '../../support/evolving-answers.ts';
import {
  assertAgrees,
  DECLARED_CLASSES,
  OPTION_SETS,
  type Reading,
  readingOf,
} from '../../support/reference/agreement.ts';
import { resultBody } from '../../support/value-recipe.ts';

const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 60);
/** A key is learnt when it comes to its place a second time, and those behind it after that. */
const TIMES_TO_LEARN = 8;
/** Room for some keys of each answer, so that shapes are forgotten in between. */
const SMALL_BUDGET_BYTES = 4_000;

describe('what was learnt of earlier answers never shows', () => {
  for (const [index, response] of OPTION_SETS.entries()) {
    it(`in the answers of a route that change as they come, under option set ${index}`, () => {
      const decoder = createDecoder(DECLARED_CLASSES);
      const ofAllRuns = new AnswerShapes(new ShapeBudget());
      const forgetful = new AnswerShapes(new ShapeBudget(SMALL_BUDGET_BYTES));
      const seen = { text: 0, error: 0, 'too-big': 0, exception: 0, refused: 0 };
      fc.assert(
        fc.property(evolvingAnswers(), (answers) => {
          const ofThisRun = new AnswerShapes(new ShapeBudget());
          for (const answer of answers) {
            const body = resultBody(answer);
            const fresh = freshReading(body, response);
            for (const shapes of [...Array<AnswerShapes>(TIMES_TO_LEARN).fill(ofThisRun), ofAllRuns, forgetful]) {
              assert.deepEqual(readingOf(decoder, body, response, shapes), fresh, body.toString('hex'));
            }
            seen[assertAgrees(fresh, body, response)]++;
          }
        }),
        { numRuns: RUNS },
      );
      assert.ok(seen.text > RUNS && seen.refused * 100 < seen.text, JSON.stringify(seen));
    });

    it(`in the errors of answers that are cut off or changed by a byte, under option set ${index}`, () => {
      const decoder = createDecoder(DECLARED_CLASSES);
      const ofAllRuns = new AnswerShapes(new ShapeBudget());
      let errors = 0;
      const place = fc.record({ at: fc.nat(), byte: fc.nat(255), isCut: fc.boolean() });
      fc.assert(
        fc.property(evolvingAnswers(), fc.array(place, { minLength: 4, maxLength: 8 }), (answers, places) => {
          const whole = answers.map(resultBody);
          for (let time = 0; time < TIMES_TO_LEARN; time++) {
            for (const body of whole) readingOf(decoder, body, response, ofAllRuns);
          }
          for (const { at, byte, isCut } of places) {
            const original = whole[at % whole.length]!;
            const body = broken(original, at, byte, isCut);
            const fresh = freshReading(body, response);
            // What was cut off follows behind, where it must not be read.
            const behind = original.subarray(body.length);
            assert.deepEqual(readingOf(decoder, body, response, ofAllRuns, behind), fresh, body.toString('hex'));
            assertAgrees(fresh, body, response);
            if (fresh.error !== undefined) errors++;
          }
        }),
        { numRuns: RUNS },
      );
      assert.ok(errors > RUNS, `${errors} errors`);
    });
  }
});

/** What a decoder makes of the body that has never seen another. */
function freshReading(body: Buffer, response: Partial<ResponseConfig>): Reading {
  return readingOf(createDecoder(DECLARED_CLASSES), body, response, new AnswerShapes(new ShapeBudget()));
}

/** The body up to a byte, or with another byte there. */
function broken(body: Buffer, at: number, byte: number, isCut: boolean): Buffer {
  const place = at % body.length;
  if (isCut) return body.subarray(0, place);
  const changed = Buffer.from(body);
  changed[place] = byte;
  return changed;
}
