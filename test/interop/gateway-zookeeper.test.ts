import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import {
  assertAllAnswered,
  assertOnlyInFlightLost,
  GatewayWithRegistry,
  LOOPBACK,
} from './gateway/gateway-with-registry.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import { ZookeeperServerProcess } from './peers/start-zookeeper.ts';

/** One provider of each version, each registered in another way. */
const FLEET: readonly (readonly [peer: JavaPeerName, properties: Readonly<Record<string, string>>])[] = [
  ['2.6.12', {}],
  ['2.7.23', {}],
  ['3.2.16', { 'dubbo.application.register-mode': 'all' }],
  ['3.3.6', { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' }],
];

const fleet = FLEET.filter(([peer]) => selectedPeers().includes(peer));

if (fleet.length === FLEET.length) describe('a gateway that knows its providers from ZooKeeper', testGateway);

function testGateway(): void {
  let server: ZookeeperServerProcess;
  let gateway: GatewayWithRegistry;
  const peers: Peer[] = [];

  before(async () => {
    server = await ZookeeperServerProcess.start();
    gateway = await GatewayWithRegistry.start({
      zk: { type: 'zookeeper', servers: [server.address], sessionTimeoutMs: 2_000 },
    });
  });

  after(async () => {
    await gateway?.stop();
    await Promise.all(peers.map((peer) => peer.kill()));
    await server?.stop();
  });

  async function start(peer: JavaPeerName, properties: Readonly<Record<string, string>>): Promise<Peer> {
    const started = await startPeer(peer, {
      properties: {
        ...properties,
        // A token that the provider makes up and tells its registry only.
        'interop.token': 'true',
        'dubbo.registry.address': `zookeeper://${server.address}`,
        DUBBO_IP_TO_REGISTRY: LOOPBACK,
      },
    });
    peers.push(started);
    return started;
  }

  test('says that no provider is known before there is one', async () => {
    await until(async () => (await gateway.admin.send('/readyz')).status === 200, 'the gateway is ready', 10_000);
    const problem = await gateway.http.problem('/once?v=x');
    assert.deepEqual([problem.status, problem.code], [503, 'PROVIDER_NONE']);
  });

  test('calls all that register, whatever their version and way to do it', async () => {
    await Promise.all(fleet.slice(0, 2).map(([peer, properties]) => start(peer, properties)));
    await Promise.all(fleet.slice(2).map(([peer, properties]) => start(peer, properties)));
    const outcomes = await gateway.under(8, () =>
      until(() => peers.every((peer) => gateway.answers(peer) > 20), 'calls at all', 10_000),
    );
    assertAllAnswered(outcomes);
  });

  test('brings each provider the token that it made up for itself', async () => {
    const before = peers.map((peer) => gateway.answers(peer));
    let calls = 0;
    await until(
      async () => {
        const reply = await gateway.http.send('/guarded?v=x');
        assert.equal(reply.status, 200, reply.text);
        calls++;
        return peers.every((peer, i) => gateway.answers(peer) > before[i]!);
      },
      'calls at all',
      10_000,
    );
    assert.ok(calls >= peers.length);
  });

  test('gives traffic to one that comes within a second of its coming', () =>
    gateway.assertSoonCalled(() => start('3.3.6', { 'dubbo.application.register-mode': 'interface' })));

  test('loses no call when one stops as it should', async () => {
    const stopped = peers.pop()!;
    const outcomes = await gateway.under(8, async () => {
      await stopped.stop(10_000);
      await sleep(300);
    });
    assertAllAnswered(outcomes);
    assert.ok(outcomes.safe.get('200')! > 100);
  });

  test('loses only what was in flight, and nothing that may be run twice, when one is killed', async () => {
    const killed = peers.shift()!;
    const load = 16;
    const outcomes = await gateway.under(load, async () => {
      const before = gateway.answers(killed);
      await until(() => gateway.answers(killed) > before + 20, 'calls at the one that will be killed', 10_000);
      await killed.kill();
      await sleep(3_000);
    });
    assertOnlyInFlightLost(outcomes, load);
  });

  /** The registry goes, is away for a while, and is back; a provider that comes then has to get calls soon. */
  async function serveThrough(goes: () => Promise<void>, comesBack: () => Promise<void>): Promise<void> {
    const outcomes = await gateway.under(4, async () => {
      const goneAtMs = Date.now();
      await goes();
      await until(async () => (await gateway.registry('zk')).state === 'away', 'it is noticed', 10_000);
      const { confirmedAt, problem } = await gateway.registry('zk');
      assert.ok(Date.parse(confirmedAt!) < goneAtMs + 3_000, 'it is said how old the lists are');
      assert.match(problem!, /^the registry cannot be reached: /);
      // Sessions expire meanwhile.
      await sleep(3_000);
      await comesBack();
      const next = await start('3.3.6', { 'dubbo.application.register-mode': 'interface' });
      await until(() => gateway.answers(next) > 0, 'a call at a provider that came afterwards', 5_000);
      assert.equal((await gateway.registry('zk')).problem, null);
      const before = peers.map((peer) => gateway.answers(peer));
      await until(() => peers.every((peer, i) => gateway.answers(peer) > before[i]!), 'calls at all', 15_000);
      await peers.pop()!.stop(10_000);
    });
    assertAllAnswered(outcomes);
  }

  test('serves on while the registry is dead, and is in step soon after it is back', () =>
    serveThrough(
      () => server.kill(),
      () => server.run(),
    ));

  test('serves on while the registry is frozen, and is in step soon after it goes on', () =>
    serveThrough(
      () => server.freeze(),
      async () => server.resume(),
    ));

  test('serves on when the registry has lost its data', () =>
    serveThrough(
      async () => {
        await server.kill();
        server.wipe();
      },
      () => server.run(),
    ));
}
