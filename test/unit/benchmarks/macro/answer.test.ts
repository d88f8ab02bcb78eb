import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAnswer, stripDubboJsForms, stripJacksonForms } from '../../../../benchmarks/macro/answer.ts';

const EXPECTED = '{"price":0.1,"at":"2024-01-02T03:04:05.006Z","lines":[{"id":1}]}';

describe('checkAnswer', () => {
  it('takes the forms of Jackson for the same answer', () => {
    const text =
      '{"class":"com.acme.Order","lines":[{"id":1,"class":"com.acme.Line"}],"at":"2024-01-02T03:04:05.006+00:00","price":0.10}';
    checkAnswer('peer', text, EXPECTED, stripJacksonForms);
  });

  it('takes the forms of dubbo-js for the same answer', () => {
    const text =
      '{"price":{"value":"0.10"},"at":"2024-01-02T03:04:05.006Z","lines":[{"class":"com.acme.Line","id":1}]}';
    checkAnswer('peer', text, EXPECTED, stripDubboJsForms);
  });

  for (const [what, text] of [
    ['value', EXPECTED.replace('0.1', '0.2')],
    ['zone', EXPECTED.replace('006Z', '006+01:00')],
    ['time', EXPECTED.replace('006Z', '007+00:00')],
    ['number of members', EXPECTED.replace('"id":1', '"id":1,"more":null')],
  ] as const) {
    it(`refuses another ${what}, and shows both answers`, () => {
      assert.throws(() => checkAnswer('peer', text, EXPECTED, stripJacksonForms), {
        message: `peer gives another answer than the gateway, so there is nothing to compare:
  the gateway: ${EXPECTED}
  peer: ${text}`,
      });
    });
  }
});

describe('stripJacksonForms', () => {
  it('leaves text alone that only looks like a time', () => {
    for (const text of ['+00:00', '2024-01-02+00:00', 'at 2024-01-02T03:04:05+00:00', '2024-01-02T03:04:05']) {
      assert.equal(stripJacksonForms(text), text);
    }
  });
});
