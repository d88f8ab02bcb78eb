import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Admission } from '../../../src/admission/admission.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import type { ContentCoding } from '../../../src/http/accept-encoding.ts';
import { AnswerCompression } from '../../../src/http/answer-compression.ts';
import { type BodyCodec, zlibCodec } from '../../../src/http/zlib-codec.ts';
import { systemClock } from '../../../src/time/clock.ts';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { idleCompression, json, parseAnswers, rawClient, startGateway, until } from './gateway-harness.ts';

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Sends a request as it is: nothing is decoded, and no header is added but Host and Connection. */
function send(
  port: number,
  path: string,
  acceptEncoding: string | undefined,
  method = 'GET',
  headers: Record<string, string> = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const coding = acceptEncoding === undefined ? {} : { 'Accept-Encoding': acceptEncoding };
    const sent = httpRequest({ port, host: '127.0.0.1', path, method, headers: { ...coding, ...headers } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) });
      });
    });
    sent.end();
  });
}

const SMALL_BYTES = 2_000;
const LARGE_BYTES = 100_000;

/** A list whose JSON has about so many bytes. */
function list(bytes: number): object[] {
  return Array.from({ length: bytes / 40 }, (_, id) => ({ id, name: `item number ${id}`, ok: true }));
}

/** `/n` answers with a list of about n bytes. */
const sized = {
  id: 'sized',
  path: '/:bytes',
  method: ['GET', 'POST'],
  readsBody: true,
  invoke: (exchange: Exchange) => json(list(Number(exchange.pathParameter('bytes')))),
};

function decode({ headers, bytes }: Received): Buffer {
  switch (headers['content-encoding']) {
    case 'br':
      return brotliDecompressSync(bytes);
    case 'gzip':
      return gunzipSync(bytes);
    default:
      return bytes;
  }
}

/** Compression whose larger bodies are done when the test says so. */
function manualCompression() {
  const pending: (() => void)[] = [];
  const codec: BodyCodec = {
    compressNow: zlibCodec.compressNow,
    compress: (body, coding, done) => {
      pending.push(() => done(null, zlibCodec.compressNow(body, coding)));
    },
  };
  const compression = new AnswerCompression(codec, () => ({ idle: 0, active: 0 }), systemClock);
  return { compression, pending };
}

function plainAdmission(): Admission {
  return new Admission({ maxInFlight: 100, maxInFlightBytes: 1e9, maxWaitMs: 1_000, maxQueue: 100 }, 0);
}

