import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ProviderInstance } from '../../src/registry/provider-instance.ts';
import type { RegistrySubscription } from '../../src/registry/registry.ts';
import type { RegistryEvent } from '../../src/registry/registry-event.ts';
import { ZookeeperRegistry } from '../../src/registry/zookeeper/zookeeper-registry.ts';
import { fetchMetadata } from '../../src/rpc/metadata-call.ts';
import { RpcClient } from '../../src/rpc/rpc-client.ts';
import { until } from '../support/until.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { LOOPBACK, type Registration, startRegistered } from './peers/registered-peer.ts';
import type { Peer } from './peers/start-peer.ts';
import { ZookeeperServerProcess } from './peers/start-zookeeper.ts';
import { createNode } from './peers/zookeeper-nodes.ts';

const INTERFACE = 'com.acme.interop.InteropService';
/** Each provider serves it as three: version 1.0.0 of group g1, group guarded, and without both. */
const SERVICES = ['/', '/guarded', '1.0.0/g1'];
/** How long an emptied list is kept in these tests. */
const GRACE_MS = 3_000;

interface TitledRegistration extends Registration {
  readonly title: string;
}

const REGISTRATIONS: readonly TitledRegistration[] = [
  { title: '2.6.12', peer: '2.6.12', properties: {} },
  { title: '2.7.23', peer: '2.7.23', properties: {} },
  { title: '3.2.16, interfaces', peer: '3.2.16', properties: { 'dubbo.application.register-mode': 'interface' } },
  { title: '3.3.6, interfaces', peer: '3.3.6', properties: { 'dubbo.application.register-mode': 'interface' } },
  {
    title: '3.3.6, instances',
    peer: '3.3.6',
    properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' },
  },
  {
    title: '3.3.6, instances with remote metadata',
    peer: '3.3.6',
    properties: { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'remote' },
  },
  { title: '3.2.16, instances', peer: '3.2.16', properties: { 'dubbo.application.register-mode': 'instance' } },
  { title: '3.3.6, both', peer: '3.3.6', properties: { 'dubbo.application.register-mode': 'all' } },
];

const registrations = REGISTRATIONS.filter(({ peer }) => selectedPeers().includes(peer));

if (registrations.length > 0) describe('a real ZooKeeper with real providers', testRegistry);

