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
    // By default a client has thirty seconds for its body.
    assert.ok(performance.now() - startedMs < 20_000);
  });
});
