import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { GatewayWithRegistry } from './gateway/gateway-with-registry.ts';
import {
  assertAllAnswered,
  assertKillLosesInFlight,
  assertSoonCalled,
  assertStopLosesNothing,
  assertTokensBrought,
  untilAllAnswer,
  WITH_TOKEN,
} from './gateway/registry-stories.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { type Registration, startRegistered } from './peers/registered-peer.ts';
import type { Peer } from './peers/start-peer.ts';
import { ZookeeperServerProcess } from './peers/start-zookeeper.ts';

/** One provider of each version, each registered in another way. */
const FLEET: readonly Registration[] = [
  { peer: '2.6.12', properties: {} },
  { peer: '2.7.23', properties: {} },
  { peer: '3.2.16', properties: { 'dubbo.application.register-mode': 'all' } },
  {
    peer: '3.3.6',
    properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' },
  },
];
/** Those that come later. */
const INTERFACES: Registration = { peer: '3.3.6', properties: { 'dubbo.application.register-mode': 'interface' } };

const isComplete = FLEET.every(({ peer }) => selectedPeers().includes(peer));

if (isComplete) describe('a gateway that knows its providers from ZooKeeper', testGateway);

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

  async function start(registration: Registration): Promise<Peer> {
    const started = await startRegistered(registration, server, WITH_TOKEN);
    peers.push(started);
    return started;
  }

  test('says that no provider is known before there is one', async () => {
    await until(async () => (await gateway.admin.send('/readyz')).status === 200, 'the gateway is ready');
    const problem = await gateway.http.problem('/once?v=x');
    assert.deepEqual([problem.status, problem.code], [503, 'PROVIDER_NONE']);
  });

  test('calls all that register, whatever their version and way to do it', async () => {
    await Promise.all(FLEET.slice(0, 2).map(start));
    await Promise.all(FLEET.slice(2).map(start));
    const outcomes = await gateway.under(8, () =>
      until(() => peers.every((peer) => gateway.answers(peer) > 20), 'calls at all', 10_000),
    );
    assertAllAnswered(outcomes);
  });

  test('brings each provider the token that it made up for itself', () => assertTokensBrought(gateway, peers));

  test('gives traffic to one that comes within a second of its coming', () =>
    assertSoonCalled(gateway, () => start(INTERFACES)));

  test('loses no call when one stops as it should', () => assertStopLosesNothing(gateway, peers.pop()!));

  test('loses only what was in flight, and nothing that may be run twice, when one is killed', () =>
    assertKillLosesInFlight(gateway, peers.shift()!));

  /** The registry goes, is away for a while, and is back; a provider that comes then has to get calls soon. */
  async function serveThrough(goes: () => Promise<void>, comesBack: () => Promise<void>): Promise<void> {
    const outcomes = await gateway.under(4, async () => {
      const goneAtMs = Date.now();
      await goes();
      await until(async () => (await gateway.registry('zk')).state === 'away', 'it is noticed');
      const { confirmedAt, problem } = await gateway.registry('zk');
      assert.ok(Date.parse(confirmedAt!) < goneAtMs + 3_000, 'it is said how old the lists are');
      assert.match(problem!, /^the registry cannot be reached: /);
      // Sessions expire meanwhile.
      await sleep(3_000);
      await comesBack();
      const next = await start(INTERFACES);
      await until(() => gateway.answers(next) > 0, 'a call at a provider that came afterwards');
      await until(async () => (await gateway.registry('zk')).problem === null, 'nothing is wrong any more');
      await untilAllAnswer(gateway, peers);
      await peers.pop()!.stop();
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
