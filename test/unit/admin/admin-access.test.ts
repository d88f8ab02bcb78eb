import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createAdminServer } from '../../../src/admin/admin-server.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type RawAnswer, RawConnection } from '../../support/raw-connection.ts';
import { type AdminHarness, API, fakeView, KEYS, startAdmin } from './admin-harness.ts';

const TOKEN = 'a-token-of-the-test';
const QUARANTINE = `${API}/methods/${encodeURIComponent(KEYS[0])}/quarantine`;

/** Sends bytes on a connection of their own and reads one answer. */
async function raw(context: TestContext, { port }: AdminHarness, request: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(port);
  context.after(() => connection.destroy());
  connection.send(request);
  return connection.answer();
}

function codeOf({ body }: RawAnswer): string {
  return (JSON.parse(body) as { code: string }).code;
}

describe('the admin port against web pages', () => {
  it('answers no page that has its own name point here, and one Host header only', async (context) => {
    const admin = await startAdmin(context);
    const cases: readonly (readonly [headers: string, status: number, code: string])[] = [
      ['Host: attacker.example\r\n', 403, 'FORBIDDEN'],
      ['Host: localhost.attacker.example:9090\r\n', 403, 'FORBIDDEN'],
      ['Host: localhost\r\nHost: attacker.example\r\n', 400, 'REQUEST_TARGET'],
      ['Host: attacker.example\r\nHost: localhost\r\n', 400, 'REQUEST_TARGET'],
      ['Host:\r\n', 400, 'REQUEST_TARGET'],
      ['', 400, 'REQUEST_TARGET'],
    ];
    for (const [headers, status, code] of cases) {
      const answer = await raw(context, admin, `GET ${API}/bulkheads HTTP/1.1\r\n${headers}\r\n`);
      assert.deepEqual([answer.status, codeOf(answer)], [status, code], headers);
      const post = `POST ${QUARANTINE} HTTP/1.1\r\n${headers}Content-Length: 0\r\n\r\n`;
      assert.equal((await raw(context, admin, post)).status, status, headers);
    }
    const absolute = `GET http://attacker.example${API}/bulkheads HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    assert.equal(codeOf(await raw(context, admin, absolute)), 'REQUEST_TARGET');
    assert.equal(admin.bulkheads.methods.size, 0);
  });

  it('answers no page of another origin, and gives it no CORS headers', async (context) => {
    const admin = await startAdmin(context);
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { origin: 'http://attacker.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${admin.port + 1}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      for (const [path, method] of [
        [`${API}/bulkheads`, 'GET'],
        [`${API}/bulkheads`, 'OPTIONS'],
        [QUARANTINE, 'POST'],
        [QUARANTINE, 'OPTIONS'],
        ['/metrics', 'GET'],
        ['/', 'GET'],
      ] as const) {
        const answer = await admin.send(path, { method, headers });
        assert.equal(answer.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
        assert.deepEqual(
          Object.keys(answer.headers).filter((name) => name.startsWith('access-control')),
          [],
        );
      }
    }
    assert.equal(admin.bulkheads.methods.size, 0);
    const own = { origin: `http://127.0.0.1:${admin.port}`, 'sec-fetch-site': 'same-origin' };
    assert.equal((await admin.send(QUARANTINE, { method: 'POST', headers: own })).status, 200);
  });

  it('finds such a header behind any number of others', async (context) => {
    const admin = await startAdmin(context);
    const many = Array.from({ length: 2_500 }, () => 'a:b\r\n').join('');
    const answer = await raw(
      context,
      admin,
      `GET ${API}/bulkheads HTTP/1.1\r\nHost: localhost\r\n${many}Origin: http://attacker.example\r\n\r\n`,
    );
    assert.equal(codeOf(answer), 'FORBIDDEN');
  });

  it('has no answer that a page could frame, run or sniff', async (context) => {
    const admin = await startAdmin(context);
    for (const path of [`${API}/bulkheads`, '/healthz', '/nothing', QUARANTINE]) {
      const { headers } = await admin.send(path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['x-frame-options'], 'DENY', path);
      assert.match(headers['content-security-policy'] as string, /^default-src 'none'/, path);
    }
  });

  it('answers health checks whatever their Host', async (context) => {
    const admin = await startAdmin(context, {}, { token: TOKEN });
    for (const path of ['/healthz', '/readyz', '/readyz?verbose']) {
      const answer = await raw(context, admin, `GET ${path} HTTP/1.1\r\nHost: pod-7.cluster.example\r\n\r\n`);
      assert.equal(answer.status, 200, path);
      assert.equal((await raw(context, admin, `GET ${path} HTTP/1.0\r\n\r\n`)).status, 200, path);
    }
    for (const path of ['/healthz/', '/Healthz', '//healthz', '/healthz/../metrics', '/healthz%2f..']) {
      assert.equal((await raw(context, admin, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)).status, 403, path);
    }
  });
});