describe('a compressed answer', () => {
  for (const coding of ['br', 'gzip'] satisfies ContentCoding[]) {
    for (const bytes of [SMALL_BYTES, LARGE_BYTES, 1_000_000]) {
      it(`of ${bytes} bytes is the plain one after ${coding}`, async (context) => {
        const compression = idleCompression();
        const gateway = await startGateway(context, [sized], { compression });
        const plain = await send(gateway.port, `/${bytes}`, undefined);
        const coded = await send(gateway.port, `/${bytes}`, coding);
        assert.equal(plain.headers['content-encoding'], undefined);
        assert.equal(coded.headers['content-encoding'], coding);
        assert.equal(coded.headers['content-length'], String(coded.bytes.length));
        assert.equal(coded.headers['content-type'], 'application/json; charset=utf-8');
        assert.ok(coded.bytes.length < plain.bytes.length / 3);
        assert.ok(decode(coded).equals(plain.bytes));
        assert.equal(compression.counts.compressed, 1);
        assert.equal(compression.counts.bytesIn, plain.bytes.length);
        assert.equal(compression.counts.bytesOut, coded.bytes.length);
      });
    }
  }

  it('is logged with the bytes that were sent', async (context) => {
    const gateway = await startGateway(context, [sized]);
    const { bytes } = await send(gateway.port, `/${LARGE_BYTES}`, 'br');
    const [line] = await gateway.requestLines(1);
    assert.equal(line!.responseBytes, bytes.length);
    assert.equal(line!.status, 200);
  });

  it('is an error too', async (context) => {
    const invoke = () => {
      throw new GatewayError('PROVIDER_EXCEPTION', 'The provider threw.', {
        extensions: { exception: { fields: list(SMALL_BYTES) } },
      });
    };
    const gateway = await startGateway(context, [{ path: '/', invoke }]);
    const plain = await send(gateway.port, '/', undefined);
    const coded = await send(gateway.port, '/', 'gzip');
    assert.equal(coded.headers['content-encoding'], 'gzip');
    assert.equal(coded.headers['content-type'], 'application/problem+json');
    assert.equal(coded.status, plain.status);
    assert.equal(coded.headers.vary, 'Accept-Encoding');
    const { requestId: _plainId, ...expected } = JSON.parse(plain.bytes.toString());
    const { requestId: _codedId, ...decoded } = JSON.parse(decode(coded).toString());
    assert.deepEqual(decoded, expected);
    const lines = await gateway.requestLines(2);
    assert.equal(lines[1]!.code, 'PROVIDER_EXCEPTION');
    assert.equal(lines[1]!.responseBytes, coded.bytes.length);
  });

  it('keeps the headers of the call', async (context) => {
    const invoke = () => json(list(SMALL_BYTES), { 'x-page': '2', vary: 'accept-language' });
    const gateway = await startGateway(context, [{ path: '/', invoke }]);
    const { headers } = await send(gateway.port, '/', 'br');
    assert.equal(headers['x-page'], '2');
    assert.equal(headers.vary, 'accept-language, Accept-Encoding');
    assert.equal(headers['content-encoding'], 'br');
    assert.ok(headers['x-request-id']);
  });

  it('comes on the same connection as others, in the order of the requests', async (context) => {
    const gateway = await startGateway(context, [sized]);
    const client = await rawClient(context, gateway.port);
    const get = (bytes: number, more = '') =>
      `GET /${bytes} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n${more}\r\n`;
    client.send(get(500_000) + get(40) + get(LARGE_BYTES) + get(SMALL_BYTES) + get(40, 'Connection: close\r\n'));
    const answers = parseAnswers(await client.closed());
    const lengths = answers.map(({ headers, body }) => {
      const bytes = Buffer.from(body, 'latin1');
      return (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    });
    assert.deepEqual(
      lengths,
      [500_000, 40, LARGE_BYTES, SMALL_BYTES, 40].map((bytes) => JSON.stringify(list(bytes))),
    );
    assert.deepEqual(
      answers.map(({ headers }) => headers.connection),
      ['keep-alive', 'keep-alive', 'keep-alive', 'keep-alive', 'close'],
    );
  });

  it('is chosen by weight, and never one that is refused', async (context) => {
    const gateway = await startGateway(context, [sized]);
    const cases: [string, string | undefined][] = [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip;q=0.9, br;q=0.8', 'gzip'],
      ['br;q=0, gzip;q=0.1', 'gzip'],
      ['br;q=0, gzip;q=0', undefined],
      ['*', 'br'],
      ['*;q=0', undefined],
      ['identity, gzip;q=0.5', undefined],
      ['deflate', undefined],
      ['gzip;q=high', undefined],
      ['', undefined],
    ];
    for (const [acceptEncoding, coding] of cases) {
      const received = await send(gateway.port, `/${SMALL_BYTES}`, acceptEncoding);
      assert.equal(received.headers['content-encoding'], coding, acceptEncoding);
      assert.equal(received.headers.vary, 'Accept-Encoding', acceptEncoding);
      assert.equal(decode(received).toString(), JSON.stringify(list(SMALL_BYTES)), acceptEncoding);
    }
  });

  it('is chosen by the whole header when it comes in several lines', async (context) => {
    const gateway = await startGateway(context, [sized]);
    const client = await rawClient(context, gateway.port);
    client.send(
      `GET /${SMALL_BYTES} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br;q=0\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n`,
    );
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.headers['content-encoding'], 'gzip');
  });
});

