import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { HeldRequests } from '../../../src/http/held-requests.ts';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import {
  type Harness,
  idleCompression,
  json,
  noSlowReaders,
  parseAnswers,
  rawClient,
  sendRaw,
  startGateway,
} from './gateway-harness.ts';

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

function url({ port }: Harness, path: string): string {
  return `http://127.0.0.1:${port}${path}`;
}

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  assert.equal(problem.status, response.status);
  assert.equal(problem.requestId, response.headers.get('x-request-id'));
  assert.equal(problem.type, `urn:sluice:error:${problem.code}`);
  return problem;
}

describe('a request', () => {
  it('reaches the call with all that it carries', async (context) => {
    const gateway = await startGateway(context, [echo]);
    const response = await fetch(url(gateway, '/users/a%2Fb?q=1+2&q=%C3%BC&r'), {
      headers: { 'X-Tenant': 'acme', Cookie: 'a=b; c="d%20e"', 'X-Request-Id': 'id_1.~-' },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(response.headers.get('x-request-id'), 'id_1.~-');
    assert.ok(response.headers.get('content-length'));
    assert.deepEqual(await response.json(), {
      id: 'a/b',
      q: '1 2',
      all: ['1 2', 'ü'],
      tenant: 'acme',
      cookie: 'd e',
      ip: '127.0.0.1',
      requestId: 'id_1.~-',
      proto: null,
    });
  });

  it('gets an id of its own when it brings none or a dangerous one', async (context) => {
    const gateway = await startGateway(context, [echo]);
    for (const given of [undefined, '', 'a b', 'x'.repeat(129), '"<script>"']) {
      const response = await fetch(url(gateway, '/users/1'), {
        headers: given === undefined ? {} : { 'X-Request-Id': given },
      });
      assert.match(response.headers.get('x-request-id')!, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });

  it('is one log line', async (context) => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const gateway = await startGateway(context, [
      {
        ...echo,
        invoke: (exchange) => {
          exchange.provider = '10.0.0.9:20880';
          return json(1);
        },
      },
    ]);
    await fetch(url(gateway, '/users/1?secret=1'), {
      headers: { 'X-Request-Id': 'me', traceparent: `00-${trace}-b7ad6b7169203331-01` },
    });
    const [line] = await gateway.requestLines(1);
    assert.ok(typeof line!.durationMs === 'number' && line!.durationMs >= 0 && line!.durationMs < 5_000);
    assert.match(String(line!.time), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual(
      { ...line, durationMs: 0, time: '' },
      {
        level: 'info',
        time: '',
        msg: 'request',
        requestId: 'me',
        traceId: trace,
        client: '127.0.0.1',
        method: 'GET',
        path: '/users/1',
        route: 'echo',
        methodKey: 'com.acme.Shop#echo()',
        provider: '10.0.0.9:20880',
        status: 200,
        durationMs: 0,
        requestBytes: 0,
        responseBytes: 1,
      },
    );
  });

  it('is not logged where logging of requests is off', async (context) => {
    const gateway = await startGateway(context, [echo]);
    gateway.routes = { ...gateway.routes, logRequests: false };
    await fetch(url(gateway, '/users/1'));
    assert.deepEqual(gateway.log, []);
  });

  it('is one JSON line for hostile paths and headers', async (context) => {
    const gateway = await startGateway(context, [{ path: '/*' }]);
    const hostile = ['/%0d%0a%22%7d', '/"},{"', '/%1b[31m', `/${'x'.repeat(2000)}`];
    for (const path of hostile) {
      const bytes = Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: h\r\nX-Request-Id: \xe2\x80\xae"\r\nConnection: close\r\n\r\n`,
        'latin1',
      );
      await sendRaw(context, gateway.port, bytes);
    }
    const lines = await gateway.requestLines(hostile.length);
    assert.deepEqual(
      lines.map((line) => String(line.path).slice(0, 9)),
      ['/%0d%0a%2', '/"},{"', '/%1b[31m', '/xxxxxxxx'],
    );
  });

  it('sees the client behind trusted proxies only', async (context) => {
    const gateway = await startGateway(context, [echo], { server: { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } });
    const response = await fetch(url(gateway, '/users/1'), {
      headers: { 'X-Forwarded-For': '6.6.6.6, 192.0.2.7, 10.1.1.1' },
    });
    assert.equal(((await response.json()) as { ip: string }).ip, '192.0.2.7');
    const [line] = await gateway.requestLines(1);
    assert.equal(line!.client, '192.0.2.7');
  });
});

describe('an outcome', () => {
  it('keeps status and headers, and has no body where there is none', async (context) => {
    const gateway = await startGateway(context, [
      { path: '/none', invoke: () => ({ body: undefined, status: 204, headers: { 'x-cost': '7' } }) },
      { path: '/accepted', invoke: () => ({ body: undefined, status: 202, headers: undefined }) },
    ]);
    const none = await fetch(url(gateway, '/none'));
    assert.equal(none.status, 204);
    assert.equal(none.headers.get('x-cost'), '7');
    assert.equal(none.headers.get('content-type'), null);
    assert.equal(none.headers.get('content-length'), null);
    const accepted = await fetch(url(gateway, '/accepted'));
    assert.equal(accepted.status, 202);
    assert.equal(accepted.headers.get('content-length'), '0');
    assert.equal(await accepted.text(), '');
  });

  it('cannot break out of its headers', async (context) => {
    const gateway = await startGateway(context, [
      { path: '/', invoke: () => json(1, { 'x-note': 'a\r\nset-cookie: b=c\0', 'x-name': '你é' }) },
    ]);
    const text = await sendRaw(context, gateway.port, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    const [answer] = parseAnswers(text);
    assert.equal(answer!.headers['x-note'], 'a  set-cookie: b=c ');
    assert.equal(Buffer.from(answer!.headers['x-name']!, 'latin1').toString('utf8'), '你é');
    assert.equal(answer!.headers['set-cookie'], undefined);
    assert.equal(answer!.body, '1');
  });

  for (const [name, unit] of [
    ['in one piece with the headers', '中é😀'],
    ['on its own', '中é😀'.repeat(20)],
  ] as const) {
    for (const encoding of ['identity', 'gzip', 'br']) {
      it(`has its text and its length in bytes when it goes out ${name}, as ${encoding}`, async (context) => {
        const value = unit.repeat(300);
        const gateway = await startGateway(context, [{ path: '/', invoke: () => json(value) }]);
        const response = await fetch(url(gateway, '/'), { headers: { 'Accept-Encoding': encoding } });
        assert.equal(response.headers.get('content-encoding') ?? 'identity', encoding);
        if (encoding === 'identity') {
          assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(JSON.stringify(value))));
        }
        assert.equal(await response.json(), value);
      });
    }
  }

  it('answers HEAD with the headers of GET and no body', async (context) => {
    const gateway = await startGateway(context, [echo, { path: '/fails', invoke: () => Promise.reject(new Error()) }]);
    const head = await fetch(url(gateway, '/users/1'), { method: 'HEAD', headers: { 'X-Request-Id': 'same' } });
    const get = await fetch(url(gateway, '/users/1'), { headers: { 'X-Request-Id': 'same' } });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-length'), get.headers.get('content-length'));
    assert.equal(await head.text(), '');
    const failed = await fetch(url(gateway, '/fails'), { method: 'HEAD' });
    assert.equal(failed.status, 500);
    assert.equal(await failed.text(), '');
  });

  it('is whole for large bodies and for a client that reads late', async (context) => {
    const large = 'y'.repeat(4_000_000);
    const gateway = await startGateway(context, [{ path: '/', invoke: () => json(large) }]);
    const client = await rawClient(context, gateway.port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    await gateway.requestLines(1);
    client.socket.resume();
    const [answer] = parseAnswers(await client.closed());
    assert.equal(answer!.body.length, large.length + 2);
  });

  it('cuts off a client that takes nothing of it', async (context) => {
    const gateway = await startGateway(context, [{ path: '/', invoke: () => json('y'.repeat(16_000_000)) }], {
      server: { limits: { requestTimeoutMs: 200 } },
    });
    const client = await rawClient(context, gateway.port);
    client.socket.pause();
    client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await gateway.requestLines(1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    client.socket.resume();
    assert.ok((await client.closed()).length < 16_000_000);
  });
});

describe('an error', () => {
  it('leaves as Problem Details with code, headers and extensions', async (context) => {
    const gateway = await startGateway(context, [
      {
        path: '/',
        invoke: () => {
          throw new GatewayError('PROVIDER_EXCEPTION', 'No such user.', {
            status: 404,
            publicCode: 'USER_NOT_FOUND',
            extensions: { exception: { class: 'com.acme.NotFound' }, code: 'FORGED', status: 1 },
            headers: { 'x-why': 'é' },
            log: { provider: '10.0.0.9:20880', stack: 'at com.acme' },
          });
        },
      },
    ]);
    const response = await fetch(url(gateway, '/'));
    assert.equal(response.status, 404);
    assert.ok(response.headers.get('x-why'));
    const problem = await problemOf(response);
    assert.equal(problem.code, 'USER_NOT_FOUND');
    assert.equal(problem.title, 'Business exception');
    assert.deepEqual(problem.exception, { class: 'com.acme.NotFound' });
    assert.doesNotMatch(JSON.stringify(problem), /10\.0\.0\.9|com\.acme\b(?!\.NotFound)/);
    const [line] = await gateway.requestLines(1);
    assert.equal(line!.code, 'USER_NOT_FOUND');
    assert.deepEqual(line!.error, { provider: '10.0.0.9:20880', stack: 'at com.acme' });
  });

  it('tells nothing of what nobody expected, and logs it with its stack', async (context) => {
    const gateway = await startGateway(context, [
      { path: '/throws', invoke: () => Promise.reject(new TypeError('secret 10.0.0.9')) },
      { path: '/strange', invoke: () => Promise.reject('secret text') },
      {
        path: '/unsayable',
        invoke: () => {
          throw new GatewayError('REQUEST_INVALID', 'x', { extensions: { big: 1n } });
        },
      },
    ]);
    for (const path of ['/throws', '/strange', '/unsayable']) {
      const response = await fetch(url(gateway, path));
      assert.equal(response.status, 500);
      const problem = await problemOf(response);
      assert.equal(problem.code, 'INTERNAL');
      assert.doesNotMatch(JSON.stringify(problem), /secret|TypeError|at /);
    }
    const faults = gateway.log.filter((line) => line.msg === 'internal error');
    assert.equal(faults.length, 3);
    const lines = await gateway.requestLines(3);
    assert.match(JSON.stringify(lines[0]!.error), /secret 10\.0\.0\.9.*gateway-app\.test/);
  });

  it('asks to retry after a second with every 503', async (context) => {
    const gateway = await startGateway(context, [
      { path: '/', invoke: () => Promise.reject(new GatewayError('PROVIDER_NONE', 'None.')) },
    ]);
    const response = await fetch(url(gateway, '/'));
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
  });
});

describe('routing', () => {
  const routes = [echo, { id: 'put', path: '/users/:id', method: ['PUT', 'POST'] }];

  it('answers 404, 405 with Allow, and OPTIONS', async (context) => {
    const gateway = await startGateway(context, routes);
    const missing = await fetch(url(gateway, '/nowhere'));
    assert.equal(missing.status, 404);
    assert.equal((await problemOf(missing)).code, 'ROUTE_NOT_FOUND');
    const wrong = await fetch(url(gateway, '/users/1'), { method: 'DELETE' });
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, OPTIONS, POST, PUT');
    assert.equal((await problemOf(wrong)).code, 'METHOD_NOT_ALLOWED');
    const options = await fetch(url(gateway, '/users/1'), { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), 'GET, HEAD, OPTIONS, POST, PUT');
    assert.equal((await fetch(url(gateway, '/nowhere'), { method: 'OPTIONS' })).status, 404);
    const all = await sendRaw(context, gateway.port, 'OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
    assert.match(all, /^HTTP\/1\.1 204 /);
    assert.match(all, /\r\nAllow: GET, HEAD, OPTIONS, POST, PUT\r\n/);
  });

  it('refuses bad percent-encoding in path and query', async (context) => {
    const gateway = await startGateway(context, routes);
    for (const path of ['/users/%zz', '/users/%ff', '/users/1?q=%', '/users/1?a=%C3%28']) {
      const response = await fetch(url(gateway, path));
      assert.equal(response.status, 400, path);
      assert.equal((await problemOf(response)).code, 'REQUEST_TARGET');
    }
  });

  it('matches host, header, query and cookie conditions of real requests', async (context) => {
    const gateway = await startGateway(context, [
      { id: 'plain', path: '/', invoke: () => json('plain') },
      { id: 'host', path: '/', host: '*.example.com', invoke: () => json('host') },
      {
        id: 'all',
        path: '/',
        headers: { 'X-Tenant': 'acme' },
        query: { v: '2' },
        cookie: { beta: true },
        invoke: () => json('all'),
      },
    ]);
    const ask = async (path: string, headers: string) => {
      const head = `GET ${path} HTTP/1.1\r\nConnection: close\r\n${headers}\r\n\r\n`;
      return parseAnswers(await sendRaw(context, gateway.port, head))[0]!.body;
    };
    assert.equal(await ask('/', 'Host: x'), '"plain"');
    assert.equal(await ask('/', 'Host: A.EXAMPLE.com.:81'), '"host"');
    assert.equal(await ask('/?v=2', 'Host: x\r\nx-tenant: acme\r\nCookie: beta='), '"all"');
    assert.equal(await ask('/?v=3', 'Host: x\r\nx-tenant: acme\r\nCookie: beta='), '"plain"');
  });

  it('takes the configuration in force when the request came', async (context) => {
    const gateway = await startGateway(context, [{ path: '/', invoke: () => json('old') }]);
    const other = await startGateway(context, [{ path: '/', invoke: () => json('new') }]);
    assert.equal(await (await fetch(url(gateway, '/'))).text(), '"old"');
    gateway.routes = other.routes;
    assert.equal(await (await fetch(url(gateway, '/'))).text(), '"new"');
  });
});

describe('callback()', () => {
  it('serves on a server of somebody else', async (context) => {
    const gateway = await startGateway(context, [echo]);
    const { createGatewayApp } = await import('../../../src/http/gateway-app.ts');
    const { createLogger } = await import('../../../src/telemetry/logger.ts');
    const { systemClock } = await import('../../../src/time/clock.ts');
    const sink = { write: () => {}, flushSync: () => {}, close: async () => {} };
    const app = createGatewayApp({
      current: () => gateway.routes,
      logger: createLogger({ level: 'silent', sink }),
      clock: systemClock,
      phase: () => 'serving',
      admission: undefined,
      slowReaders: noSlowReaders(),
      heldRequests: new HeldRequests(1_000),
      metrics: undefined,
      compression: idleCompression(),
    });
    const server = createServer(app.callback());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/users/7`);
    assert.equal(((await response.json()) as { id: string }).id, '7');
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest({ port, host: '127.0.0.1', path: '/none', agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
    assert.equal(status, 404);
  });
});
