import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NacosRegistry } from '../../src/registry/nacos/nacos-registry.ts';
import type { NacosRegistryOptions } from '../../src/registry/nacos/nacos-registry-options.ts';
import type { ProviderInstance } from '../../src/registry/provider-instance.ts';
import type { RegistrySubscription, ServiceQuery } from '../../src/registry/registry.ts';
import type { RegistryEvent } from '../../src/registry/registry-event.ts';
import { fetchMetadata } from '../../src/rpc/metadata-call.ts';
import { RpcClient } from '../../src/rpc/rpc-client.ts';
import { until } from '../support/until.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { LOOPBACK, type Registration, startRegistered } from './peers/registered-peer.ts';
import { NACOS_PASSWORD, NACOS_USER, NacosServerProcess } from './peers/start-nacos.ts';
import type { Peer } from './peers/start-peer.ts';

const INTERFACE = 'com.acme.interop.InteropService';
/** Each provider serves it as three, which are three services of the registry. */
const SERVICES: readonly ServiceQuery[] = [
  { interfaceName: INTERFACE, version: '', group: '' },
  { interfaceName: INTERFACE, version: '', group: 'guarded' },
  { interfaceName: INTERFACE, version: '1.0.0', group: 'g1' },
];
/** How long an emptied list is kept in these tests. */
const GRACE_MS = 1_000;

interface TitledRegistration extends Registration {
  readonly title: string;
}

const HTTP_CLIENT: TitledRegistration = { title: '2.7.23, over HTTP', peer: '2.7.23', properties: {} };
const INTERFACES: TitledRegistration = {
  title: '3.3.6, interfaces',
  peer: '3.3.6',
  properties: { 'dubbo.application.register-mode': 'interface' },
};
const INSTANCES: TitledRegistration = {
  title: '3.3.6, instances',
  peer: '3.3.6',
  properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' },
};
const STORED: TitledRegistration = {
  title: '3.3.6, instances with remote metadata',
  peer: '3.3.6',
  properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'remote' },
};
const BOTH: TitledRegistration = {
  title: '3.3.6, both',
  peer: '3.3.6',
  properties: { 'dubbo.application.register-mode': 'all' },
};

const isComplete = (['2.7.23', '3.3.6'] as const).every((name) => selectedPeers().includes(name));

if (isComplete) describe('a real Nacos with real providers', { concurrency: false }, testRegistry);
else console.error('interop: !!! Nacos is SKIPPED: it needs the providers 2.7.23 and 3.3.6 !!!');

