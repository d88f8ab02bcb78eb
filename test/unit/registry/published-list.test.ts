import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import { providerInstance } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';
import { PublishedList } from '../../../src/registry/published-list.ts';

function provider(port: number, weight = 100): ProviderInstance {
  const address = parseProviderAddress(`dubbo://10.0.0.1:${port}`);
  const settings = { ...NO_SETTINGS, weight };
  return providerInstance({ address, version: '', group: '', application: 'demo', token: '', settings });
}

describe('PublishedList', () => {
  it('tells a first list, also an empty one, and then only changes', () => {
    const list = new PublishedList(0);
    assert.ok(!list.wasPublished);
    assert.ok(list.update([], 0, false));
    assert.ok(list.wasPublished);
    assert.ok(!list.update([], 1, false));
    assert.ok(list.update([provider(1)], 2, false));
    assert.ok(!list.update([provider(1)], 3, false));
  });

  it('keeps the objects of who did not change, and the list as long as nobody did', () => {
    const list = new PublishedList(0);
    list.update([provider(1), provider(2)], 0, false);
    const [first, second] = list.instances;
    const before = list.instances;
    list.update([provider(1), provider(2)], 1, false);
    assert.equal(list.instances, before);
    list.update([provider(1), provider(2, 50)], 2, false);
    assert.equal(list.instances[0], first);
    assert.notEqual(list.instances[1], second);
    assert.equal(list.instances[1]!.weight, 50);
  });

  it('holds who vanishes all at once until the time is over', () => {
    const list = new PublishedList(1_000);
    list.update([provider(1)], 0, false);
    assert.ok(!list.update([], 100, false));
    assert.equal(list.heldCount, 1);
    assert.equal(list.dueMs, 1_100);
    assert.ok(list.update([], 1_100, false));
    assert.deepEqual(list.instances, []);
  });
});
