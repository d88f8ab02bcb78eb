import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestMethodKeys } from '../../../src/admin/nearest-method-keys.ts';
import { fastestMs } from '../../support/fastest-ms.ts';

const KEYS = [
  'com.acme.user.UserService:1.0.0:core#getUser(long)',
  'com.acme.user.UserService:1.0.0:core#getUser(java.lang.String)',
  'com.acme.user.UserService:2.0.0#getUser(long)',
  'com.acme.user.UserService:2.0.0#getUser(int)',
  'com.acme.user.UserService:1.0.0:core#saveUser(com.acme.user.User)',
  'com.acme.price.PriceService#get(java.lang.String)',
];

function nearest(text: string): readonly string[] {
  return nearestMethodKeys(text, KEYS, 3);
}

describe('nearestMethodKeys()', () => {
  it('finds other overloads, versions and groups of the method that is named', () => {
    assert.deepEqual(nearest('com.acme.user.UserService#getUser(long)'), KEYS.slice(0, 3));
    assert.deepEqual(nearest('com.acme.user.UserService:1.0.0:core#saveUser()'), [KEYS[4]]);
  });

  it('finds misspelt methods and interfaces', () => {
    assert.deepEqual(nearest('com.acme.user.UserService:1.0.0:core#svaeUser(com.acme.user.User)'), [KEYS[4]]);
    assert.deepEqual(nearest('com.acme.price.PricService#get(java.lang.String)'), [KEYS[5]]);
    assert.deepEqual(nearest('com.acme.PRICE.PriceService#gte(x)'), [KEYS[5]]);
  });

  it('finds a method by its name alone, or with the wrong interface', () => {
    assert.deepEqual(nearest('saveUser'), [KEYS[4]]);
    assert.deepEqual(nearest('savUser(User)'), [KEYS[4]]);
    assert.deepEqual(nearest('UserService#saveUser'), [KEYS[4]]);
  });

  it('says nothing rather than something far', () => {
    for (const text of ['', '#', '()', 'x', 'com.acme.user.UserService#deleteEverything()', 'x'.repeat(10_000)]) {
      assert.deepEqual(nearest(text), [], text.slice(0, 50));
    }
  });

  it('is cheap among thousands of keys', () => {
    const many = Array.from(
      { length: 10_000 },
      (_, index) => `com.acme.s${index % 200}.Service${index % 200}#method${index}(long)`,
    );
    const text = 'com.acme.s12.Service1x#methodd12(long)';
    assert.ok(nearestMethodKeys(text, many, 3).length > 0);
    assert.ok(fastestMs(5, () => nearestMethodKeys(text, many, 3)) < 100);
  });
});
