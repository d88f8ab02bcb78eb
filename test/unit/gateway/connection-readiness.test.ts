import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionReadiness } from '../../../src/gateway/connection-readiness.ts';
import { detachedParts } from '../../../src/gateway/detached-parts.ts';
import { buildGeneration, type Generation } from '../../../src/gateway/generation.ts';
import type { RpcClient } from '../../../src/rpc/rpc-client.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';

class FakeChannel {
  readonly isUsable = true;
  isConnected = false;

  release(): void {}
}

/** What was asked of the client: by host, the channel and whether its connections are early ones. */
function sceneOf(connectEagerly: boolean | undefined, ofSecond: boolean | undefined) {
  const channels = new Map<string, { channel: FakeChannel; isEarly: boolean }>();
  const client = {
    channel: ({ host }: { host: string }, _: number, isEarly: boolean) => {
      const channel = new FakeChannel();
      channels.set(host, { channel, isEarly });
      return channel;
    },
  };
  const config = checkedConfig({
    ...(connectEagerly !== undefined && { defaults: { connectEagerly } }),
    services: {
      first: { interface: 'demo.A', providers: ['dubbo://10.0.0.1:1', 'dubbo://10.0.0.2:1'] },
      second: {
        interface: 'demo.B',
        providers: ['dubbo://10.0.0.3:1'],
        ...(ofSecond !== undefined && { connectEagerly: ofSecond }),
      },
    },
  });
  const generation: Generation = buildGeneration(config, detachedParts(client as unknown as RpcClient));
  const clock = { time: 0, nowMs: () => clock.time, wallMs: () => 0 };
  return { channels, generation, clock, readiness: new ConnectionReadiness(clock) };
}

describe('ConnectionReadiness', () => {
  it('waits for one connection of each service that has eager ones, and never again', () => {
    const { channels, generation, readiness } = sceneOf(true, undefined);
    assert.equal(readiness.isReady(generation), false);
    channels.get('10.0.0.2')!.channel.isConnected = true;
    assert.equal(readiness.isReady(generation), false);
    channels.get('10.0.0.3')!.channel.isConnected = true;
    assert.equal(readiness.isReady(generation), true);
    channels.get('10.0.0.3')!.channel.isConnected = false;
    assert.equal(readiness.isReady(generation), true);
  });

  it('waits for ten seconds at most', () => {
    const { clock, generation, readiness } = sceneOf(true, undefined);
    clock.time = 9_999;
    assert.equal(readiness.isReady(generation), false);
    clock.time = 10_000;
    assert.equal(readiness.isReady(generation), true);
  });

  it('waits for no service whose connections are lazy, which is the default', () => {
    for (const [ofAll, ofSecond, expected] of [
      [undefined, undefined, [false, false, false]],
      [true, false, [true, true, false]],
      [undefined, true, [false, false, true]],
    ] as const) {
      const { channels, generation, readiness } = sceneOf(ofAll, ofSecond);
      assert.deepEqual(
        [...channels.values()].map(({ isEarly }) => isEarly),
        expected,
      );
      assert.equal(
        readiness.isReady(generation),
        expected.every((isEarly) => !isEarly),
      );
    }
  });
});