function testRegistry(): void {
  let server: ZookeeperServerProcess;
  let client: RpcClient;
  let registry: ZookeeperRegistry;
  let subscription: RegistrySubscription;
  const events: RegistryEvent[] = [];
  /** Whether providers are being ended: they may still be asked what they serve while they no longer answer. */
  let areSomeEnding = false;
  const lists: (readonly ProviderInstance[])[] = [];
  const peers: Peer[] = [];

  before(async () => {
    server = await ZookeeperServerProcess.start();
    client = new RpcClient({ connectTimeoutMs: 1_000, heartbeatMs: 10_000, maxFrameBytes: 8 * 1024 * 1024 });
    registry = new ZookeeperRegistry({
      servers: [server.address],
      sessionTimeoutMs: 2_000,
      emptyGraceMs: GRACE_MS,
      fetchMetadata: (address, application, revision) => fetchMetadata(client, address, application, revision),
      log: (event) => {
        if (event.type !== 'metadata-failed' || !areSomeEnding) events.push(event);
      },
    });
    subscription = registry.subscribe({ interfaceName: INTERFACE, version: '', group: '' }, ({ instances }) =>
      lists.push(instances),
    );
    await until(() => lists.length === 1, 'the first list');
    assert.deepEqual(lists[0], []);
  });

  after(async () => {
    await registry?.close();
    client?.close();
    await Promise.all(peers.map((peer) => peer.kill()));
    await server?.stop();
  });

  /** Version and group of what a port serves by the registry. */
  function servicesOf({ port }: Peer): string[] {
    const own = subscription.snapshot.instances.filter(({ address }) => address.port === port);
    return own.map(({ version, group }) => `${version}/${group}`).sort();
  }

  function isListed(peer: Peer): boolean {
    return servicesOf(peer).length === SERVICES.length;
  }

  async function start(registration: Registration): Promise<Peer> {
    const started = await startRegistered(registration, server);
    peers.push(started);
    return started;
  }

  /** Starts a provider; the registry must list all it serves. */
  async function startListed(registration: TitledRegistration): Promise<Peer> {
    const peer = await start(registration);
    await until(() => isListed(peer), `${registration.title} is listed`);
    assert.deepEqual(servicesOf(peer), SERVICES);
    const [instance] = subscription.snapshot.instances.filter(({ address }) => address.port === peer.port);
    assert.equal(instance!.address.host, LOOPBACK);
    assert.equal(instance!.application, 'interop');
    assert.equal(instance!.weight, 100);
    assert.ok(Math.abs(instance!.startedAtMs! - Date.now()) < 300_000);
    return peer;
  }

  test('every way to register is seen, and its end, told or not', async () => {
    // Two at a time: each is a JVM that starts.
    for (let i = 0; i < registrations.length; i += 2) {
      const pair = registrations.slice(i, i + 2);
      const started = await Promise.all(pair.map(startListed));
      areSomeEnding = true;
      await Promise.all(started.map((peer, j) => (j === 0 ? peer.kill() : peer.stop())));
      for (const [j, peer] of started.entries()) {
        await until(() => servicesOf(peer).length === 0, `${pair[j]!.title} is gone`);
      }
      areSomeEnding = false;
    }
    assert.deepEqual(
      events.filter(({ type }) => type === 'node-skipped' || type === 'metadata-failed'),
      [],
    );
  });

  test('garbage beside a provider is skipped by name, and a weight is set by a rule', async () => {
    const peer = await start(registrations[0]!);
    await until(() => isListed(peer), 'the provider is listed');
    await createNode(
      server.address,
      `/dubbo/${INTERFACE}/providers/${encodeURIComponent('dubbo://nowhere/x?token=t')}`,
    );
    await until(() => events.some(({ type }) => type === 'node-skipped'), 'a warning');
    const { message } = events.find(({ type }) => type === 'node-skipped')!;
    assert.match(message, /^com\.acme\.interop\.InteropService: provider: "dubbo:\/\/nowhere\/x"/);

    const rule = `override://0.0.0.0/${INTERFACE}?category=configurators&dynamic=false&enabled=true&weight=30&group=g1&version=1.0.0`;
    await createNode(server.address, `/dubbo/${INTERFACE}/configurators/${encodeURIComponent(rule)}`);
    const weights = () =>
      subscription.snapshot.instances
        .filter(({ address }) => address.port === peer.port)
        .map(({ group, weight }) => `${group}=${weight}`)
        .sort();
    await until(() => weights().includes('g1=30'), 'the weight of the rule');
    assert.deepEqual(weights(), ['=100', 'g1=30', 'guarded=100']);
  });

  test('lists stay while the registry is frozen, and it is noticed', async () => {
    const before = subscription.snapshot;
    assert.equal(registry.status().state, 'connected');
    await server.freeze();
    await until(() => registry.status().state === 'away', 'the frozen registry is noticed');
    assert.equal(subscription.snapshot.instances, before.instances);
    assert.match(registry.status().problem!, /^the registry cannot be reached: /);
    assert.doesNotMatch(registry.status().problem!, new RegExp(`127\\.0\\.0\\.1|${server.port}`));
    const { confirmedAtMs } = subscription.snapshot;
    assert.ok(Date.now() - confirmedAtMs! < 60_000);
    server.resume();
    await until(() => registry.status().state === 'connected', 'the registry is back');
    await until(() => subscription.snapshot.confirmedAtMs! > confirmedAtMs!, 'the list is confirmed');
    assert.equal(registry.status().problem, undefined);
  });

  test('a registry that was killed is followed again when it is back', async () => {
    const listed = subscription.snapshot.instances.length;
    await server.kill();
    await until(() => registry.status().state === 'away', 'the dead registry is noticed');
    assert.equal(subscription.snapshot.instances.length, listed);
    await server.run();
    await until(() => registry.status().state === 'connected', 'the registry is back');
    const peer = await start(registrations.at(-1)!);
    await until(() => isListed(peer), 'a provider that came since');
  });

  test('a registry that lost its data takes nobody away before providers could come back', async () => {
    const live = peers.filter((peer) => peer.isRunning());
    await until(() => live.every(isListed), 'all are listed');
    const seen = lists.length;
    await server.kill();
    server.wipe();
    await server.run();
    await until(() => registry.status().state === 'connected', 'the registry is back');
    await until(() => events.some(({ type }) => type === 'list-held'), 'the list is kept');
    assert.ok(live.every(isListed));
    const sizes = lists.slice(seen).map((instances) => instances.length);
    assert.ok(
      sizes.every((size) => size >= live.length * SERVICES.length),
      `sizes were ${sizes}`,
    );
  });
}
