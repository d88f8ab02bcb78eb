import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { AdminClient, type AdminClientOptions } from '../../../src/cli/admin-client.ts';
import { AdminError } from '../../../src/cli/admin-failure.ts';
import { until } from '../../support/until.ts';
import { answerJson, answerProblem, startFakeAdmin } from './fake-admin.ts';

const NOW = Date.parse('2026-01-31T10:00:12.000Z');

function client(url: string, options?: AdminClientOptions, token?: string): AdminClient {
  return new AdminClient({ url, token }, options);
}

/** The error of a request that must fail. */
async function failure(request: Promise<unknown>): Promise<AdminError> {
  const error = await request.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AdminError, String(error));
  return error;
}

/** A server that does with a connection what the test says. */
async function rawServer(context: TestContext, onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('AdminClient', () => {
  it('asks with its token, and gives the answer with the time of the server', async (context) => {
    const admin = await startFakeAdmin(context, (response) => answerJson(response, { fine: true }, NOW));
    const answer = await client(`${admin.url}/below`, {}, 'secret-1').get('bulkheads');
    assert.deepEqual(answer, { json: { fine: true }, wallMs: NOW });
    const [request] = admin.requests;
    assert.deepEqual([request?.method, request?.path], ['GET', '/below/admin/v1/bulkheads']);
    assert.equal(request?.headers.authorization, 'Bearer secret-1');
  });

  it('sends no token where there is none, and JSON with its type', async (context) => {
    const admin = await startFakeAdmin(context, (response) => answerJson(response, {}));
    await client(admin.url).post('methods/a/pin', { reason: 'für später' });
    const [request] = admin.requests;
    assert.deepEqual([request?.method, request?.body], ['POST', '{"reason":"für später"}']);
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.ok(!('authorization' in request!.headers));
  });

  it('says that nothing listens', async (context) => {
    const admin = await startFakeAdmin(context, () => {});
    await admin.stop();
    const error = await failure(client(admin.url).get('bulkheads'));
    assert.deepEqual([error.message, error.isTransient], [`cannot reach ${admin.url}: connection refused`, true]);
  });

  it('says that the connection was closed', async (context) => {
    const url = await rawServer(context, (socket) => socket.once('data', () => socket.destroy()));
    const error = await failure(client(url).get('bulkheads'));
    assert.equal(error.message, `cannot reach ${url}: the connection was closed without an answer`);
    assert.ok(error.isTransient);
  });

  it('says that an answer broke off', async (context) => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":';
    const url = await rawServer(context, (socket) => socket.once('data', () => socket.end(head)));
    assert.ok((await failure(client(url).get('bulkheads'))).isTransient);
  });

  it('waits for an answer no longer than it may, also for one that trickles in', async (context) => {
    let open = 0;
    const url = await rawServer(context, (socket) => {
      open++;
      socket.on('close', () => open--).resume();
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{');
    });
    const error = await failure(client(url, { timeoutMs: 50 }).get('bulkheads'));
    assert.deepEqual([error.message, error.isTransient], [`cannot reach ${url}: no answer within 0.05 s`, true]);
    await until(() => open === 0, 'the connection closed');
  });

  it('holds no more of an answer than it may', async (context) => {
    const admin = await startFakeAdmin(context, (response) => answerJson(response, 'x'.repeat(100_000)));
    const error = await failure(client(admin.url, { maxAnswerBytes: 50_000 }).get('bulkheads'));
    assert.equal(error.message, `the answer of ${admin.url} is larger than 50000 bytes`);
  });

  it('says that what answers does not speak HTTP', async (context) => {
    const url = await rawServer(context, (socket) => socket.once('data', () => socket.end('+PONG\r\n')));
    const error = await failure(client(url).get('bulkheads'));
    assert.deepEqual([error.message, error.isTransient], [`${url} does not speak HTTP`, false]);
  });

  it('says that TLS failed', async (context) => {
    const admin = await startFakeAdmin(context, () => {});
    const error = await failure(client(admin.url.replace('http:', 'https:')).get('bulkheads'));
    assert.match(error.message, /^cannot reach https:.*: TLS failed \(\w+\)$/);
    assert.ok(!error.isTransient);
  });

  it('says what an answer that is no success means', async (context) => {
    const admin = await startFakeAdmin(context, () => {});
    const expectations: readonly (readonly [
      status: number,
      body: Record<string, unknown> | string,
      message: RegExp,
      isTransient: boolean,
    ])[] = [
      [
        403,
        { code: 'FORBIDDEN', detail: 'The host x is not allowed.' },
        /answered 403: The host x is not allowed\.$/,
        false,
      ],
      [403, '<html>', /is not the admin API of Sluice: it answered 403$/, false],
      [404, '<html>no such page</html>', /is not the admin API of Sluice: it answered 404$/, false],
      [404, { code: 'ROUTE_NOT_FOUND', detail: 'No route matches.' }, /is not the admin API.*404$/, false],
      [404, { code: 'METHOD_UNKNOWN', detail: 'No method a#b is known.' }, /^No method a#b is known\.$/, false],
      [302, '', /is not the admin API of Sluice: it answered 302$/, false],
      [409, { code: 'CONFLICT', detail: 'It is gone.' }, /answered 409: It is gone\.$/, false],
      [429, { code: 'BUSY', detail: 'Later.' }, /answered 429: Later\.$/, true],
      [500, { code: 'INTERNAL', detail: 'A fault.' }, /answered 500: A fault\.$/, true],
      [502, '<html>bad gateway</html>', /answered 502$/, true],
      [503, { code: 'X', detail: '\u001b[2J\nevil' }, /answered 503: \[2J evil|answered 503: {1,2}\[2J evil$/, true],
    ];
    for (const [status, body, message, isTransient] of expectations) {
      admin.answer = (response) => {
        if (typeof body === 'object') answerProblem(response, status, body);
        else response.writeHead(status, { 'content-type': 'text/html', location: '/elsewhere' }).end(body);
      };
      const error = await failure(client(admin.url).get('bulkheads'));
      assert.match(error.message, message);
      assert.equal(error.isTransient, isTransient, error.message);
    }
  });

  it('tells a missing token from a wrong one, and shows neither', async (context) => {
    const admin = await startFakeAdmin(context, (response) =>
      answerProblem(response, 401, { code: 'UNAUTHENTICATED', detail: 'secret-1' }),
    );
    assert.equal(
      (await failure(client(admin.url).get('bulkheads'))).message,
      `${admin.url} asks for a token: set SLUICE_ADMIN_TOKEN`,
    );
    assert.equal(
      (await failure(client(admin.url, {}, 'secret-1').get('bulkheads'))).message,
      `${admin.url} refused the token`,
    );
  });

  it('shows the nearest names of an unknown one', async (context) => {
    const nearest = ['a#get(long)', 'a#get(int)\u0007'];
    const admin = await startFakeAdmin(context, (response) =>
      answerProblem(response, 404, { code: 'X', detail: 'No method is known as "a#gt(long)".', nearest }),
    );
    const { message } = await failure(client(admin.url).post('methods/a/pin', {}));
    assert.equal(message, 'No method is known as "a#gt(long)"; did you mean\n  a#get(long)\n  a#get(int)');
  });

  it('says that an answer is not JSON', async (context) => {
    const admin = await startFakeAdmin(context, (response) => response.end('<html></html>'));
    const error = await failure(client(admin.url).get('bulkheads'));
    assert.equal(error.message, `${admin.url} is not the admin API of Sluice: its answer is not JSON`);
  });

  it('ends at once when it is aborted', async (context) => {
    const admin = await startFakeAdmin(context, () => {});
    const abort = new AbortController();
    const request = client(admin.url).get('bulkheads', abort.signal);
    await until(() => admin.requests.length === 1, 'the request');
    abort.abort();
    await assert.rejects(request, { name: 'AbortError' });
    await assert.rejects(client(admin.url).get('bulkheads', abort.signal), { name: 'AbortError' });
  });
});
