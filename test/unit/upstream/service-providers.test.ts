import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import { providerInstance } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';
import { FakeChannel, fakeProviders, providersOf } from './fake-channels.ts';

describe('the providers of a service', () => {
  it('are picked in turn', () => {
    const { providers } = fakeProviders(3);
    const picked = Array.from({ length: 6 }, () => providers.pick(ANY_PROVIDER, 0)?.instance.address.host);
    assert.deepEqual(picked.slice(0, 3).sort(), ['p0', 'p1', 'p2']);
    assert.deepEqual(picked.slice(3).sort(), ['p0', 'p1', 'p2']);
  });

  it('that fail at present come last', () => {
    const { providers, channels } = fakeProviders(3);
    channels[1]!.isUsable = false;
    const picked = Array.from({ length: 4 }, () => providers.pick(ANY_PROVIDER, 0)?.instance.address.host);
    assert.deepEqual(picked.sort(), ['p0', 'p0', 'p2', 'p2']);
    for (const channel of channels) channel.isUsable = false;
    const tried = new Set(Array.from({ length: 20 }, () => providers.pick(ANY_PROVIDER, 0)));
    assert.equal(tried.size, 3, 'all of them are tried, now and then');
  });

  it('are passed over when a call tried them', () => {
    const { providers } = fakeProviders(3);
    const first = providers.pick(ANY_PROVIDER, 0)!;
    const second = providers.pick(ANY_PROVIDER, 0, [first])!;
    const third = providers.pick(ANY_PROVIDER, 0, [first, second])!;
    assert.equal(new Set([first, second, third]).size, 3);
    assert.equal(providers.pick(ANY_PROVIDER, 0, [first, second, third]), undefined);
  });

  it('are all given back', () => {
    const { providers, channels } = fakeProviders(3);
    providers.release();
    assert.deepEqual(
      channels.map(({ released }) => released),
      [1, 1, 1],
    );
  });

  it('are missed in words that say why', () => {
    const instance = (version: string, weight: number) =>
      providerInstance(
        {
          address: parseProviderAddress('dubbo://p:20880'),
          version,
          group: '',
          application: '',
          token: '',
          settings: NO_SETTINGS,
        },
        { ...NO_SETTINGS, weight },
      );
    const absence = (confirmedAtMs: number | undefined, ...instances: ReturnType<typeof instance>[]) => {
      const list = { snapshot: { instances, confirmedAtMs }, close: () => {} };
      const providers = providersOf(list, (address) => new FakeChannel(address));
      assert.equal(providers.pick(ANY_PROVIDER, 0), undefined);
      return providers.absence;
    };
    assert.equal(absence(undefined), 'The registry has not told the providers of the service yet.');
    assert.equal(absence(5), 'No provider of the service is known.');
    assert.equal(absence(5, instance('', 0)), 'No provider of the service takes this call now.');
    assert.equal(
      absence(5, instance('2.0.0', 100)),
      'Providers are known of other versions or groups of the service only.',
    );
  });
});
