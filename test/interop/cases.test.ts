import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalJson } from './cases/canonical-json.ts';
import { GO_CASES } from './cases/go-cases.ts';
import { TYPE_CASES } from './cases/type-cases.ts';

describe('the cases', () => {
  test('are compared without regard to key order and with their very digits', () => {
    assert.equal(canonicalJson('{"b": [1, {"d":2,"c":1.10}], "a": "\\u0041"}'), '{"a":"A","b":[1,{"c":1.10,"d":2}]}');
    assert.notEqual(canonicalJson('9007199254740993'), canonicalJson('9007199254740992'));
    for (const broken of ['', '[1', '{"a"}', '[1 2]', '1 2', '{"a":}', '[,1]', 'nil']) {
      assert.throws(() => canonicalJson(broken), Error, broken);
    }
  });

  test('have JSON that can be read', () => {
    for (const item of [...TYPE_CASES, ...GO_CASES]) {
      assert.equal(canonicalJson(item.json).length > 0, true, item.name);
      assert.equal(canonicalJson(item.answer).length > 0, true, item.name);
      assert.doesNotThrow(() => JSON.parse(item.json), item.name);
    }
  });
});
