import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIfMatch } from '../../../src/admin/if-match.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';

function codeOf(header: string | undefined): string | undefined {
  try {
    parseIfMatch(header);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.code;
  }
}

describe('parseIfMatch()', () => {
  it('reads one tag, several, and any', () => {
    assert.deepEqual(parseIfMatch('"a"'), ['a']);
    assert.deepEqual(parseIfMatch(' "a" , "b,c" ,"d"'), ['a', 'b,c', 'd']);
    assert.equal(parseIfMatch(' * '), '*');
  });

  it('leaves out weak tags, which never match', () => {
    assert.deepEqual(parseIfMatch('W/"a"'), []);
    assert.deepEqual(parseIfMatch('W/"a", "b"'), ['b']);
  });

  it('asks for one that is missing', () => {
    assert.equal(codeOf(undefined), 'PRECONDITION_REQUIRED');
  });

  it('refuses what is no tag', () => {
    for (const header of ['', 'a', '"a', '"a" "b"', '*, "a"', "'a'", 'w/"a"']) {
      assert.equal(codeOf(header), 'REQUEST_INVALID', header);
    }
  });
});