describe('an answer that is sent as it is', () => {
  async function assertPlain(context: TestContext, value: unknown, headers: Record<string, string>, vary?: string) {
    const gateway = await startGateway(context, [{ path: '/', invoke: () => json(value, headers) }]);
    const received = await send(gateway.port, '/', 'gzip, br');
    assert.equal(received.bytes.toString(), JSON.stringify(value));
    assert.equal(received.headers['content-length'], String(received.bytes.length));
    assert.equal(received.headers.vary, vary);
    return received;
  }

  it('is below the least size, and varies by nothing', async (context) => {
    const { headers } = await assertPlain(context, 'x'.repeat(1_021), {});
    assert.equal(headers['content-encoding'], undefined);
  });

  it('is not to be transformed, or its headers hold for its bytes only', async (context) => {
    const { headers } = await assertPlain(context, list(SMALL_BYTES), { 'cache-control': 'no-transform' });
    assert.equal(headers['content-encoding'], undefined);
    await assertPlain(context, list(SMALL_BYTES), { etag: '"1"' });
  });

  it('has a coding already', async (context) => {
    const { headers } = await assertPlain(context, list(SMALL_BYTES), { 'content-encoding': 'x-own' });
    assert.equal(headers['content-encoding'], 'x-own');
  });

  it('has no body', async (context) => {
    const invoke = () => ({ status: 204, headers: undefined, body: undefined });
    const gateway = await startGateway(context, [{ path: '/', invoke }]);
    const received = await send(gateway.port, '/', 'gzip, br');
    assert.equal(received.status, 204);
    assert.equal(received.headers['content-encoding'], undefined);
    assert.equal(received.headers.vary, undefined);
    assert.equal(received.headers['content-length'], undefined);
    const options = await send(gateway.port, '/', 'gzip, br', 'OPTIONS');
    assert.equal(options.status, 204);
    assert.equal(options.headers['content-encoding'], undefined);
  });

  it('would not become smaller', async (context) => {
    const compression = new AnswerCompression(
      { compressNow: (body) => Buffer.concat([body, body]), compress: zlibCodec.compress },
      () => ({ idle: 0, active: 0 }),
      systemClock,
    );
    const gateway = await startGateway(context, [sized], { compression });
    const received = await send(gateway.port, `/${SMALL_BYTES}`, 'br');
    assert.equal(received.headers['content-encoding'], undefined);
    assert.equal(received.headers.vary, 'Accept-Encoding');
    assert.equal(received.bytes.toString(), JSON.stringify(list(SMALL_BYTES)));
    assert.equal(compression.counts.skippedNoGain, 1);
  });

  it('could not be compressed since zlib failed', async (context) => {
    const compression = new AnswerCompression(
      { compressNow: zlibCodec.compressNow, compress: (body, _coding, done) => done(new Error('no memory'), body) },
      () => ({ idle: 0, active: 0 }),
      systemClock,
    );
    const gateway = await startGateway(context, [sized], { compression });
    const received = await send(gateway.port, `/${LARGE_BYTES}`, 'br');
    assert.equal(received.headers['content-encoding'], undefined);
    assert.equal(received.bytes.toString(), JSON.stringify(list(LARGE_BYTES)));
    assert.equal(compression.counts.failed, 1);
  });

  it('belongs to a route that is never compressed, and varies by nothing', async (context) => {
    const gateway = await startGateway(context, [{ ...sized, compresses: false }]);
    const { headers } = await send(gateway.port, `/${SMALL_BYTES}`, 'gzip, br');
    assert.equal(headers['content-encoding'], undefined);
    assert.equal(headers.vary, undefined);
  });

  it('is any while compression is off', async (context) => {
    const gateway = await startGateway(context, [sized], { server: { compression: { enabled: false } } });
    const received = await send(gateway.port, `/${SMALL_BYTES}`, 'br');
    assert.equal(received.headers['content-encoding'], undefined);
    assert.equal(received.headers.vary, undefined);
  });

  it('is any while the event loop is too busy', async (context) => {
    const loop = { idle: 0, active: 0 };
    const clock = { nowMs: 0, wallMs: 0 };
    const compression = new AnswerCompression(zlibCodec, () => ({ ...loop }), {
      nowMs: () => clock.nowMs,
      wallMs: () => clock.wallMs,
    });
    const gateway = await startGateway(context, [sized], { compression });
    const codingAfter = async (ms: number, utilization: number) => {
      clock.nowMs += ms;
      loop.active += ms * utilization;
      loop.idle += ms * (1 - utilization);
      const { headers } = await send(gateway.port, `/${SMALL_BYTES}`, 'br');
      assert.equal(headers.vary, 'Accept-Encoding');
      return headers['content-encoding'];
    };
    assert.equal(await codingAfter(500, 0.8), 'br');
    assert.equal(await codingAfter(500, 0.95), undefined);
    assert.equal(await codingAfter(500, 0.85), undefined);
    assert.equal(await codingAfter(500, 0.5), 'br');
    assert.equal(compression.counts.skippedLoad, 2);
  });

  it('belongs to a request that did not pass its checks', async (context) => {
    const gateway = await startGateway(context, [sized], { server: { compression: { minBytes: 1 } } });
    const client = await rawClient(context, gateway.port);
    client.send('GET /1 HTTP/1.1\r\nHost: a\r\nHost: b\r\nAccept-Encoding: gzip\r\n\r\n');
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.status, 400);
    assert.equal(answer!.headers['content-encoding'], undefined);
    assert.equal(JSON.parse(answer!.body).code, 'REQUEST_TARGET');
  });
});

