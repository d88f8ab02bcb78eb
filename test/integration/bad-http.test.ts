import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { typesService } from '../support/types-service.ts';

const GET = 'GET /echo HTTP/1.1\r\nHost: h\r\n';
const POST = 'POST /echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n';
const MAX_BODY_BYTES = 2000;
/** A time limit that is waited for. */
const IMPATIENT_MS = 150;

function manyHeaders(count: number): string {
  return Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join('');
}

/** Bytes no HTTP library would send, and the answer; each ends its connection. */
const REFUSED: readonly (readonly [title: string, bytes: string, answer: string])[] = [
  ['two Host headers', `${GET}Host: h\r\n\r\n`, '400 REQUEST_TARGET'],
  ['no Host header', 'GET /echo HTTP/1.1\r\n\r\n', '400 REQUEST_TARGET'],
  ['an absolute-form target', 'GET http://h/echo HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
  ['an absolute-form target of another host', 'GET http://evil/echo HTTP/1.1\r\nHost: h\r\n\r\n', '400 REQUEST_TARGET'],
  ['1,500 headers', `${GET}${manyHeaders(1500)}\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
  ['101 headers', `${GET}${manyHeaders(100)}\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
  ['a header of 30,000 bytes', `${GET}X: ${'x'.repeat(30_000)}\r\n\r\n`, '431 REQUEST_HEADERS_TOO_LARGE'],
  ['a target of 9,000 bytes', `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: h\r\n\r\n`, '414 REQUEST_URI_TOO_LONG'],
  ['length and chunks', `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
  ['chunks and length', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
  ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, '400 REQUEST_HTTP'],
  ['a folded coding', `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
  ['an unknown coding', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
  [
    'chunks in HTTP/1.0',
    `${POST.replace('1.1', '1.0')}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '400 REQUEST_HTTP',
  ],
  [
    'a chunk size that is no number',
    `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`,
    '400 REQUEST_HTTP',
  ],
  ['a chunk longer than its size', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`, '400 REQUEST_HTTP'],
  ['a chunk size of 2^64', `${POST}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}\r\n`, '400 REQUEST_HTTP'],
  ['a NUL in a header', `${GET}X: a\0b\r\n\r\n`, '400 REQUEST_HTTP'],
  ['a bare line feed in a header', `${GET}X: a\nb\r\n\r\n`, '400 REQUEST_HTTP'],
  ['what is not HTTP', 'SSH-2.0-OpenSSH_9\r\n\r\n', '400 REQUEST_HTTP'],
  ['the start of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400 REQUEST_HTTP'],
  ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 REQUEST_HTTP'],
  ['a tunnel', 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n', '405 METHOD_NOT_ALLOWED'],
  ['a length above the limit', `${POST}Content-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`, '413 REQUEST_TOO_LARGE'],
  [
    'chunks above the limit',
    `${POST}Transfer-Encoding: chunked\r\n\r\n${'3e8\r\n'.concat('x'.repeat(1000), '\r\n').repeat(3)}0\r\n\r\n`,
    '413 REQUEST_TOO_LARGE',
  ],
];

describe('bad HTTP', { concurrency: true }, () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider();
    gateway = await startGateway({});
  });
  after(async () => {
    await gateway.stop();
    await provider.kill();
  });

  for (const [title, bytes, answer] of REFUSED) {
    it(`${title}: ${answer}, and the connection ends`, async (context) => {
      const connection = await open(context);
      // What follows must not be taken for a request of its own.
      connection.send(Buffer.from(`${bytes}GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n`, 'latin1'));
      const { status, headers, body } = await connection.answer();
      const problem = JSON.parse(body) as { code: string; requestId: string };
      assert.equal(`${status} ${problem.code}`, answer);
      assert.equal(headers['content-type'], 'application/problem+json');
      assert.equal(headers.connection, 'close');
      assert.equal(headers['x-request-id'], problem.requestId);
      await connection.closed();
      assert.equal(connection.received, '', 'one answer, not two');
      assert.equal(await gateway.json('/echo?v=ok', { fresh: true }), 'ok');
    });
  }

  it('headers that come too slowly are a 408', async (context) => {
    const impatient = await startGateway({ headersTimeoutMs: IMPATIENT_MS }, context);
    const connection = await open(context, impatient);
    connection.send('GET /echo HTTP/1.1\r\nHost: h\r\n');
    const dribble = setInterval(() => connection.send('X: 1\r\n'), 20);
    context.after(() => clearInterval(dribble));
    // The limit of the whole request is longer than this waits.
    const { status, body } = await connection.answer();
    assert.deepEqual([status, (JSON.parse(body) as { code: string }).code], [408, 'REQUEST_TIMEOUT']);
    await connection.closed();
  });

  it('a body that comes too slowly is a 408', async (context) => {
    const impatient = await startGateway({ headersTimeoutMs: IMPATIENT_MS, requestTimeoutMs: IMPATIENT_MS }, context);
    const connection = await open(context, impatient);
    connection.send(`${POST}Content-Length: 1000\r\n\r\n[`);
    const dribble = setInterval(() => connection.send(' '), 20);
    context.after(() => clearInterval(dribble));
    const { status, body } = await connection.answer();
    clearInterval(dribble);
    assert.deepEqual([status, (JSON.parse(body) as { code: string }).code], [408, 'REQUEST_TIMEOUT']);
    await connection.closed();
  });

  it('a client that sends half a body and leaves is nobody’s trouble', async (context) => {
    const connection = await open(context);
    connection.send(`${POST}Content-Length: 1000\r\n\r\n{"a"`);
    await delay(20);
    connection.destroy();
    assert.equal(await gateway.json('/echo?v=ok'), 'ok');
  });

  it('Expect: 100-continue is answered when the body is wanted, and with the error when not', async (context) => {
    const wanted = await open(context);
    wanted.send(`${POST}Expect: 100-continue\r\nContent-Length: 7\r\n\r\n`);
    assert.equal((await wanted.answer()).status, 100);
    wanted.send('{"a":1}');
    const { status, body } = await wanted.answer();
    assert.deepEqual([status, body], [200, '{"a":1}']);

    const unwanted = await open(context);
    unwanted.send(`${POST}Expect: 100-continue\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`);
    assert.equal((await unwanted.answer()).status, 413);
    await unwanted.closed();
  });

  it('a body nobody wants is read over, so that its connection can stay', async (context) => {
    const connection = await open(context);
    connection.send(`${GET}Content-Length: 5\r\n\r\nhello${GET}\r\n`);
    assert.deepEqual([(await connection.answer()).status, (await connection.answer()).status], [204, 204]);
  });

  it('requests of one connection are answered in their order', async (context) => {
    const connection = await open(context);
    const count = 50;
    connection.send(
      Array.from({ length: count }, (_, index) => `GET /echo?v=${index} HTTP/1.1\r\nHost: h\r\n\r\n`).join(''),
    );
    for (let index = 0; index < count; index++) assert.equal((await connection.answer()).body, `"${index}"`);
  });

  async function open(context: TestContext, { port } = gateway): Promise<RawConnection> {
    const connection = await RawConnection.open(port);
    context.after(() => connection.destroy());
    return connection;
  }

  /** Its time limits are the defaults, which nothing here comes near, where none are given. */
  function startGateway(
    limits: { headersTimeoutMs?: number; requestTimeoutMs?: number },
    context?: TestContext,
  ): Promise<GatewayUnderTest> {
    return startGatewayUnderTest(
      {
        server: { limits: { maxBodyBytes: MAX_BODY_BYTES, ...limits } },
        services: { types: typesService(provider.address, { methods: { echo: { parameters: ['Object'] } } }) },
        routes: [
          {
            id: 'post',
            match: { method: 'POST', path: '/echo' },
            call: { service: 'types', method: 'echo', args: ['body'] },
          },
          {
            id: 'get',
            match: { path: '/echo' },
            call: { service: 'types', method: 'echo', args: ['query.v'] },
          },
        ],
      },
      context,
    );
  }
});
