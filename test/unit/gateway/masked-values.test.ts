import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { isEqualButMasked, maskedCopy, pathsOfMasks } from '../../../src/gateway/masked-values.ts';

describe('isEqualButMasked()', () => {
  it('takes a mask for any value, or none', () => {
    assert.ok(isEqualButMasked({ a: '***', b: [1, '***'] }, { a: { c: 1 }, b: [1, 2] }));
    assert.ok(isEqualButMasked({ a: 1 }, { a: 1, b: '***' }));
    assert.ok(isEqualButMasked({ a: 1, b: '***' }, { a: 1 }));
  });

  it('tells all other values apart', () => {
    const different: readonly (readonly [unknown, unknown])[] = [
      [1, 2],
      [1, '1'],
      [null, undefined],
      [{ a: 1 }, { a: 1, b: 2 }],
      [{ a: 1, b: 2 }, { a: 1 }],
      [[1], [1, 2]],
      [[], {}],
      [
        { a: '***', b: 1 },
        { a: 1, b: 2 },
      ],
      [{ a: {} }, { a: null }],
    ];
    for (const [one, other] of different) {
      assert.equal(isEqualButMasked(one, other), false, JSON.stringify([one, other]));
    }
  });
});

describe('maskedCopy()', () => {
  it('has a mask where a variable gives nothing yet, and leaves the original alone', () => {
    const config = gatewaySchema.parse({});
    const masked = maskedCopy(config, ['defaults.timeoutMs', 'defaults.zone', 'services.gone.token', 'log']);
    assert.equal(masked.defaults.timeoutMs as unknown, '***');
    assert.equal(masked.log as unknown, '***');
    assert.equal('gone' in masked.services, false);
    assert.equal(typeof config.defaults.timeoutMs, 'number');
  });
});

describe('pathsOfMasks()', () => {
  it('finds masks wherever they stand, a bounded number of them', () => {
    const config = { server: { admin: { token: '***' } }, routes: [{ 'a b': '***' }, { c: 'x***' }] };
    assert.deepEqual(pathsOfMasks(config), ['server.admin.token', 'routes[0]["a b"]']);
    assert.equal(pathsOfMasks(Array.from({ length: 1_000 }, () => '***')).length, 20);
  });
});