describe('the admin port with a token', () => {
  it('opens by the token only', async (context) => {
    const admin = await startAdmin(context, {}, { token: TOKEN });
    const right = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await admin.send(`${API}/bulkheads`, { headers: right })).status, 200);
    const paths = [`${API}/bulkheads`, `${API}/methods/x`, '/metrics', '/', '/nothing', '/admin'];
    for (const path of paths) {
      for (const headers of [undefined, { authorization: 'Bearer wrong' }]) {
        const answer = await admin.send(path, headers && { headers });
        assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer'], path);
        assert.doesNotMatch(answer.text, new RegExp(TOKEN));
      }
    }
    assert.equal((await admin.send(QUARANTINE, { method: 'POST' })).status, 401);
    assert.equal(admin.bulkheads.methods.size, 0);
  });

  it('takes it from the header only', async (context) => {
    const admin = await startAdmin(context, {}, { token: TOKEN });
    assert.equal((await admin.send(`${API}/bulkheads?token=${TOKEN}`)).status, 401);
    assert.equal((await admin.send(`${API}/bulkheads?access_token=${TOKEN}`)).status, 401);
    assert.equal((await admin.send(`${API}/bulkheads`, { headers: { cookie: `token=${TOKEN}` } })).status, 401);
  });

  it('stops listening to who guesses, and logs it without the guesses', async (context) => {
    const admin = await startAdmin(context, {}, { token: TOKEN });
    const statuses: number[] = [];
    for (let guess = 0; guess < 25; guess++) {
      const answer = await admin.send(`${API}/bulkheads`, { headers: { authorization: `Bearer guess-${guess}` } });
      statuses.push(answer.status);
      if (answer.status === 429) assert.match(answer.headers['retry-after']!, /^\d+$/);
    }
    assert.deepEqual(statuses, [...Array<number>(20).fill(401), ...Array<number>(5).fill(429)]);
    const lines = admin.log.lines.filter(({ msg }) => msg === 'wrong admin token');
    assert.ok(lines.length >= 1 && lines.length < 20);
    assert.deepEqual([lines[0]!.level, lines[0]!.client, lines[0]!.attempts], ['warn', '127.0.0.1', 1]);
    assert.doesNotMatch(admin.log.text, /guess-/);
    assert.equal((await admin.send('/healthz')).status, 200);
  });
});

describe('the admin port without a token', () => {
  it('listens on loopback only', () => {
    const { logger } = captureLog();
    const start = (host: string, token = '') =>
      createAdminServer(fakeView(), { host, port: 0, token, allowedHosts: [], logger });
    for (const host of ['0.0.0.0', '::', '', '10.0.0.1', 'gateway.example', '128.0.0.1', '::ffff:127.0.0.1']) {
      assert.throws(() => start(host), /set server\.admin\.token or host 127\.0\.0\.1/, host);
      start(host, TOKEN);
    }
    for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost']) start(host);
  });
});

describe('the admin port and what is no request', () => {
  it('answers with Problem Details', async (context) => {
    const admin = await startAdmin(context);
    const cases: readonly (readonly [bytes: string, status: number, code: string])[] = [
      ['nonsense\r\n\r\n', 400, 'REQUEST_HTTP'],
      [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'REQUEST_HEADERS_TOO_LARGE'],
      ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400, 'REQUEST_HTTP'],
    ];
    for (const [bytes, status, code] of cases) {
      const answer = await raw(context, admin, bytes);
      assert.deepEqual([answer.status, codeOf(answer), answer.headers.connection], [status, code, 'close']);
    }
  });

  it('refuses a body that is too large, declared or not, and serves others meanwhile', async (context) => {
    const admin = await startAdmin(context);
    const head = `POST ${QUARANTINE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
    const declared = await raw(context, admin, `${head}Content-Length: 100000000\r\n\r\n`);
    assert.deepEqual([declared.status, codeOf(declared)], [413, 'REQUEST_TOO_LARGE']);
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    const chunked = await raw(context, admin, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
    assert.deepEqual([chunked.status, codeOf(chunked)], [413, 'REQUEST_TOO_LARGE']);
    assert.equal((await admin.send('/healthz')).status, 200);
  });

  it('gives up a body that does not come in time', async (context) => {
    const admin = await startAdmin(context, {}, { requestTimeoutMs: 200 });
    const head = `POST ${QUARANTINE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n`;
    const answer = await raw(context, admin, `${head}\r\n{`);
    assert.deepEqual([answer.status, codeOf(answer)], [408, 'REQUEST_TIMEOUT']);
    assert.equal(admin.bulkheads.methods.size, 0);
    assert.doesNotMatch(admin.log.text, /"level":"error"/);
  });
});
