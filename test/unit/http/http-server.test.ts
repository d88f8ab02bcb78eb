import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { type FakeRoute, json, parseAnswers, rawClient, sendRaw, startGateway, until } from './gateway-harness.ts';

const GET = 'GET / HTTP/1.1\r\nHost: h\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n';

/** A route that takes GET and POST and counts its calls. */
function countingRoute() {
  const calls: (string | undefined)[] = [];
  const route: FakeRoute = {
    path: '/*',
    method: ['GET', 'POST'],
    readsBody: true,
    invoke: (exchange: Exchange) => {
      calls.push(exchange.body?.bytes.toString());
      return json('done');
    },
  };
  return { calls, route };
}

describe('slow clients', () => {
  const limits = { headersTimeoutMs: 150, requestTimeoutMs: 300, keepAliveTimeoutMs: 200 };

  async function slow(context: TestContext, bytes: string) {
    const { calls, route } = countingRoute();
    const gateway = await startGateway(context, [route], { server: { limits } });
    const startedMs = performance.now();
    const text = await sendRaw(context, gateway.port, bytes);
    // By default a client has ten seconds for its headers.
    assert.ok(performance.now() - startedMs < 9_000);
    assert.deepEqual(calls, []);
    return { answers: parseAnswers(text), gateway };
  }

  for (const [name, bytes] of [
    ['send nothing', ''],
    ['do not end their headers', `${GET}X-A: b\r\n`],
    ['do not end their body', `${POST}Content-Length: 9\r\n\r\n{"a"`],
    ['do not end their chunks', `${POST}Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n`],
  ] as const) {
    it(`get 408 when they ${name}`, async (context) => {
      const { answers } = await slow(context, bytes);
      assert.equal(answers.length, 1);
      assert.equal(answers[0]!.status, 408);
      assert.equal(JSON.parse(answers[0]!.body).code, 'REQUEST_TIMEOUT');
    });
  }

  it('are logged with the code', async (context) => {
    const { gateway } = await slow(context, `${POST}Content-Length: 9\r\n\r\n{"a"`);
    const [line] = await gateway.requestLines(1);
    assert.equal(line!.status, 408);
    assert.equal(line!.code, 'REQUEST_TIMEOUT');
    const headers = await slow(context, `${GET}X-A: b\r\n`);
    const refused = headers.gateway.log.find(({ msg }) => msg === 'connection refused');
    assert.equal(refused!.code, 'REQUEST_TIMEOUT');
    assert.equal(refused!.client, '127.0.0.1');
  });

  it('lose an idle connection after the keep-alive time, without an answer', async (context) => {
    const { route } = countingRoute();
    const gateway = await startGateway(context, [route], { server: { limits } });
    const answers = parseAnswers(await sendRaw(context, gateway.port, `${GET}\r\n`));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200],
    );
  });

  it('may wait longer for their answer than they had to send the request', async (context) => {
    const gateway = await startGateway(
      context,
      [
        {
          path: '/',
          invoke: async () => {
            await new Promise((resolve) => setTimeout(resolve, 700));
            return json('late');
          },
        },
      ],
      { server: { limits } },
    );
    const [answer] = parseAnswers(await sendRaw(context, gateway.port, `${GET}Connection: close\r\n\r\n`));
    assert.equal(answer!.body, '"late"');
  });
});

describe('too many connections', () => {
  it('are refused beyond the limit, and taken again below it', async (context) => {
    const { route } = countingRoute();
    const gateway = await startGateway(context, [route], { server: { limits: { maxConnections: 2 } } });
    const first = await rawClient(context, gateway.port);
    await rawClient(context, gateway.port);
    const third = await rawClient(context, gateway.port);
    assert.equal(await third.closed(), '');
    first.socket.destroy();
    await first.closed();
    const text = await sendRaw(context, gateway.port, `${GET}Connection: close\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 /);
  });
});

describe('stop()', () => {
  /** A route whose calls end when told. */
  function heldRoute() {
    const settlers: ((text: string) => void)[] = [];
    let cancelled = 0;
    const route: FakeRoute = {
      path: '/',
      invoke: (exchange) => {
        exchange.call = {
          cancel: () => {
            cancelled += 1;
          },
        };
        return new Promise((resolve) => {
          settlers.push((text) => resolve(json(text)));
        });
      },
    };
    return { route, settlers, cancelled: () => cancelled };
  }

  it('answers what runs, closes what idles, and takes nothing new', async (context) => {
    const { route, settlers } = heldRoute();
    const gateway = await startGateway(context, [route, { id: 'quick', path: '/quick' }]);
    const running = await rawClient(context, gateway.port);
    running.send(`${GET}\r\n`);
    const idle = await rawClient(context, gateway.port);
    idle.send('GET /quick HTTP/1.1\r\nHost: h\r\n\r\n');
    await idle.received(/"ok":true/);
    const silent = await rawClient(context, gateway.port);
    await until(() => settlers.length === 1);

    gateway.phase = 'draining';
    let isStopped = false;
    const stopped = gateway.server.stop(5_000).then(() => {
      isStopped = true;
    });
    await idle.closed();
    assert.equal(await silent.closed(), '');
    await assert.rejects(fetch(`http://127.0.0.1:${gateway.port}/quick`));
    assert.equal(isStopped, false);
    settlers[0]!('done');
    const [answer] = parseAnswers(await running.closed());
    assert.equal(answer!.body, '"done"');
    assert.equal(answer!.headers.connection, 'close');
    await stopped;
    assert.equal(gateway.server.address, undefined);
  });

  it('answers GATEWAY_STOPPING when the time is over', async (context) => {
    const { route, settlers, cancelled } = heldRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send(`${GET}\r\n`);
    await until(() => settlers.length === 1);
    gateway.phase = 'draining';
    await gateway.server.stop(100);
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.status, 503);
    assert.equal(JSON.parse(answer!.body).code, 'GATEWAY_STOPPING');
    assert.equal(cancelled(), 1);
    settlers[0]!('too late');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await gateway.requestLines(1)).length, 1);
  });

  it('cuts off at once when called again', async (context) => {
    const { route, settlers, cancelled } = heldRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send(`${GET}\r\n`);
    await until(() => settlers.length === 1);
    const startedMs = performance.now();
    const stopped = gateway.server.stop(60_000);
    await gateway.server.stop(60_000);
    await stopped;
    assert.ok(performance.now() - startedMs < 30_000);
    assert.equal(await client.closed(), '');
    await until(() => cancelled() === 1);
  });

  it('loses none of a hundred running requests', async (context) => {
    const { route, settlers } = heldRoute();
    const gateway = await startGateway(context, [route]);
    const answers = Array.from({ length: 100 }, async () => {
      const client = await rawClient(context, gateway.port);
      client.send(`${GET}\r\n`);
      return client.closed();
    });
    await until(() => settlers.length === 100);
    gateway.phase = 'draining';
    const stopped = gateway.server.stop(5_000);
    for (const settle of settlers) settle('done');
    await stopped;
    for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200 .*"done"$/s);
  });

  it('is harmless before the start', async (context) => {
    const gateway = await startGateway(context, []);
    await gateway.server.stop(1_000);
    await gateway.server.stop(1_000);
    assert.equal(gateway.server.address, undefined);
  });
});
