import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ServerAddressError } from '../../../../src/config/server-address.ts';
import type { RegistryEvent } from '../../../../src/registry/registry-event.ts';
import { parseZookeeperServer } from '../../../../src/registry/zookeeper/parse-zookeeper-server.ts';
import { ZookeeperRegistry } from '../../../../src/registry/zookeeper/zookeeper-registry.ts';
import { until } from '../../../support/until.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server on loopback that is no ZooKeeper. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ address: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as { port: number };
  return { address: `127.0.0.1:${port}`, sockets };
}

function follow(address: string): { registry: ZookeeperRegistry; events: RegistryEvent[] } {
  const events: RegistryEvent[] = [];
  const registry = new ZookeeperRegistry({
    servers: [address],
    credentials: { user: 'me', password: 'secret' },
    connectTimeoutMs: 150,
    maxPauseMs: 50,
    fetchMetadata: () => Promise.reject(new Error('nobody to ask')),
    log: (event) => events.push(event),
  });
  closers.push(() => registry.close());
  registry.subscribe({ interfaceName: 'a.B', version: '', group: '' }, () => {
    throw new Error('there is nothing to tell');
  });
  return { registry, events };
}

/** The answer to a request to connect: protocol, session time-out, session id, password. */
function connectAnswer(): Buffer {
  const answer = Buffer.alloc(4 + 36);
  answer.writeInt32BE(36, 0);
  answer.writeInt32BE(4_000, 8);
  answer.writeInt32BE(16, 20);
  return answer;
}

describe('a registry that is no ZooKeeper', () => {
  it('is named as such when nobody listens, with neither address nor password', async () => {
    const { address } = await listen(() => {});
    await closers.pop()!();
    const { registry, events } = follow(address);
    await until(() => registry.status().problem !== undefined, 'a problem');
    assert.equal(registry.status().state, 'connecting');
    assert.equal(registry.status().problem, 'the registry cannot be reached: ECONNREFUSED');
    await until(() => events.length > 0, 'an event');
    assert.equal(events.length, 1, 'told once, however often it is tried');
    assert.doesNotMatch(JSON.stringify([events, registry.status()]), /secret|127\.0\.0\.1/);
  });

  for (const [title, bytes] of [
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['answers too little', Buffer.from([0, 0, 0, 1, 0xff])],
    ['answers nonsense after a good start', Buffer.concat([connectAnswer(), Buffer.from([0, 0, 0, 2, 1, 2])])],
    [
      'tells of an event that does not exist',
      Buffer.concat([
        connectAnswer(),
        Buffer.from([
          0,
          0,
          0,
          28,
          0xff,
          0xff,
          0xff,
          0xff,
          ...new Array(12).fill(0),
          0,
          0,
          0,
          99,
          0,
          0,
          0,
          3,
          0,
          0,
          0,
          0,
        ]),
      ]),
    ],
  ] as const) {
    it(`does no harm when it ${title}`, async () => {
      let connections = 0;
      const { address, sockets } = await listen((socket) => {
        connections++;
        socket.write(bytes);
      });
      const { registry } = follow(address);
      await until(() => connections >= 3, 'it is tried again');
      assert.ok(sockets.size <= 2, `${sockets.size} connections are open`);
      assert.match(registry.status().problem ?? '', /^the registry cannot be reached: /);
      assert.notEqual(registry.status().state, 'closed');
    });
  }

  it('is given up in time when it stays silent, and no connection is left behind', async () => {
    let connections = 0;
    const { address, sockets } = await listen(() => connections++);
    const { registry } = follow(address);
    await until(() => connections >= 3, 'it is tried again');
    assert.ok(sockets.size <= 2, `${sockets.size} connections are open`);
    assert.equal(registry.status().problem, 'the registry cannot be reached: it does not answer');
    await registry.close();
    await until(() => sockets.size === 0, 'all connections are closed');
    assert.equal(registry.status().state, 'closed');
  });

  it('can be closed before it was ever reached', async () => {
    const { address, sockets } = await listen(() => {});
    const { registry } = follow(address);
    await registry.close();
    await registry.close();
    assert.equal(sockets.size, 0);
    assert.throws(() => registry.subscribe({ interfaceName: 'a.B', version: '', group: '' }, () => {}), /is closed/);
  });
});

describe('parseZookeeperServer', () => {
  it('takes names, IPv4 and IPv6, with 2181 for a port that is not said', () => {
    assert.deepEqual(['zk-1.example:2182', '10.0.0.1', '[::1]:2181'].map(parseZookeeperServer), [
      { host: 'zk-1.example', port: 2182 },
      { host: '10.0.0.1', port: 2181 },
      { host: '::1', port: 2181 },
    ]);
  });

  it('refuses what is no server, without repeating it', () => {
    for (const text of ['', 'me:secret@host:2181', 'host:0', 'host:99999', '::1', '[x]:1', 'zookeeper://host', 'a b']) {
      assert.throws(
        () => parseZookeeperServer(text),
        (error: Error) => error instanceof ServerAddressError && !error.message.includes('secret'),
        text,
      );
    }
  });
});
