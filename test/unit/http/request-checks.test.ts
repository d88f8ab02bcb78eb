import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { type FakeRoute, json, parseAnswers, rawClient, sendRaw, startGateway } from './gateway-harness.ts';

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
