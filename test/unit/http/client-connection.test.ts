import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { type Harness, json, parseAnswers, rawClient, sendRaw, startGateway, until } from './gateway-harness.ts';

const echo = {
  id: 'echo',
  path: '/users/:id',
  invoke: (exchange: Exchange) =>
    json({
      id: exchange.pathParameter('id'),
      q: exchange.query('q'),
      all: exchange.queryAll('q'),
      tenant: exchange.header('x-tenant'),
      cookie: exchange.cookie('c'),
      ip: exchange.clientIp,
      requestId: exchange.requestId,
      proto: exchange.header('__proto__') ?? exchange.header('constructor') ?? null,
    }),
};

describe('a client that goes away', () => {
  function pendingRoute() {
    const state = { started: 0, cancelled: 0, settle: (_value: unknown) => {} };
    const invoke = (exchange: Exchange) => {
      state.started += 1;
      exchange.call = {
        cancel: () => {
          state.cancelled += 1;
        },
      };
      return new Promise<ReturnType<typeof json>>((resolve) => {
        state.settle = (value) => resolve(json(value));
      });
    };
    return { state, route: { path: '/', method: ['GET', 'POST'], readsBody: true, invoke } };
  }

  it('frees its call at once and is logged as 499', async (context) => {
    const { state, route } = pendingRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await until(() => state.started === 1);
    client.socket.destroy();
    const [line] = await gateway.requestLines(1);
    assert.equal(line!.status, 499);
    assert.equal(line!.code, 'CLIENT_CLOSED');
    assert.equal(state.cancelled, 1);
    state.settle('late');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await gateway.requestLines(1)).length, 1);
  });

  it('frees every pipelined call', async (context) => {
    const { state, route } = pendingRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n'.repeat(3));
    await until(() => state.started === 3);
    client.socket.resetAndDestroy();
    const lines = await gateway.requestLines(3);
    assert.deepEqual(
      lines.map((line) => line.status),
      [499, 499, 499],
    );
    assert.equal(state.cancelled, 3);
  });

  it('is logged as 499 in the middle of its body', async (context) => {
    const { state, route } = pendingRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a"');
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.destroy();
    const lines = await gateway.requestLines(1);
    assert.equal(lines.length, 1);
    assert.equal(lines[0]!.code, 'CLIENT_CLOSED');
    assert.equal(state.started, 0);
  });
});

describe('connections', () => {
  const GET = 'GET /users/1 HTTP/1.1\r\nHost: h\r\n\r\n';

  async function answersUntilClose(context: TestContext, gateway: Harness, requests: string) {
    return parseAnswers(await sendRaw(context, gateway.port, requests));
  }

  it('answer pipelined requests in order', async (context) => {
    const gateway = await startGateway(context, [
      {
        path: '/:n',
        invoke: async (exchange) => {
          const n = Number(exchange.pathParameter('n'));
          await new Promise((resolve) => setTimeout(resolve, 30 - 10 * n));
          return json(n);
        },
      },
    ]);
    const answers = await answersUntilClose(
      context,
      gateway,
      'GET /0 HTTP/1.1\r\nHost: h\r\n\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    );
    assert.deepEqual(
      answers.map(({ body }) => body),
      ['0', '1', '2'],
    );
  });

  it('end with the last of their allowed requests, and process no more', async (context) => {
    let calls = 0;
    const count = {
      ...echo,
      invoke: async () => {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 20 - 5 * calls));
        return json(calls);
      },
    };
    const gateway = await startGateway(context, [count], { server: { connections: { maxRequests: 3 } } });
    const answers = await answersUntilClose(context, gateway, GET.repeat(5));
    assert.deepEqual(
      answers.map(({ headers }) => headers.connection),
      ['keep-alive', 'keep-alive', 'close'],
    );
    assert.equal(calls, 3);
  });

  it('end when they are old, up to a tenth earlier at random', async (context) => {
    const gateway = await startGateway(context, [echo], {
      server: { connections: { maxAgeMs: 2_000 } },
      random: () => 1,
    });
    const client = await rawClient(context, gateway.port);
    client.send(GET);
    await client.received(/"id":"1"/);
    assert.match(client.text, /Connection: keep-alive/);
    await new Promise((resolve) => setTimeout(resolve, 1_850));
    client.send(GET);
    assert.match(await client.closed(), /Connection: close/);
  });

  it('get GATEWAY_STOPPING when the gateway has stopped, and its last answer while it drains', async (context) => {
    const gateway = await startGateway(context, [echo]);
    gateway.phase = 'draining';
    const [served] = await answersUntilClose(context, gateway, GET);
    assert.equal(served!.status, 200);
    assert.equal(served!.headers.connection, 'close');
    gateway.phase = 'stopped';
    const [refused] = await answersUntilClose(context, gateway, GET);
    assert.equal(refused!.status, 503);
    assert.equal(refused!.headers['retry-after'], '1');
    assert.equal(JSON.parse(refused!.body).code, 'GATEWAY_STOPPING');
  });
});
