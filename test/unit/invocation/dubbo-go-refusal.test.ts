import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verdictOfException } from '../../../src/invocation/refusal.ts';

const THROWABLE = 'java.lang.Throwable';

describe('an exception with status 20', () => {
  it('is a refusal where dubbo-go says that it has no such service or method', () => {
    const texts = [
      "don't have this exporter, key: com.acme.Nope",
      '"nope" method is not found, service key: com.acme.Users',
      'the number of args(=1) is not matched with "add" method',
    ];
    const codes = texts.map((text) => verdictOfException(THROWABLE, text)?.code);
    assert.deepEqual(codes, ['PROVIDER_NONE', 'PROVIDER_REFUSED', 'PROVIDER_REFUSED']);
  });

  it('does not repeat the name of the service', () => {
    const verdict = verdictOfException(THROWABLE, '"nope" method is not found, service key: com.acme.Users');
    assert.doesNotMatch(verdict?.detail ?? 'com.acme', /com\.acme/);
  });

  it('is business whatever else it says', () => {
    assert.equal(verdictOfException(THROWABLE, 'Invalid token'), undefined);
    assert.equal(verdictOfException(THROWABLE, 'the order is not found'), undefined);
    assert.equal(verdictOfException('com.acme.AuthException', "don't have this exporter"), undefined);
  });
});
