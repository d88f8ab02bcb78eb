import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import { fakeProviders } from './fake-channels.ts';

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
});