function testRegistry(): void {
  let server: NacosServerProcess;
  let client: RpcClient;
  let registry: NacosRegistry;
  let subscriptions: RegistrySubscription[];
  const events: RegistryEvent[] = [];
  /** Whether a provider is being ended: it may still be asked what it serves while it no longer answers. */
  let isOneEnding = false;
  const lists: (readonly ProviderInstance[])[] = [];
  const peers: Peer[] = [];
  const others: NacosRegistry[] = [];

  before(async () => {
    server = await NacosServerProcess.start();
    client = new RpcClient({ connectTimeoutMs: 1_000, heartbeatMs: 10_000, maxFrameBytes: 8 * 1024 * 1024 });
    registry = open({
      log: (event) => {
        if (event.type !== 'metadata-failed' || !isOneEnding) events.push(event);
      },
    });
    subscriptions = SERVICES.map((query) => registry.subscribe(query, ({ instances }) => lists.push(instances)));
    await until(() => lists.length === SERVICES.length, 'the first lists');
    assert.deepEqual(lists, [[], [], []]);
  });

  after(async () => {
    await Promise.all([registry, ...others].map((one) => one?.close()));
    client?.close();
    await Promise.all(peers.map((peer) => peer.kill()));
    await server?.stop();
  });

  function open(options: Partial<NacosRegistryOptions> = {}): NacosRegistry {
    return new NacosRegistry({
      servers: [server.address],
      credentials: { user: NACOS_USER, password: NACOS_PASSWORD },
      // Lists change because the server tells it, not because it was asked.
      pollMs: 600_000,
      emptyGraceMs: GRACE_MS,
      fetchMetadata: (address, application, revision) => fetchMetadata(client, address, application, revision),
      ...options,
    });
  }

  /** A registry of its own settings that follows one service. */
  function follow(options: Partial<NacosRegistryOptions>, query = SERVICES[2]!) {
    const told: RegistryEvent[] = [];
    const other = open({ ...options, log: (event) => told.push(event) });
    others.push(other);
    return { other, told, subscription: other.subscribe(query, () => {}) };
  }

  /** How the services of a provider are listed, in the order of SERVICES. */
  function entriesOf({ port }: Peer): ProviderInstance[] {
    return subscriptions.flatMap(({ snapshot }) => snapshot.instances.filter(({ address }) => address.port === port));
  }

  function isListed(peer: Peer): boolean {
    return entriesOf(peer).length === SERVICES.length;
  }

  async function start(registration: Registration): Promise<Peer> {
    const started = await startRegistered(registration, server);
    peers.push(started);
    return started;
  }

  async function comes(registration: TitledRegistration): Promise<Peer> {
    const peer = await start(registration);
    await until(() => isListed(peer), `${registration.title} is listed`);
    const entries = entriesOf(peer);
    assert.deepEqual(
      entries.map(({ version, group }) => `${version}/${group}`),
      SERVICES.map(({ version, group }) => `${version}/${group}`),
    );
    for (const { address, application, weight, startedAtMs, isDisabled } of entries) {
      assert.equal(address.host, LOOPBACK);
      assert.equal(application, 'interop');
      assert.equal(weight, 100);
      assert.ok(Math.abs(startedAtMs! - Date.now()) < 300_000);
      assert.equal(isDisabled, false);
    }
    return peer;
  }

  async function goes(peer: Peer): Promise<void> {
    await until(() => entriesOf(peer).length === 0, `${peer.name} is gone`);
  }

  test('every way to register is seen, and its end, told or not', async () => {
    const ended = async (peer: Peer, end: () => Promise<void>): Promise<void> => {
      isOneEnding = true;
      await end();
      await goes(peer);
      isOneEnding = false;
    };
    const [http, interfaces] = await Promise.all([comes(HTTP_CLIENT), comes(INTERFACES)]);
    await ended(http, () => http.stop());
    await ended(interfaces, () => interfaces.kill());
    // One after the other: that which writes down what it serves does so for all of its application.
    const instances = await comes(INSTANCES);
    await ended(instances, () => instances.stop());
    const stored = await comes(STORED);
    await ended(stored, () => stored.kill());
    const both = await comes(BOTH);
    await ended(both, () => both.stop());
    const unexpected = events.filter(({ type }) => type !== 'connected' && type !== 'list-held');
    assert.deepEqual(unexpected, []);
  });

  test('an operator takes an instance out and weighs it', async () => {
    const peer = await comes(INTERFACES);
    const serviceName = `providers:${INTERFACE}:1.0.0:g1`;
    const instance = { serviceName, ip: LOOPBACK, port: String(peer.port), clusterName: 'DEFAULT' };
    const [{ metadata }] = (await hostsOf(serviceName)) as [{ metadata: object }];
    const change = { ...instance, metadata: JSON.stringify(metadata) };
    const weights = () => entriesOf(peer).map(({ weight }) => weight);
    await server.changeInstance({ ...change, weight: '0.3', enabled: 'true' });
    await until(() => String(weights()) === '100,100,30', 'the weight');
    await server.changeInstance({ ...change, weight: '1', enabled: 'false' });
    await until(() => entriesOf(peer).length === 2, 'it is out');
    await server.changeInstance({ ...change, weight: '1', enabled: 'true' });
    await until(() => isListed(peer), 'it is back');
  });

  test('a client of Nacos 1 that dies is taken out when its beats are missed', async () => {
    const peer = await comes(HTTP_CLIENT);
    await peer.kill();
    // A beat is missed after 15 s, and looked for every 5 s.
    await goes(peer);
  });

  test('HTTP alone has the same lists', async () => {
    const { other, subscription } = follow({ protocol: 'http', quickPollMs: 200 });
    const keys = (one: RegistrySubscription) => one.snapshot.instances.map(({ address }) => address.key).sort();
    await until(() => subscription.snapshot.instances.length > 0, 'a list');
    assert.deepEqual(keys(subscription), keys(subscriptions[2]!));
    assert.equal(other.status().problem, undefined);
    await other.close();
  });

  test('a wrong password, no password and a wrong namespace are told', async () => {
    const wrong = follow({ credentials: { user: NACOS_USER, password: 'not the password' } });
    await until(() => wrong.other.status().problem !== undefined, 'the password is refused');
    assert.equal(wrong.other.status().problem, 'the registry refuses user and password');
    const none = follow({ credentials: undefined });
    await until(() => none.other.status().problem !== undefined, 'a user is asked for');
    assert.match(none.other.status().problem!, /the registry asks for a user$/);
    assert.equal(none.subscription.snapshot.confirmedAtMs, undefined);
    const elsewhere = follow({ namespace: 'no-such-namespace' });
    await until(() => elsewhere.told.some(({ type }) => type === 'namespace-unknown'), 'the namespace');
    const texts = JSON.stringify([wrong.told, none.told, elsewhere.told, elsewhere.other.status()]);
    assert.doesNotMatch(texts, new RegExp(`not the password|${NACOS_PASSWORD}|${server.port}`));
    await Promise.all([wrong.other, none.other, elsewhere.other].map((one) => one.close()));
  });

  test('lists stay while the server is frozen, and it is noticed', async () => {
    const { other, subscription } = follow({ aliveMs: 1_500, connectTimeoutMs: 500 });
    await until(() => subscription.snapshot.instances.length > 0, 'a list');
    const { instances, confirmedAtMs } = subscription.snapshot;
    await server.freeze();
    await until(() => other.status().state === 'away', 'the frozen server is noticed');
    assert.equal(subscription.snapshot.instances, instances);
    assert.doesNotMatch(other.status().problem!, new RegExp(`127\\.0\\.0\\.1|${server.port}`));
    server.resume();
    await until(() => other.status().state === 'connected', 'the server is back');
    await until(() => subscription.snapshot.confirmedAtMs! > confirmedAtMs!, 'the list is confirmed');
    await other.close();
  });

  test('a server that was killed is followed again when it is back', async () => {
    const live = peers.filter((peer) => peer.isRunning());
    assert.ok(live.length > 0 && live.every(isListed));
    const seen = lists.length;
    await server.kill();
    await until(() => registry.status().state === 'away', 'the dead server is noticed');
    assert.ok(live.every(isListed));
    await server.run();
    await until(() => registry.status().state === 'connected', 'the server is back');
    const peer = await comes(BOTH);
    await until(() => live.every(isListed), 'those from before came back');
    assert.ok(lists.length > seen);
    await peer.stop();
  });

  async function hostsOf(serviceName: string): Promise<unknown> {
    const query = new URLSearchParams({ serviceName, groupName: 'DEFAULT_GROUP', namespaceId: 'public' });
    const answer = await fetch(`http://${server.address}/nacos/v3/client/ns/instance/list?${query}`, {
      headers: { authorization: `Bearer ${await server.login()}` },
    });
    return ((await answer.json()) as { data: unknown }).data;
  }
}
