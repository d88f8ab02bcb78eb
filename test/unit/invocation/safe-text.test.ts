import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeText } from '../../../src/invocation/safe-text.ts';
import { fastestMs } from '../../support/fastest-ms.ts';

describe('text that a caller may see', () => {
  const cases: readonly (readonly [text: string, safe: string])[] = [
    ['No such user 7.', 'No such user 7.'],
    ['', ''],
    ['two\nlines', 'two\nlines'],
    ['x\n\tat a.B.c(B.java:1)\n\tat d.E.f(E.java:2)', 'x'],
    ['x\r\n\tat a.B.c(B.java:1)', 'x'],
    ['x\nCaused by: a.B: secret', 'x'],
    ['x\n  Suppressed: a.B', 'x'],
    ['x\n\t... 12 more', 'x'],
    ['a\nb\n\tat c.D.e(D.java)', 'a\nb'],
    ['meet at noon', 'meet at noon'],
    ['lunch\natlas', 'lunch\natlas'],
    ['to /10.1.2.3:20880 and 10.1.2.3:99', 'to [address] and [address]'],
    ['[2001:db8::1]:443 or /[::1]:20880', '[address] or [address]'],
    ['version 1.2.3.4 at 12:30', 'version 1.2.3.4 at 12:30'],
    ['ratio 1:20880', 'ratio 1:20880'],
  ];
  for (const [text, safe] of cases) {
    it(`of ${JSON.stringify(text)} is ${JSON.stringify(safe)}`, () => {
      assert.equal(safeText(text), safe);
    });
  }

  it('is never long', () => {
    assert.equal(safeText('x'.repeat(1_000_000)).length, 2_000);
  });

  it('costs the same whatever it is', () => {
    for (const piece of ['\n', '\n\t', '\r\n ', '1.', '[', '[a:', '/1.2.3.', '\nat', ' ', '... ']) {
      assert.ok(fastestMs(5, () => safeText(piece.repeat(500_000))) < 20, JSON.stringify(piece));
    }
  });
});
