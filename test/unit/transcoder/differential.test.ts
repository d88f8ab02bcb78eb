import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ResponseConfig } from '../../../src/config/schema.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { AnswerDecoder } from '../../../src/invocation/answer-decoder.ts';
import { answerFrame, answerPlan, createDecoder, responseConfig } from '../../support/answer-decoding.ts';
import { RECORDED_VERSIONS, recordedCalls } from '../../support/recorded-frames.ts';
import { type ReferenceOptions, referenceOutcome } from '../../support/reference/reference-transcoder.ts';
import { anyRecipe, encodeRecipe, type Recipe } from '../../support/value-recipe.ts';

const OPTION_SETS: readonly Partial<ResponseConfig>[] = [
  {},
  { longs: 'string-if-unsafe', decimals: 'string', dates: 'epoch-ms', nulls: 'omit', nonFinite: 'string' },
  { longs: 'string', mapKeys: 'pairs', classKey: 'keep' },
  { jdkValues: 'as-is', classKey: 'keep', nulls: 'omit', mapKeys: 'pairs' },
  { cycles: 'error', jdkValues: 'as-is' },
  { nulls: 'omit', void: 'null' },
];
const DECLARED = ['com.acme.Named'];
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 1_000);

describe('the transcoder and the slow reference', () => {
  const decoder = createDecoder(DECLARED);

  for (const [index, response] of OPTION_SETS.entries()) {
    it(`agree on every recorded answer under option set ${index}`, () => {
      const calls = RECORDED_VERSIONS.flatMap(recordedCalls);
      let texts = 0;
      for (const { version, name, response: frame } of calls) {
        // Plain results of hessian 2 only.
        if (frame === undefined || frame[3] !== 20 || (frame[2]! & 0xbf) !== 0x02) continue;
        if (agree(decoder, frame.subarray(16), response, `${version} ${name}`) === 'text') texts++;
      }
      assert.ok(texts > 150, `${texts} results`);
    });

    it(`agree on random values under option set ${index}`, () => {
      const seen = { text: 0, error: 0, 'too-big': 0, exception: 0 };
      fc.assert(
        fc.property(anyRecipe(), (recipe) => {
          seen[agree(decoder, bodyOf(recipe), response, '')]++;
        }),
        { numRuns: RUNS },
      );
      assert.ok(seen.text > RUNS / 3, JSON.stringify(seen));
    });
  }
});

/** A body with the value as its result and the attachments that every provider sends. */
function bodyOf(recipe: Recipe): Buffer {
  return Buffer.concat([Buffer.of(0x94), encodeRecipe(recipe), Buffer.from('H\x05dubbo\x052.0.2Z', 'latin1')]);
}

/** Compares both ways; gives what the reference said. */
function agree(
  decoder: AnswerDecoder,
  body: Buffer,
  response: Partial<ResponseConfig>,
  name: string,
): 'text' | 'error' | 'too-big' | 'exception' {
  const expected = referenceOutcome(body, responseConfig(response) as ReferenceOptions, DECLARED);
  const place = `${name} ${body.toString('hex')}`;
  let actual: string | undefined;
  let failure: GatewayError | undefined;
  try {
    const { body: json } = decoder.decode(answerFrame(body), answerPlan(response));
    actual = json?.toString() ?? 'null';
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    failure = error;
  }
  if (expected.kind === 'text') assert.equal(actual ?? failure?.log?.reason ?? failure?.detail, expected.text, place);
  else if (expected.kind !== 'too-big' && !(expected.kind === 'error' && expected.orJdk))
    assert.notEqual(failure, undefined, `${place}: ${JSON.stringify(expected)}`);
  return expected.kind;
}
