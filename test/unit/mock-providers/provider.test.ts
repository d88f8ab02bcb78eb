import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type MockProvider,
  type MockProviderOptions,
  startMockProvider,
} from '../../../mock-providers/mock-provider.ts';
import { genericBody, RawClient, requestFrame, TYPES, USERS } from './raw-client.ts';

const call = { service: TYPES, method: 'describe', types: ['java.lang.Object'], args: [5] };
const open: { kill(): Promise<void> }[] = [];

async function start(options?: MockProviderOptions): Promise<{ provider: MockProvider; client: RawClient }> {
  const provider = await startMockProvider(options);
  open.push(provider);
  return { provider, client: await RawClient.open(provider.port) };
}

describe('the provider', () => {
  afterEach(async () => {
    for (const provider of open.splice(0)) await provider.kill();
  });

  it('answers heartbeats with the same id and bytes, and one-way ones not at all', async () => {
    const { client } = await start({ dialect: '3.2' });
    client.socket.write(requestFrame(-5n, Buffer.from('N'), 0xe2));
    client.socket.write(requestFrame(6n, Buffer.from('N'), 0xa2));
    client.socket.write(requestFrame(7n, Buffer.from('00000001af', 'hex'), 0xf7));
    await client.until(() => client.frames.length === 2);
    assert.deepEqual(client.frames, [
      { flags: 0x22, status: 20, id: -5n, body: Buffer.from('N') },
      { flags: 0x37, status: 20, id: 7n, body: Buffer.from('00000001af', 'hex') },
    ]);
  });

  it('answers echo, and refuses plain calls', async () => {
    const { client } = await start();
    const plain = (method: string): Buffer => {
      const body = genericBody({ ...call, service: TYPES });
      const name = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
      const start = body.subarray(0, body.indexOf('$invoke') - 1);
      return Buffer.concat([
        start,
        name(method),
        name('Ljava/lang/Object;'),
        Buffer.from('\x91H\x04path', 'latin1'),
        name(TYPES),
        Buffer.from('Z'),
      ]);
    };
    client.socket.write(requestFrame(1n, plain('$echo')));
    client.socket.write(requestFrame(2n, plain('describe')));
    await client.until(() => client.frames.length === 2);
    assert.equal(client.frames[0]!.body.toString('latin1'), '\x94\x91H\x05dubbo\x052.0.2Z');
    assert.equal(client.frames[1]!.status, 70);
  });

  it('runs one-way calls without an answer', async () => {
    const { provider, client } = await start();
    const id = client.send(call, 0x82);
    await client.call(call);
    assert.equal(
      client.frames.some((frame) => frame.id === id),
      false,
    );
    assert.equal(provider.stats.oneWayRequests, 1);
    assert.deepEqual(
      provider.calls.map(({ oneWay }) => oneWay),
      [true, false],
    );
  });

  it('shows the calls it got, up to a limit', async () => {
    const { provider, client } = await start({ callsKept: 3 });
    for (let index = 0; index < 10; index++)
      await client.call({ ...call, args: [index], attachments: { tenant: 'x' } });
    assert.deepEqual(
      provider.calls.map(({ args }) => args),
      [[7], [8], [9]],
    );
    const last = provider.calls[2]!;
    assert.deepEqual(
      [last.service, last.method, last.types, last.connection],
      [TYPES, 'describe', ['java.lang.Object'], 1],
    );
    assert.equal(last.attachments.tenant, 'x');
    provider.clearCalls();
    assert.equal(provider.calls.length, 0);
  });

  it('shows its connections and closes one', async () => {
    const { provider, client } = await start();
    const other = await RawClient.open(provider.port);
    await client.call(call);
    await other.call(call);
    assert.deepEqual(
      provider.connections.map(({ number, requests }) => [number, requests]),
      [
        [1, 1],
        [2, 1],
      ],
    );
    provider.closeConnection(1);
    await client.until(() => client.closed);
    await client.until(() => provider.connections.length === 1);
    assert.equal((await other.call(call)).status, 20);
  });

  it('writes all answers of one turn together', async () => {
    const { provider, client } = await start();
    const frames = Array.from({ length: 50 }, (_, index) => requestFrame(BigInt(index), genericBody(call)));
    client.socket.write(Buffer.concat(frames));
    await client.until(() => client.frames.length === 50);
    assert.ok(provider.stats.writes <= 5, `${provider.stats.writes} writes`);
    assert.deepEqual(
      client.frames.map(({ id }) => id),
      frames.map((_, index) => BigInt(index)),
    );
  });

  it('pings idle connections and closes silent ones', async () => {
    const { provider, client } = await start({ pingMs: 40, idleCloseMs: 200 });
    await client.until(() => client.frames.length > 0);
    assert.deepEqual([client.frames[0]!.flags, client.frames[0]!.body.toString()], [0xe2, 'N']);
    await client.until(() => client.closed);
    assert.ok(provider.stats.heartbeatsSent >= 1);
  });

  it('falls silent when paused and goes on when resumed', async () => {
    const { provider, client } = await start();
    await client.call(call);
    provider.pause();
    const id = client.send(call);
    const late = await RawClient.open(provider.port);
    const lateId = late.send(call);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(client.frames.length, 1);
    provider.resume();
    await client.until(() => client.frames.some((frame) => frame.id === id));
    await late.until(() => late.frames.some((frame) => frame.id === lateId));
  });

  it('stops after READONLY and the calls in flight', async () => {
    const { provider, client } = await start();
    const slow = client.send({ service: TYPES, method: 'sleep', types: ['int'], args: [500] });
    await client.until(() => provider.stats.requests === 1);
    await provider.close();
    await client.until(() => client.closed);
    assert.deepEqual(
      client.frames.map(({ flags, id }) => (flags === 0xa2 ? 'readonly' : id)),
      ['readonly', 'readonly', slow],
    );
    await assert.rejects(RawClient.open(provider.port), /ECONNREFUSED/);
  });

  it('stops waiting for a call that does not end', async () => {
    const { provider, client } = await start();
    client.send({ service: TYPES, method: 'sleep', types: ['int'], args: [600_000] });
    await client.until(() => provider.stats.requests === 1);
    const begin = performance.now();
    await provider.close(50);
    assert.ok(performance.now() - begin < 60_000);
  });

  it('can be killed and started again on the same port', async () => {
    const { provider, client } = await start();
    await provider.kill();
    await client.until(() => client.closed);
    const { client: next } = await start({ port: provider.port });
    assert.equal((await next.call(call)).status, 20);
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await assert.rejects(startMockProvider({ port }), { message: new RegExp(`^port ${port} on 127.0.0.1 is in use`) });
    server.close();
  });

  it('outlives garbage of every kind', async () => {
    const { provider } = await start();
    const good = requestFrame(1n, genericBody({ service: USERS, method: 'getUser', types: ['long'], args: [1] }));
    const hostile = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }).map((changes) => {
        const frame = Buffer.from(good);
        for (const [at, byte] of changes) frame[at] = byte;
        return frame;
      }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => requestFrame(1n, Buffer.from(bytes))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 20 }), async (frames) => {
        const client = await RawClient.open(provider.port);
        for (const frame of frames) client.socket.write(frame);
        client.socket.end();
        await client.until(() => client.closed);
      }),
      { numRuns: 60 },
    );
    const client = await RawClient.open(provider.port);
    assert.equal((await client.call(call)).status, 20);
  });

  it('stops reading from a client that does not read', async () => {
    const { provider } = await start();
    const socket = connect(provider.port, '127.0.0.1');
    await once(socket, 'connect');
    const big = requestFrame(1n, genericBody({ service: TYPES, method: 'bigString', types: ['int'], args: [30_000] }));
    const count = 3000;
    for (let index = 0; index < count; index++) socket.write(big);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.ok(provider.stats.requests < count, `${provider.stats.requests} requests were run`);
    let bytes = 0;
    for await (const chunk of socket) {
      bytes += (chunk as Buffer).length;
      if (bytes >= count * 30_000) break;
    }
    assert.equal(provider.stats.requests, count);
  });
});
