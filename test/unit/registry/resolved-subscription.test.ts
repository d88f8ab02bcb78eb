import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostNames } from '../../../src/registry/host-names.ts';
import type { ProviderInstance } from '../../../src/registry/provider-instance.ts';
import type { ProviderSnapshot } from '../../../src/registry/registry.ts';
import { resolvedSubscription } from '../../../src/registry/resolved-subscription.ts';
import { instanceAt } from '../gateway/fake-registry.ts';

/** A list that a test changes, and host names that it answers. */
class Scene {
  readonly records = new Map<string, readonly string[]>();
  readonly told: string[][] = [];
  readonly names: HostNames;
  readonly subscription;
  isClosed = false;
  nowMs = 0;
  #snapshot: ProviderSnapshot;
  #onChange: (snapshot: ProviderSnapshot) => void = () => {};

  constructor(instances: readonly ProviderInstance[]) {
    this.#snapshot = { instances, confirmedAtMs: 7 };
    this.names = new HostNames({
      lookup: async (name) => this.records.get(name) ?? Promise.reject(new Error('ENOTFOUND')),
      clock: { nowMs: () => this.nowMs, wallMs: () => this.nowMs },
      random: () => 0,
      log: () => {},
      wake: () => {},
    });
    const list = () => this.#snapshot;
    const source = {
      get snapshot() {
        return list();
      },
      close: () => {
        this.isClosed = true;
      },
    };
    this.subscription = resolvedSubscription(
      (onChange) => {
        this.#onChange = onChange;
        return source;
      },
      this.names,
      ({ instances: now }) => this.told.push(addressesOf(now)),
    );
  }

  get addresses(): string[] {
    return addressesOf(this.subscription.snapshot.instances);
  }

  tell(instances: readonly ProviderInstance[]): void {
    this.#snapshot = { instances, confirmedAtMs: 8 };
    this.#onChange(this.#snapshot);
  }

  async pass(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += 20) {
      this.names.tick(this.nowMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function addressesOf(instances: readonly ProviderInstance[]): string[] {
  return instances.map(({ address }) => address.key);
}

describe('a list with host names', () => {
  it('has the name before the first answer, and then a provider for each address', async () => {
    const scene = new Scene([instanceAt('users.internal', { weight: 50, tag: 'blue' }), instanceAt('10.1.1.1')]);
    assert.deepEqual(scene.addresses, ['users.internal:20880', '10.1.1.1:20880']);
    assert.deepEqual(scene.told, []);
    scene.records.set('users.internal', ['10.0.0.2', '10.0.0.1', 'fd00::1']);
    await scene.pass(100);
    const expected = ['10.0.0.1:20880', '10.0.0.2:20880', '[fd00::1]:20880', '10.1.1.1:20880'];
    assert.deepEqual([scene.addresses, scene.told], [expected, [expected]]);
    for (const { weight, tag } of scene.subscription.snapshot.instances.slice(0, 3)) {
      assert.deepEqual([weight, tag], [50, 'blue']);
    }
  });

  it('follows the addresses of a name, and keeps them while it cannot be looked up', async () => {
    const scene = new Scene([instanceAt('users.internal')]);
    scene.records.set('users.internal', ['10.0.0.1']);
    await scene.pass(100);
    scene.records.set('users.internal', ['10.0.0.1', '10.0.0.2']);
    await scene.pass(31_000);
    assert.deepEqual(scene.addresses, ['10.0.0.1:20880', '10.0.0.2:20880']);
    scene.records.delete('users.internal');
    await scene.pass(31_000);
    assert.deepEqual(scene.addresses, ['10.0.0.1:20880', '10.0.0.2:20880']);
    const { confirmedAtMs, hostNames } = scene.subscription.snapshot;
    assert.equal(confirmedAtMs, 7);
    assert.deepEqual(
      hostNames!.map(({ name, addresses, problem }) => [name, addresses, problem]),
      [['users.internal', ['10.0.0.1', '10.0.0.2'], 'ENOTFOUND']],
    );
    scene.records.set('users.internal', ['10.0.0.2']);
    await scene.pass(31_000);
    assert.deepEqual(scene.addresses, ['10.0.0.2:20880']);
  });

  it('follows the list of the registry', async () => {
    const scene = new Scene([instanceAt('a.internal')]);
    scene.records.set('a.internal', ['10.0.0.1']);
    scene.records.set('b.internal', ['10.0.0.2']);
    await scene.pass(100);
    scene.tell([instanceAt('a.internal', { weight: 1 }), instanceAt('b.internal')]);
    assert.deepEqual(scene.told.at(-1), ['10.0.0.1:20880', 'b.internal:20880']);
    assert.equal(scene.subscription.snapshot.instances[0]!.weight, 1);
    await scene.pass(100);
    assert.deepEqual(scene.addresses, ['10.0.0.1:20880', '10.0.0.2:20880']);
    scene.tell([instanceAt('b.internal')]);
    assert.deepEqual(scene.addresses, ['10.0.0.2:20880']);
    assert.deepEqual(
      scene.names.status().map(({ name }) => name),
      ['b.internal'],
    );
  });

  it('is the list itself where there are none', () => {
    const instances = [instanceAt('10.0.0.1'), instanceAt('fd00::1'), instanceAt('2130706433')];
    const scene = new Scene(instances);
    assert.equal(scene.subscription.snapshot.instances, instances);
    assert.equal(scene.subscription.snapshot.hostNames, undefined);
    assert.deepEqual(scene.names.status(), []);
  });

  it('watches nothing once closed', () => {
    const scene = new Scene([instanceAt('a.internal')]);
    scene.subscription.close();
    assert.equal(scene.isClosed, true);
    assert.deepEqual(scene.names.status(), []);
  });
});