describe('HEAD', () => {
  it('gets the headers of its GET, without the length of a body that was never compressed', async (context) => {
    const compression = idleCompression();
    const gateway = await startGateway(context, [sized], { compression });
    for (const path of [`/${SMALL_BYTES}`, `/${LARGE_BYTES}`, '/40']) {
      for (const acceptEncoding of ['br', 'gzip', undefined]) {
        const head = await send(gateway.port, path, acceptEncoding, 'HEAD');
        const get = await send(gateway.port, path, acceptEncoding);
        const { date: _headDate, 'x-request-id': _headId, ...headHeaders } = head.headers;
        const { date: _getDate, 'x-request-id': _getId, 'content-length': length, ...getHeaders } = get.headers;
        const known = get.headers['content-encoding'] === undefined ? { 'content-length': length } : {};
        assert.deepEqual(headHeaders, { ...getHeaders, ...known }, `${path} ${acceptEncoding}`);
        assert.equal(head.bytes.length, 0);
      }
    }
    assert.equal(compression.counts.compressed, 4);
  });

  it('leaves the connection usable', async (context) => {
    const gateway = await startGateway(context, [sized]);
    const client = await rawClient(context, gateway.port);
    const head = `HEAD /${SMALL_BYTES} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n`;
    client.send(`${head}${head}GET /40 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    const answers = parseAnswers(await client.closed());
    assert.equal(answers.length, 3);
    assert.equal(answers[0]!.headers.connection, 'keep-alive');
    assert.equal(answers[0]!.headers['transfer-encoding'], undefined);
    assert.equal(answers[2]!.body, JSON.stringify(list(40)));
    const lines = await gateway.requestLines(3);
    assert.equal(lines[0]!.responseBytes, 0);
  });
});

describe('while an answer is compressed', () => {
  const GET = `GET /${LARGE_BYTES} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n`;

  it('its request keeps its place, and holds the bytes of the answer', async (context) => {
    const { compression, pending } = manualCompression();
    const admission = plainAdmission();
    const gateway = await startGateway(context, [sized], { compression, admission });
    const received = send(gateway.port, `/${LARGE_BYTES}`, 'gzip');
    await until(() => pending.length === 1);
    assert.equal(admission.status.inFlight, 1);
    assert.equal(admission.status.inFlightBytes, JSON.stringify(list(LARGE_BYTES)).length);
    assert.equal(gateway.log.filter((line) => line.msg === 'request').length, 0);
    pending.pop()!();
    assert.equal((await received).headers['content-encoding'], 'gzip');
    await until(() => admission.status.inFlight === 0);
    assert.equal(admission.status.inFlightBytes, 0);
    assert.equal((await gateway.requestLines(1)).length, 1);
  });

  it('a client that goes away is logged as 499, frees its place once, and gets nothing', async (context) => {
    const { compression, pending } = manualCompression();
    const admission = plainAdmission();
    let cancelled = 0;
    const route = {
      ...sized,
      invoke: (exchange: Exchange) => {
        exchange.call = {
          cancel: () => {
            cancelled += 1;
          },
        };
        return sized.invoke(exchange);
      },
    };
    const gateway = await startGateway(context, [route], { compression, admission });
    const client = await rawClient(context, gateway.port);
    client.send(GET.repeat(2));
    await until(() => pending.length === 2);
    client.socket.destroy();
    const lines = await gateway.requestLines(2);
    assert.deepEqual(
      lines.map(({ status, code, responseBytes }) => [status, code, responseBytes]),
      [
        [499, 'CLIENT_CLOSED', 0],
        [499, 'CLIENT_CLOSED', 0],
      ],
    );
    assert.equal(admission.status.inFlight, 0);
    for (const finish of pending) finish();
    assert.equal(admission.status.inFlight, 0);
    assert.equal(admission.status.inFlightBytes, 0);
    assert.equal(cancelled, 0, 'the calls were over');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await gateway.requestLines(2)).length, 2);
  });

  it('a drain waits for it, and its answer ends the connection', async (context) => {
    const { compression, pending } = manualCompression();
    const gateway = await startGateway(context, [sized], { compression });
    const client = await rawClient(context, gateway.port);
    client.send(GET);
    await until(() => pending.length === 1);
    gateway.phase = 'draining';
    const stopped = gateway.server.stop(60_000);
    pending.pop()!();
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.headers.connection, 'close');
    assert.equal(gunzipSync(Buffer.from(answer!.body, 'latin1')).toString(), JSON.stringify(list(LARGE_BYTES)));
    await stopped;
  });

  it('the end of a drain answers it at once with GATEWAY_STOPPING, and nothing more', async (context) => {
    const { compression, pending } = manualCompression();
    const admission = plainAdmission();
    const gateway = await startGateway(context, [sized], { compression, admission });
    const client = await rawClient(context, gateway.port);
    client.send(GET);
    await until(() => pending.length === 1);
    gateway.phase = 'draining';
    await gateway.server.stop(1);
    pending.pop()!();
    const answers = parseAnswers(await client.closed());
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.connection]),
      [[503, 'close']],
    );
    const lines = await gateway.requestLines(1);
    assert.deepEqual(
      lines.map(({ code }) => code),
      ['GATEWAY_STOPPING'],
    );
    assert.equal(admission.status.inFlight, 0);
  });

  it('a smaller answer behind it waits its turn', async (context) => {
    const { compression, pending } = manualCompression();
    const gateway = await startGateway(context, [sized], { compression });
    const client = await rawClient(context, gateway.port);
    client.send(`${GET}GET /40 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`);
    await gateway.requestLines(1);
    assert.equal(client.text, '');
    pending.pop()!();
    const answers = parseAnswers(await client.closed());
    assert.deepEqual(
      answers.map(({ headers }) => headers['content-encoding']),
      ['gzip', undefined],
    );
  });
});

describe('too many answers to compress', () => {
  it('are sent as they are instead of waiting', async (context) => {
    const { compression, pending } = manualCompression();
    const gateway = await startGateway(context, [sized], { compression });
    const first = send(gateway.port, '/6000000', 'br');
    await until(() => pending.length === 1);
    const second = await send(gateway.port, `/${LARGE_BYTES}`, 'br');
    assert.equal(second.headers['content-encoding'], undefined);
    assert.equal(second.headers.vary, 'Accept-Encoding');
    assert.equal(compression.counts.skippedBusy, 1);
    pending.pop()!();
    assert.equal((await first).headers['content-encoding'], 'br');
  });
});
