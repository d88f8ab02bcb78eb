import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProviderAddressError } from '../../../src/config/provider-address.ts';
import { StaticProviders } from '../../../src/registry/static-providers.ts';

const THREE = ['dubbo://a:1', 'dubbo://b:2', 'dubbo://c:3'];

test('names its providers in turn', () => {
  const providers = new StaticProviders(THREE);
  assert.equal(providers.size, 3);
  assert.deepEqual(
    Array.from({ length: 7 }, () => providers.addresses[providers.next()]!.key),
    ['a:1', 'b:2', 'c:3', 'a:1', 'b:2', 'c:3', 'a:1'],
  );
});

test('counts an address once that is named twice', () => {
  const providers = new StaticProviders(['dubbo://a:1', 'dubbo://b:2', 'dubbo://A:1/']);
  assert.deepEqual(
    providers.addresses.map((address) => address.key),
    ['a:1', 'b:2'],
  );
});

test('refuses what is no address', () => {
  assert.throws(() => new StaticProviders(['dubbo://a:1', 'a:2']), ProviderAddressError);
});

test('has no next provider when there is none', () => {
  assert.equal(new StaticProviders([]).next(), -1);
});
