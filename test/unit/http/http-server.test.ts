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

async function refusal(context: TestContext, bytes: string | Buffer, limits = {}) {
  const { calls, route } = countingRoute();
  const gateway = await startGateway(context, [route], { server: { limits } });
  const answers = parseAnswers(await sendRaw(context, gateway.port, bytes));
  assert.equal(answers.length, 1);
  assert.deepEqual(calls, []);
  const [{ status, headers, body }] = answers as [(typeof answers)[number]];
  assert.equal(headers['content-type'], 'application/problem+json');
  assert.equal(headers.connection, 'close');
  const problem = JSON.parse(body);
  assert.equal(problem.status, status);
  assert.equal(problem.requestId, headers['x-request-id']);
  const after = await fetch(`http://127.0.0.1:${gateway.port}/`);
  assert.equal(after.status, 200);
  return `${status} ${problem.code}`;
}

describe('requests that two servers could read differently', () => {
  const cases: [name: string, bytes: string | Buffer, expected: string][] = [
    ['two Host headers', `${GET}HOST: other\r\n\r\n`, '400 REQUEST_TARGET'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400 REQUEST_TARGET'],
    ['a Host with user and path', 'GET / HTTP/1.1\r\nHost: a@b/c\r\n\r\n', '400 REQUEST_TARGET'],
    ['an absolute target', 'GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
    ['a target without slash', 'OPTIONS *x HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
    ['an asterisk with GET', 'GET * HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
    ['a number sign', 'GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
    ['a backslash', 'GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
    ['non-ASCII in the target', Buffer.from('GET /\xe9 HTTP/1.1\r\nHost: h\r\n\r\n', 'latin1'), '400 REQUEST_HTTP'],
    ['NUL in the target', 'GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_HTTP'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_HTTP'],
    ['NUL in a header', `${GET}X: a\0b\r\n\r\n`, '400 REQUEST_HTTP'],
    [
      'length and coding',
      `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400 REQUEST_HTTP',
    ],
    [
      'coding and length',
      `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
      '400 REQUEST_HTTP',
    ],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `, '400 REQUEST_HTTP'],
    ['a signed length', `${POST}Content-Length: +2\r\n\r\n{}`, '400 REQUEST_HTTP'],
    [
      'a coding in HTTP/1.0',
      POST.replace('1.1', '1.0').concat('Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
      '400 REQUEST_HTTP',
    ],
    ['two codings', `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
    [
      'chunked twice',
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      '400 REQUEST_HTTP',
    ],
    ['a coding that is not chunked', `${POST}Transfer-Encoding: identity\r\n\r\n`, '400 REQUEST_HTTP'],
    ['a folded coding', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
    ['a space before the colon', `${POST}Content-Length : 2\r\n\r\n{}`, '400 REQUEST_HTTP'],
    ['a bad chunk size', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
    ['a chunk without its line end', `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n`, '400 REQUEST_HTTP'],
    ['bare carriage returns', 'GET / HTTP/1.1\rHost: h\r\r', '400 REQUEST_HTTP'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400 REQUEST_HTTP'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_HTTP'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 REQUEST_HTTP'],
    ['a tunnel', 'CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n', '405 METHOD_NOT_ALLOWED'],
    ['1,500 headers', `${GET}${'a:b\r\n'.repeat(1500)}\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
    ['101 headers', `${GET}${'a:b\r\n'.repeat(100)}\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
    ['17 KiB of headers', `${GET}a: ${'x'.repeat(17_000)}\r\n\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
    ['100 KiB of headers', `${GET}a: ${'x'.repeat(100_000)}\r\n\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
    ['a target of 9,000 bytes', `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: h\r\n\r\n`, '414 REQUEST_URI_TOO_LONG'],
  ];
  for (const [name, bytes, expected] of cases) {
    it(`get ${expected} for ${name}`, async (context) => {
      assert.equal(await refusal(context, bytes), expected);
    });
  }

  it('are served up to the very limits', async (context) => {
    const { route } = countingRoute();
    const gateway = await startGateway(context, [route]);
    const path = `/${'x'.repeat(8191)}`;
    const headers = `${'a:b\r\n'.repeat(97)}a: ${'x'.repeat(15_000)}\r\n`;
    const text = await sendRaw(
      context,
      gateway.port,
      `GET ${path} HTTP/1.1\r\nHost: h\r\n${headers}Connection: close\r\n\r\n`,
    );
    assert.match(text, /^HTTP\/1\.1 200 /);
  });

  it('ignore an upgrade to h2c or WebSocket and answer in HTTP/1.1', async (context) => {
    const { route } = countingRoute();
    const gateway = await startGateway(context, [route]);
    const client = await rawClient(context, gateway.port);
    client.send(
      `${GET}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    );
    await client.received(/"done"/);
    client.send(`${GET}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`);
    const answers = parseAnswers(await client.closed());
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
  });

  it('serve HTTP/1.0 without Host', async (context) => {
    const { route } = countingRoute();
    const gateway = await startGateway(context, [route]);
    assert.match(await sendRaw(context, gateway.port, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
  });

  it('do not disturb the answers of requests before them', async (context) => {
    const gateway = await startGateway(context, [
      {
        path: '/',
        invoke: async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          return json('slow');
        },
      },
    ]);
    const answers = parseAnswers(await sendRaw(context, gateway.port, `${GET}\r\n${GET}\r\nGARBAGE\0\r\n\r\n`));
    assert.deepEqual(
      answers.map(({ status, body, headers }) => [status, body, headers.connection]),
      [
        [200, '"slow"', 'keep-alive'],
        [200, '"slow"', 'close'],
      ],
    );
  });
});

describe('bodies', () => {
  const limited: FakeRoute = { ...countingRoute().route, maxBodyBytes: 16 };

  async function send(context: TestContext, request: string | Buffer, route: Partial<FakeRoute> = {}) {
    const { calls, route: counting } = countingRoute();
    const gateway = await startGateway(context, [{ ...counting, maxBodyBytes: 16, ...route }]);
    const answers = parseAnswers(await sendRaw(context, gateway.port, request));
    return { answers, calls, gateway };
  }

  async function codeOf(context: TestContext, request: string, route: Partial<FakeRoute> = {}): Promise<string> {
    const { answers } = await send(context, request, route);
    assert.equal(answers.length, 1);
    const { status, body } = answers[0]!;
    return status === 200 ? '200' : `${status} ${JSON.parse(body).code}`;
  }

  const CLOSE = 'Connection: close\r\n';

  it('arrive whole, by length or in chunks', async (context) => {
    const byLength = await send(context, `${POST}${CLOSE}Content-Length: 7\r\n\r\n{"a":1}`);
    assert.deepEqual(byLength.calls, ['{"a":1}']);
    const lines = await byLength.gateway.requestLines(1);
    assert.equal(lines[0]!.requestBytes, 7);
    const chunks = [...'{"a":1}'].map((byte) => `1\r\n${byte}\r\n`).join('');
    const inChunks = await send(context, `${POST}${CLOSE}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
    assert.deepEqual(inChunks.calls, ['{"a":1}']);
  });

  it('arrive whole in many pieces', async (context) => {
    const { calls, route } = countingRoute();
    const gateway = await startGateway(context, [{ ...route, maxBodyBytes: 200_000 }]);
    const text = JSON.stringify('x'.repeat(150_000));
    const client = await rawClient(context, gateway.port);
    client.send(`${POST}${CLOSE}Content-Length: ${text.length}\r\n\r\n`);
    for (let start = 0; start < text.length; start += 7_001) {
      client.send(text.slice(start, start + 7_001));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match(await client.closed(), /^HTTP\/1\.1 200 /);
    assert.deepEqual(calls, [text]);
  });

  it('are absent when empty, whatever their type', async (context) => {
    for (const headers of ['Content-Length: 0\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', '\r\n']) {
      const { answers, calls } = await send(context, `POST / HTTP/1.1\r\nHost: h\r\n${CLOSE}${headers}`);
      assert.equal(answers[0]!.status, 200);
      assert.deepEqual(calls, [undefined]);
    }
  });

  it('have a limit, by declared and by real length', async (context) => {
    const large = '"0123456789abcde"';
    assert.equal(large.length, 17);
    assert.equal(await codeOf(context, `${POST}Content-Length: 17\r\n\r\n${large}`), '413 REQUEST_TOO_LARGE');
    assert.equal(await codeOf(context, `${POST}Content-Length: 999999999\r\n\r\n`), '413 REQUEST_TOO_LARGE');
    assert.equal(
      await codeOf(context, `${POST}Transfer-Encoding: chunked\r\n\r\n11\r\n${large}\r\n0\r\n\r\n`),
      '413 REQUEST_TOO_LARGE',
    );
    assert.equal(await codeOf(context, `${POST}${CLOSE}Content-Length: 16\r\n\r\n"0123456789abcd"`), '200');
  });

  it('that are too large do not reset the connection before the answer is read', async (context) => {
    const gateway = await startGateway(context, [limited]);
    const client = await rawClient(context, gateway.port);
    client.send(`${POST}Content-Length: 5000000\r\n\r\n`);
    for (let sent = 0; sent < 5_000_000; sent += 100_000) client.send('x'.repeat(100_000));
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.status, 413);
    assert.equal(JSON.parse(answer!.body).code, 'REQUEST_TOO_LARGE');
  });

  it('must be JSON in UTF-8 without coding', async (context) => {
    const length = 'Content-Length: 2\r\n\r\n{}';
    const post = `POST / HTTP/1.1\r\nHost: h\r\n${CLOSE}`;
    const refused = ['', 'text/plain', 'application/jsonx', 'application/json; charset=latin1', '+json', 'a/+json'];
    for (const type of refused) {
      const header = type === '' ? '' : `Content-Type: ${type}\r\n`;
      assert.equal(await codeOf(context, `${post}${header}${length}`), '415 REQUEST_MEDIA_TYPE', type);
    }
    const taken = [
      'application/json',
      'Application/JSON ;Charset="UTF-8"',
      'application/vnd.acme.user+json; profile=x',
    ];
    for (const type of taken)
      assert.equal(await codeOf(context, `${post}Content-Type: ${type}\r\n${length}`), '200', type);
    const coded = `${POST}${CLOSE}Content-Encoding: gzip\r\n${length}`;
    assert.equal(await codeOf(context, coded), '415 REQUEST_MEDIA_TYPE');
    assert.equal(await codeOf(context, `${POST}${CLOSE}Content-Encoding: Identity\r\n${length}`), '200');
    const chunked = `${post}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`;
    assert.equal(await codeOf(context, chunked), '415 REQUEST_MEDIA_TYPE');
  });

  it('that nobody reads are dropped within the limit, whatever they are', async (context) => {
    const { answers, calls } = await send(
      context,
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc' +
        `POST / HTTP/1.1\r\nHost: h\r\n${CLOSE}Content-Length: 3\r\n\r\nabc`,
      { readsBody: false },
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(calls, [undefined, undefined]);
    const code = await codeOf(context, `${POST}Content-Length: 17\r\n\r\n`, { readsBody: false });
    assert.equal(code, '413 REQUEST_TOO_LARGE');
  });

  it('that are small and come with an error leave the connection open', async (context) => {
    const gateway = await startGateway(context, [{ path: '/' }]);
    const client = await rawClient(context, gateway.port);
    client.send('POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc');
    await client.received(/ROUTE_NOT_FOUND/);
    client.send(`${GET}${CLOSE}\r\n`);
    const answers = parseAnswers(await client.closed());
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 200],
    );
  });

  it('that are not JSON say where', async (context) => {
    const text = '{\n "ü": x';
    const { answers } = await send(context, `${POST}${CLOSE}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    assert.equal(answers[0]!.status, 400);
    const { code, offset, line, column } = JSON.parse(answers[0]!.body);
    assert.deepEqual([code, offset, line, column], ['REQUEST_JSON', 9, 2, 7]);
    const deep = '['.repeat(65);
    const request = `${POST}${CLOSE}Content-Length: 65\r\n\r\n${deep}`;
    assert.equal(await codeOf(context, request, { maxBodyBytes: 100 }), '400 REQUEST_TOO_DEEP');
  });

  it('are asked for with 100 Continue only when the checks have passed', async (context) => {
    const gateway = await startGateway(context, [limited]);
    const good = await rawClient(context, gateway.port);
    good.send(`${POST}${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    await good.received(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
    good.send('{}');
    assert.deepEqual(
      parseAnswers(await good.closed()).map(({ status }) => status),
      [100, 200],
    );
    const startedMs = performance.now();
    const large = await sendRaw(context, gateway.port, `${POST}Expect: 100-continue\r\nContent-Length: 99\r\n\r\n`);
    assert.match(large, /^HTTP\/1\.1 413 /);
    assert.ok(performance.now() - startedMs < 1_500);
  });
});

describe('slow clients', () => {
  const limits = { headersTimeoutMs: 150, requestTimeoutMs: 300, keepAliveTimeoutMs: 200 };

  async function slow(context: TestContext, bytes: string) {
    const { calls, route } = countingRoute();
    const gateway = await startGateway(context, [route], { server: { limits } });
    const startedMs = performance.now();
    const text = await sendRaw(context, gateway.port, bytes);
    assert.ok(performance.now() - startedMs < 3_000);
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
        exchange.cancel = () => {
          cancelled += 1;
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
    const startedMs = performance.now();
    await gateway.server.stop(100);
    assert.ok(performance.now() - startedMs < 1_500);
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
    assert.ok(performance.now() - startedMs < 1_000);
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
