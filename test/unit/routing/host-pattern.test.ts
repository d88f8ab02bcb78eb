import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalizeHost, parseHostPattern } from '../../../src/routing/host-pattern.ts';

describe('normalizeHost()', () => {
  const cases: [header: string, host: string][] = [
    ['Example.COM', 'example.com'],
    ['example.com:8080', 'example.com'],
    ['example.com.', 'example.com'],
    ['example.com.:80', 'example.com'],
    ['[::1]', '[::1]'],
    ['[2001:DB8::1]:443', '[2001:db8::1]'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['', ''],
    ['.', ''],
    [':80', ''],
  ];
  for (const [header, host] of cases) {
    it(`makes "${host}" of "${header}"`, () => {
      assert.equal(normalizeHost(header), host);
    });
  }
});

describe('parseHostPattern()', () => {
  it('tells exact names from names below a suffix', () => {
    assert.deepEqual(parseHostPattern('API.example.com:80'), { kind: 'exact', host: 'api.example.com' });
    assert.deepEqual(parseHostPattern('*.Example.com'), { kind: 'below', suffix: 'example.com' });
  });
});
