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
import { NacosWithoutPush } from './peers/nacos-without-push.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { type Registration, startRegistered } from './peers/registered-peer.ts';
import { NACOS_PASSWORD, NACOS_USER, NacosServerProcess } from './peers/start-nacos.ts';
import type { Peer } from './peers/start-peer.ts';

/** Its client of Nacos speaks HTTP and is missed only after 15 s without a beat. */
const OVER_HTTP: Registration = { peer: '2.7.23', properties: {} };
/** Its client of Nacos speaks gRPC. */
const INTERFACES: Registration = { peer: '3.3.6', properties: { 'dubbo.application.register-mode': 'interface' } };
const INSTANCES: Registration = {
  peer: '3.3.6',
  properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' },
};
const FLEET = [OVER_HTTP, INTERFACES, INSTANCES];

const isComplete = FLEET.every(({ peer }) => selectedPeers().includes(peer));

if (isComplete) describe('a gateway that knows its providers from Nacos', testGateway);

function testGateway(): void {
  let server: NacosServerProcess;
  let withoutPush: NacosWithoutPush;
  let gateway: GatewayWithRegistry;
  const peers: Peer[] = [];

  before(async () => {
    server = await NacosServerProcess.start();
    withoutPush = await NacosWithoutPush.start(server.port);
    const section = { type: 'nacos' as const, servers: [server.address], user: NACOS_USER, password: NACOS_PASSWORD };
    gateway = await GatewayWithRegistry.start({
      nacos: section,
      'without-push': { ...section, servers: [withoutPush.address], pollMs: 1_000 },
      'wrong-password': { ...section, password: 'not the password' },
      'wrong-namespace': { ...section, namespace: 'no-such-namespace' },
    });
  });

  after(async () => {
    await gateway?.stop();
    await withoutPush?.stop();
    await Promise.all(peers.map((peer) => peer.kill()));
    await server?.stop();
  });

  async function start(registration: Registration): Promise<Peer> {
    const started = await startRegistered(registration, server, WITH_TOKEN);
    peers.push(started);
    return started;
  }

  const problemOf = async (registry: string) => (await gateway.registry(registry)).problem;

  test('names what is wrong with a registry, and serves what the others know', async () => {
    await until(async () => (await problemOf('wrong-password')) !== null, 'the password is refused');
    assert.equal(await problemOf('wrong-password'), 'the registry refuses user and password');
    await until(async () => (await problemOf('wrong-namespace')) !== null, 'the namespace is not known');
    assert.match((await problemOf('wrong-namespace'))!, /namespace "no-such-namespace"/);
    await until(async () => (await gateway.registry('nacos')).waiting === 0, 'the first list');
    assert.equal(await problemOf('nacos'), null);
    for (const path of ['/once', '/wrong-password', '/wrong-namespace']) {
      const { status, code } = await gateway.http.problem(`${path}?v=x`);
      assert.deepEqual([status, code], [503, 'PROVIDER_NONE'], path);
    }
    const said = gateway.said.join('');
    assert.match(said, /"registry":"wrong-password".*the registry refuses user and password/);
    assert.match(said, /"registry":"wrong-namespace".*no-such-namespace/);
    assert.doesNotMatch(said, new RegExp(`not the password|${NACOS_PASSWORD}`));
  });

  test('calls all that register, whatever their client and way to do it', async () => {
    await Promise.all(FLEET.slice(0, 2).map(start));
    await Promise.all(FLEET.slice(2).map(start));
    const outcomes = await gateway.under(8, () =>
      until(() => peers.every((peer) => gateway.answers(peer) > 20), 'calls at all', 15_000),
    );
    assertAllAnswered(outcomes);
    assert.equal((await gateway.http.send('/without-push?v=x')).status, 200);
    const { status, code } = await gateway.http.problem('/wrong-password?v=x');
    assert.deepEqual([status, code], [503, 'PROVIDER_NONE']);
  });

  test('brings each provider the token that it made up for itself', () => assertTokensBrought(gateway, peers));

  test('gives traffic to one that comes within a second of its coming', () =>
    assertSoonCalled(gateway, () => start(INTERFACES)));

  test('notices a server that tells no changes', async () => {
    await until(async () => (await problemOf('without-push')) !== null, 'it is noticed');
    assert.match((await problemOf('without-push'))!, /does not tell changes/);
    assert.equal(await problemOf('nacos'), null);
  });

  test('loses no call when one stops as it should', () => assertStopLosesNothing(gateway, peers.pop()!));

  test('loses only what was in flight, and nothing that may be run twice, when one is killed', async () => {
    const index = peers.findIndex(({ name }) => name === OVER_HTTP.peer);
    const [killed] = peers.splice(index, 1) as [Peer];
    await assertKillLosesInFlight(gateway, killed);
  });

  test('serves on while the registry is away, says since when, and is in step soon after it is back', async () => {
    const outcomes = await gateway.under(2, async () => {
      const killedAtMs = Date.now();
      await server.kill();
      await until(async () => (await gateway.registry('nacos')).state === 'away', 'it is noticed');
      const { confirmedAt, problem } = await gateway.registry('nacos');
      assert.ok(Math.abs(Date.parse(confirmedAt!) - killedAtMs) < 30_000, `${confirmedAt}`);
      assert.match(problem!, /^the registry cannot be reached: /);
      await sleep(2_000);
      await server.run();
      await until(async () => (await gateway.registry('nacos')).state === 'connected', 'it is back');
      const fifth = await start(INTERFACES);
      await until(() => gateway.answers(fifth) > 0, 'a call at a provider that came afterwards');
      await untilAllAnswer(gateway, peers);
      await until(async () => (await problemOf('nacos')) === null, 'nothing is wrong any more');
    });
    assertAllAnswered(outcomes);
  });
}
