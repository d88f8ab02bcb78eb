import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeText } from '../../../src/invocation/safe-text.ts';

describe('safe text', () => {
  const cases: readonly (readonly [text: string, safe: string])[] = [
    ['no such user', 'no such user'],
    ['failed to call dubbo://10.1.2.3:20880/com.acme.Other?version=1, cause', 'failed to call [address], cause'],
    ['failed (tri://[::1]:20880/com.acme.Other)', 'failed ([address])'],
    ['jdbc:mysql://db.internal:3306/users refused', '[address] refused'],
    ['channel /10.1.2.3:20880 -> provider-1.prod/10.1.2.4:20880', 'channel [address] -> [address]'],
    ['see https://acme.example/help', 'see https://acme.example/help'],
    ['version 1.2.3.4: ratio 1:2', 'version 1.2.3.4: ratio 1:2'],
    ['boom\n\tat com.acme.A.b(A.java:1)', 'boom'],
    ['boom\nCaused by: x', 'boom'],
  ];
  for (const [text, safe] of cases) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(safeText(text), safe));
  }

  it('is bounded, and made in no time of the worst text', () => {
    const startedMs = performance.now();
    for (const piece of ['a', 'a:', 'a/', '1.', 'a://']) {
      assert.ok(safeText(piece.repeat(100_000)).length <= 2_000);
    }
    assert.ok(performance.now() - startedMs < 500);
  });
});
