import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Registries } from '../../../src/gateway/registries.ts';
import type { AskedRegistryConfig } from '../../../src/gateway/registry-of-service.ts';
import type { ProviderSnapshot } from '../../../src/registry/registry.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';
import { FakeRegistry, instanceAt } from './fake-registry.ts';

const QUERY = { interfaceName: 'demo.Shop', version: '', group: '' };

function section(server: string): AskedRegistryConfig {
  const { registries } = checkedConfig({ registries: { main: { type: 'nacos', servers: [server] } } });
  return registries.main as AskedRegistryConfig;
}

describe('the registries of all generations', () => {
  const fakes: FakeRegistry[] = [];
  const opened = () => {
    fakes.length = 0;
    return new Registries(() => {
      const fake = new FakeRegistry();
      fakes.push(fake);
      return fake;
    });
  };
  const hosts = ({ instances }: ProviderSnapshot) => instances.map(({ address }) => address.host);

  it('are the same for an equal section, and closed after the last use', () => {
    const registries = opened();
    const uses = [registries.retain('main', section('a')), registries.retain('main', section('a'))];
    assert.equal(fakes.length, 1);
    uses[0]!.release();
    assert.equal(fakes[0]!.state, 'connecting');
    uses[1]!.release();
    assert.equal(fakes[0]!.state, 'closed');
    assert.deepEqual(registries.status(), []);
  });

  it('begin with the last lists of the one before when their section changed', () => {
    const registries = opened();
    const before = registries.retain('main', section('a'));
    before.registry.subscribe(QUERY, () => {});
    fakes[0]!.tell(QUERY.interfaceName, [instanceAt('one')], 5);
    const after = registries.retain('main', section('b'));
    const told: ProviderSnapshot[] = [];
    const subscription = after.registry.subscribe(QUERY, (snapshot) => told.push(snapshot));
    assert.deepEqual([hosts(subscription.snapshot), subscription.snapshot.confirmedAtMs], [['one'], 5]);
    before.release();
    assert.equal(fakes[0]!.state, 'closed');
    assert.deepEqual([hosts(subscription.snapshot), told.length], [['one'], 0]);
    fakes[1]!.tell(QUERY.interfaceName, [], 9);
    assert.deepEqual([hosts(subscription.snapshot), subscription.snapshot.confirmedAtMs, told.length], [[], 9, 1]);
  });

  it('hand lists on that they began with, where they never told their own', () => {
    const registries = opened();
    const uses = ['a', 'b', 'c'].map((server) => {
      const use = registries.retain('main', section(server));
      const subscription = use.registry.subscribe(QUERY, () => {});
      if (server === 'a') fakes[0]!.tell(QUERY.interfaceName, [instanceAt('one')], 5);
      return { use, subscription };
    });
    uses[0]!.use.release();
    uses[1]!.use.release();
    assert.deepEqual(hosts(uses[2]!.subscription.snapshot), ['one']);
    const other = { ...QUERY, version: '2.0.0', interfaceName: 'demo.Other' };
    assert.deepEqual(hosts(uses[2]!.use.registry.subscribe(other, () => {}).snapshot), []);
  });

  it('leave nothing in a registry that is only looked at', () => {
    const registries = opened();
    const before = registries.retain('main', section('a'));
    const after = registries.retain('main', section('b'));
    after.registry.subscribe(QUERY, () => {});
    assert.deepEqual(
      fakes.map((fake) => fake.status().subscriptions),
      [0, 1],
    );
    before.release();
    after.release();
  });

  it('begin with nothing of a registry of another name', () => {
    const registries = opened();
    registries.retain('main', section('a')).registry.subscribe(QUERY, () => {});
    fakes[0]!.tell(QUERY.interfaceName, [instanceAt('one')], 5);
    const other = registries.retain('other', section('b')).registry.subscribe(QUERY, () => {});
    assert.deepEqual([hosts(other.snapshot), other.snapshot.confirmedAtMs], [[], undefined]);
  });
});
