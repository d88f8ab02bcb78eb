import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeProviders } from './fake-channels.ts';

describe('the providers of a service', () => {
  it('are picked in turn', () => {
    const { providers } = fakeProviders(3);
    const picked = Array.from({ length: 7 }, () => providers.pick()?.address.host);
    assert.deepEqual(picked, ['p0', 'p1', 'p2', 'p0', 'p1', 'p2', 'p0']);
  });

  it('that fail at present come last', () => {
    const { providers, channels } = fakeProviders(3);
    channels[1]!.isUsable = false;
    assert.deepEqual(
      Array.from({ length: 4 }, () => providers.pick()?.address.host),
      ['p0', 'p2', 'p0', 'p2'],
    );
    for (const channel of channels) channel.isUsable = false;
    assert.equal(new Set(Array.from({ length: 3 }, () => providers.pick())).size, 3, 'all of them are tried');
  });

  it('are passed over when a call tried them', () => {
    const { providers } = fakeProviders(3);
    const first = providers.pick()!;
    const second = providers.pick([first])!;
    const third = providers.pick([first, second])!;
    assert.equal(new Set([first, second, third]).size, 3);
    assert.equal(providers.pick([first, second, third]), undefined);
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
