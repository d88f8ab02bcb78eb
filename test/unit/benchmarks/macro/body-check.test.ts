import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodyCheck } from '../../../../benchmarks/macro/body-check.ts';

const EXPECTED = '{"name":"烏龍茶","price":"12.50"}';

/** As a client reads it that makes text of each piece for itself. */
function inPieces(text: string, cutAt: number): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, cutAt).toString() + bytes.subarray(cutAt).toString();
}

describe('bodyCheck', () => {
  const isExpected = bodyCheck(EXPECTED);

  it('takes the expected body, wherever it was cut into pieces', () => {
    for (let cutAt = 0; cutAt <= Buffer.byteLength(EXPECTED); cutAt++) {
      assert.ok(isExpected(inPieces(EXPECTED, cutAt)), `cut at ${cutAt}`);
    }
  });

  it('refuses another, a shorter and an empty one', () => {
    for (const body of [EXPECTED.replace('12.50', '12.51'), EXPECTED.slice(0, -1), '', `${EXPECTED} `]) {
      assert.ok(!isExpected(body), body);
    }
  });
});
