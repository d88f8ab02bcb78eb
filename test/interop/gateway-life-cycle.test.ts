import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelStats } from '../../src/rpc/channel-stats.ts';
import type { GatewayUnderTest } from '../support/gateway-under-test.ts';
import { until } from '../support/until.ts';
import type { CallRoute } from './gateway/call-route.ts';
import { type ProviderAndGateway, startProviderAndGateway } from './gateway/provider-and-gateway.ts';
import { shownAnswer } from './gateway/shown-answer.ts';
import { type SilentProvider, startSilentProvider } from './gateway/silent-provider.ts';
import { type PeerName, selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';

/** A connection is given up after three of them, which is far more than the time-out. */
const HEARTBEAT_MS = 1_000;
const TIMEOUT_MS = 400;
/** How long after its start a provider is used again. */
const BACK_WITHIN_MS = 15_000;

/** A real provider is idle, frozen, killed, started again and told to end, while an HTTP client goes on calling. */
for (const name of selectedPeers()) {
  describe(`the life of ${name === 'go' ? 'dubbo-go' : `Dubbo ${name}`} as HTTP clients see it`, () => testLife(name));
}

const SLEEP: CallRoute = {
  path: '/sleep/:ms',
  service: 'plain',
  method: 'sleep',
  parameters: ['int'],
  args: ['path.ms'],
};
const ROUTES: readonly CallRoute[] = [
  { path: '/alive', service: 'plain', method: 'noArguments' },
  { ...SLEEP, settings: { timeoutMs: 9_000 } },
  { ...SLEEP, path: '/impatient/:ms', settings: { timeoutMs: TIMEOUT_MS } },
  { ...SLEEP, path: '/pair/:ms', service: 'pair', settings: { timeoutMs: 9_000 } },
];

function testLife(name: PeerName): void {
  let started: ProviderAndGateway;
  let gateway: GatewayUnderTest;
  let peer: Peer;
  let other: SilentProvider;

  before(async () => {
    other = await startSilentProvider();
    started = await startProviderAndGateway(name, ROUTES, {
      others: [other.address],
      defaults: { heartbeatMs: HEARTBEAT_MS },
    });
    ({ gateway, peer } = started);
  });

  after(async () => {
    await peer?.kill();
    await started?.stop();
    other?.close();
  });

  test('an idle connection is kept by heartbeats', async () => {
    await assertAlive();
    const { counters } = channel();
    await until(() => channel().counters.heartbeatsAnswered >= counters.heartbeatsAnswered + 3, 'three heartbeats');
    await assertAlive();
    assert.equal(channel().counters.connected, counters.connected);
  });

  test('a frozen provider costs a client no more than the time-out', async () => {
    await peer.freeze();
    const [answer, elapsedMs] = await timed('/impatient/0');
    peer.resume();
    assert.equal(answer, '504 PROVIDER_TIMEOUT');
    assert.ok(elapsedMs >= TIMEOUT_MS - 10, `answered after ${elapsedMs} ms`);
    await assertAlive();
  });

  test('the connection to a frozen provider is given up after three heartbeats', async () => {
    await peer.freeze();
    const [answer] = await timed('/sleep/0');
    peer.resume();
    assert.equal(answer, '502 PROVIDER_CONNECTION_LOST', 'before it timed out');
    await isBack();
  });

  test('a call to a provider that is killed is lost at once and not repeated', async () => {
    const { sent } = channel().counters;
    const isSent = (): boolean => channel().counters.sent === sent + 1;
    const first = timed('/pair/8000');
    await until(() => isSent() || other.connections > 0, 'the call is sent');
    // Either provider may be picked. While one has a call, the next call goes to the other.
    const running = isSent() ? first : timed('/pair/8000');
    await until(isSent, 'a call is sent to the one that will be killed');
    const { connections } = other;
    await peer.kill();
    const [answer] = await running;
    assert.equal(answer, '502 PROVIDER_CONNECTION_LOST', 'before it timed out');
    assert.equal(channel().counters.sent, sent + 1);
    assert.equal(other.connections, connections, 'it did not go on to the other');
    await first;
  });

  test('a provider that is dead is none', async () => {
    const reply = await gateway.send('/alive');
    assert.equal(shownAnswer(reply), '503 PROVIDER_NONE');
    assert.equal(reply.headers['retry-after'], '1');
  });

  test('a provider that is started again on its port is used again soon', async () => {
    peer = await startPeer(name, { port: peer.port });
    await isBack();
  });

  test('a provider that is told to end answers the running call', async () => {
    const { sent } = channel().counters;
    const running = timed('/sleep/1000');
    await until(() => channel().counters.sent === sent + 1, 'the call is sent');
    // What is sent is not yet running, and a provider that ends refuses what it has not begun.
    await sleep(250);
    peer.terminate();
    // The Go program ends without a word.
    if (name !== 'go') await until(() => gateway.log.text.includes('provider draining'), 'the connection drains');
    const [answer] = await running;
    assert.equal(answer, name === 'go' ? '502 PROVIDER_CONNECTION_LOST' : '"slept 1000"');
  });

  test('no client is left without an answer after that', async () => {
    await until(() => !peer.isRunning(), 'the provider ends');
    const reply = await gateway.send('/alive');
    assert.equal(shownAnswer(reply), '503 PROVIDER_NONE');
    await gateway.idle();
  });

  function channel(): ChannelStats {
    const found = gateway.rpc.stats().find(({ provider }) => provider === peer.address);
    assert.ok(found !== undefined, `no channel to ${peer.address}`);
    return found;
  }

  async function assertAlive(): Promise<void> {
    assert.equal(await gateway.json('/alive'), 'no arguments');
  }

  async function timed(path: string): Promise<[answer: string, elapsedMs: number]> {
    const startedMs = performance.now();
    const answer = shownAnswer(await gateway.send(path));
    return [answer, performance.now() - startedMs];
  }

  /** Calls until one is answered. */
  async function isBack(): Promise<void> {
    const deadline = performance.now() + BACK_WITHIN_MS;
    for (;;) {
      const answer = shownAnswer(await gateway.send('/alive'));
      if (answer === '"no arguments"') return;
      assert.ok(performance.now() < deadline, `still ${answer} after ${BACK_WITHIN_MS} ms`);
      await sleep(50);
    }
  }
}
