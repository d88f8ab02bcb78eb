import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { RegistryEvent } from '../../src/registry/registry-event.ts';
import { ZookeeperRegistry } from '../../src/registry/zookeeper/zookeeper-registry.ts';
import type { ZookeeperRegistryOptions } from '../../src/registry/zookeeper/zookeeper-registry-options.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { startRegistered } from './peers/registered-peer.ts';
import type { Peer } from './peers/start-peer.ts';
import { ZookeeperServerProcess } from './peers/start-zookeeper.ts';
import { createNode } from './peers/zookeeper-nodes.ts';
import { INTEROP_SERVICE } from './probe/interop-service.ts';

const CREDENTIALS = { user: 'shop', password: 'open-sesame' };
const WRONG_PASSWORD = 'open-barley';
/** Where the provider registers: below /team only those who know the password may look. */
const CHROOT = '/team';
const SERVICES_OF_A_PROVIDER = 3;

if (selectedPeers().includes('3.3.6')) describe('a ZooKeeper that not everybody may read', testAccess);

function testAccess(): void {
  let server: ZookeeperServerProcess;
  let peer: Peer;
  let silent: Server;
  const opened: ZookeeperRegistry[] = [];

  before(async () => {
    server = await ZookeeperServerProcess.start();
    silent = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const properties = {
      'dubbo.application.register-mode': 'interface',
      'dubbo.registry.group': `${CHROOT.slice(1)}/dubbo`,
      'dubbo.registry.username': CREDENTIALS.user,
      'dubbo.registry.password': CREDENTIALS.password,
    };
    peer = await startRegistered({ peer: '3.3.6', properties }, server);
  });

  after(async () => {
    await Promise.all(opened.map((registry) => registry.close()));
    await peer?.kill();
    silent?.close();
    await server?.stop();
  });

  function follow(options: Partial<ZookeeperRegistryOptions>) {
    const events: RegistryEvent[] = [];
    const registry = new ZookeeperRegistry({
      servers: [server.address],
      chroot: CHROOT,
      credentials: CREDENTIALS,
      sessionTimeoutMs: 2_000,
      connectTimeoutMs: 500,
      maxPauseMs: 100,
      random: () => 0,
      fetchMetadata: () => Promise.reject(new Error('nobody is asked')),
      log: (event) => events.push(event),
      ...options,
    });
    opened.push(registry);
    const query = { interfaceName: INTEROP_SERVICE, version: '', group: '' };
    return { registry, events, subscription: registry.subscribe(query, () => {}) };
  }

  type Followed = ReturnType<typeof follow>;

  const sizeOf = ({ subscription }: Followed): number => subscription.snapshot.instances.length;

  async function seesAll(one: Followed): Promise<void> {
    await until(() => sizeOf(one) === SERVICES_OF_A_PROVIDER, 'the providers');
    assert.equal(one.registry.status().problem, undefined);
  }

  test('is read below its chroot with the right password', async () => {
    const one = follow({});
    await seesAll(one);
    assert.deepEqual(
      one.events.filter(({ type }) => type !== 'connected'),
      [],
    );
  });

  test('says that a password is wrong or missing, without telling it', async () => {
    for (const [credentials, problem] of [
      [{ ...CREDENTIALS, password: WRONG_PASSWORD }, 'user or password are wrong or lack the right'],
      [undefined, 'the registry asks for user and password'],
    ] as const) {
      const one = follow({ credentials });
      await until(() => one.registry.status().problem !== undefined, 'the problem');
      assert.match(one.registry.status().problem!, /^\d+ nodes may not be read: /);
      assert.ok(one.registry.status().problem!.endsWith(problem), one.registry.status().problem);
      assert.equal(one.registry.status().state, 'connected');
      assert.equal(sizeOf(one), 0);
      const told = one.events.filter(({ type }) => type === 'refused').map(({ message }) => message);
      assert.deepEqual(told, [`not every node may be read: ${problem}`]);
      assert.doesNotMatch(JSON.stringify([one.events, one.registry.status()]), /open-(sesame|barley)/);
    }
  });

  test('says that its chroot is not there, until it is', async () => {
    const one = follow({ chroot: '/missing/part' });
    const problem = 'the registry has no node "/missing/part", which is configured as chroot';
    await until(() => one.registry.status().problem !== undefined, 'the problem');
    assert.equal(one.registry.status().problem, problem);
    await until(() => one.events.some(({ type }) => type === 'namespace-unknown'), 'the warning');
    assert.equal(one.events.find(({ type }) => type === 'namespace-unknown')!.message, problem);
    await createNode(server.address, '/missing/part');
    await until(() => one.registry.status().problem === undefined, 'the end of the problem');
  });

  test('is reached past servers that are dead, silent or cannot be resolved', async () => {
    const { port } = silent.address() as { port: number };
    const one = follow({
      servers: [`127.0.0.1:${await freePort()}`, `127.0.0.1:${port}`, 'no-such-host.invalid', server.address],
    });
    await seesAll(one);
    assert.equal(one.events.filter(({ type }) => type === 'lost').length, 1);
  });
}
