import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { PATIENT } from '../support/gateway-under-test.ts';
import { type CallOptions, HttpCaller } from '../support/http-caller.ts';
import { DIALECT_NAMES } from '../support/types-service.ts';

const CONFIG_FILE = fileURLToPath(new URL('../../config/gateway.yaml', import.meta.url));

const USER_1 =
  '{"address":{"zip":"01123","country":null,"city":"香港","street":"2 Main Street"},"roles":["ADMIN","BUYER"],"birth":"1998-05-09T09:51:31.000Z","active":true,"tags":["new","tag-1"],"createdAt":"2024-02-29T23:59:59.123","score":1.5,"balance":1000.10,"name":"李小龍","nickname":null,"attributes":{"visits":7},"id":1,"email":"user1@acme.example"}';
const USER_2 =
  '{"address":{"zip":"02123","country":null,"city":"Zürich","street":"3 Main Street"},"roles":["BUYER"],"birth":"1998-05-10T09:51:31.000Z","active":true,"tags":["new","tag-2"],"createdAt":"2023-12-31T00:00","score":2.5,"balance":2000.10,"name":"Zoë Müller 😀","nickname":null,"attributes":{"visits":14},"id":2,"email":"user2@acme.example"}';
const USER_BEYOND_2_53 =
  '{"address":{"zip":"03123","country":null,"city":"Bogotá","street":"4 Main Street"},"roles":["ADMIN","BUYER"],"birth":"1998-05-11T09:51:31.000Z","active":true,"tags":["new","tag-3"],"createdAt":"2024-01-02T03:04:05","score":3.5,"balance":3000.10,"name":"José Ñandú","nickname":null,"attributes":{"visits":21},"id":9007199254740993,"email":"user9007199254740993@acme.example"}';
const ITEMS = '[{"quantity":2,"price":3.20,"sku":"tea-1"},{"quantity":1,"price":12.00,"sku":"cup-9"}]';

function order(id: string, userId: string): string {
  return `{"note":null,"total":18.40,"id":"${id}","items":${ITEMS},"placedAt":"2024-06-01T00:00:00.123Z","userId":${userId},"deliverAfter":"2024-06-01T08:30","status":"PAID"}`;
}

interface Step {
  readonly request: string;
  readonly json?: string;
  /** Status and exact body; of an error its code. */
  readonly answer: readonly [status: number, body: string];
  /** What the provider received. */
  readonly sent: readonly string[];
  /** An exception, whose class dubbo-go does not tell. */
  readonly goAnswer?: readonly [status: number, code: string];
}

/** In this order: later steps see what earlier ones saved. */
const STEPS: readonly Step[] = [
  { request: 'GET /users/1', answer: [200, USER_1], sent: ['long 1'] },
  { request: 'GET /users/9007199254740993', answer: [200, USER_BEYOND_2_53], sent: ['long 9007199254740993'] },
  {
    request: 'GET /users/404',
    answer: [404, 'USER_NOT_FOUND'],
    sent: ['long 404'],
    goAnswer: [500, 'PROVIDER_EXCEPTION'],
  },
  { request: 'GET /users?size=2&page=0', answer: [200, `[${USER_1},${USER_2}]`], sent: ['int 0', 'int 2'] },
  { request: 'GET /users?size=1', answer: [200, `[${USER_2}]`], sent: ['int 1', 'int 1'] },
  {
    request: 'GET /users/by-email/user1%40acme.example',
    answer: [200, USER_1],
    sent: ['string "user1@acme.example"'],
  },
  { request: 'GET /users/by-email/nobody', answer: [204, ''], sent: ['string "nobody"'] },
  {
    request: 'PUT /users/7',
    json: '{"name":"Ada 😀","id":3,"birth":"1815-12-10","balance":12345678901234567890.10,"roles":["ADMIN"],"tags":["a"],"address":{"city":"香港"},"attributes":{"n":9007199254740993},"createdAt":"2026-01-31T10:15:30"}',
    answer: [
      200,
      '{"address":{"zip":null,"country":null,"city":"香港","street":null},"roles":["ADMIN"],"birth":"1815-12-10T00:00:00.000Z","active":false,"tags":["a"],"createdAt":"2026-01-31T10:15:30","score":0,"balance":12345678901234567890.10,"name":"Ada 😀","nickname":null,"attributes":{"n":9007199254740993},"id":7,"email":null}',
    ],
    sent: [
      'map{string "id": long 7, string "name": string "Ada 😀", string "birth": date -4861728000000, string "balance": string "12345678901234567890.10", string "roles": list[string "ADMIN"], string "tags": list[string "a"], string "address": map{string "city": string "香港"}, string "attributes": map{string "n": long 9007199254740993}, string "createdAt": string "2026-01-31T10:15:30"}',
    ],
  },
  { request: 'DELETE /users/7', answer: [204, ''], sent: ['long 7'] },
  {
    request: 'GET /users/7',
    answer: [404, 'USER_NOT_FOUND'],
    sent: ['long 7'],
    goAnswer: [500, 'PROVIDER_EXCEPTION'],
  },
  { request: 'GET /users/1/orders', answer: [200, `[${order('A-1', '1')},${order('A-2', '1')}]`], sent: ['long 1'] },
  { request: 'GET /orders/B-1', answer: [200, order('B-1', '9007199254740993')], sent: ['string "B-1"'] },
  {
    request: 'POST /orders',
    json: '{"userId":9007199254740993,"items":[{"sku":"tea-1","quantity":2,"price":3.20}]}',
    answer: [
      200,
      '{"note":null,"total":null,"id":"N-4","items":[{"quantity":2,"price":3.20,"sku":"tea-1"}],"placedAt":"2024-06-01T00:00:00.123Z","userId":9007199254740993,"deliverAfter":null,"status":"NEW"}',
    ],
    sent: [
      'map{string "userId": long 9007199254740993, string "items": list[map{string "sku": string "tea-1", string "quantity": int 2, string "price": string "3.20"}]}',
    ],
  },
  { request: 'POST /orders', json: '{}', answer: [500, 'PROVIDER_EXCEPTION'], sent: ['map{}'] },
  {
    request: 'GET /prices/gold',
    answer: [200, '{"sku":"gold","price":123456789012345678901234567890.123456789,"currency":"EUR"}'],
    sent: ['string "gold"'],
  },
  {
    request: 'GET /quote?sku=tea-1&sku=refund',
    answer: [200, '[{"sku":"tea-1","price":3.20,"currency":"EUR"},{"sku":"refund","price":-1.50,"currency":"EUR"}]'],
    sent: ['list[string "tea-1", string "refund"]'],
  },
];

describe('the configuration of `npm start`', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    it(`answers every route with exactly the right JSON from a ${dialect} provider`, async () => {
      await withShop(dialect, async (caller, provider) => {
        for (const { request, json, answer, sent, goAnswer } of STEPS) {
          const { status, headers, text } = await caller.send(...parse(request, json));
          const expected = dialect === 'go' && goAnswer !== undefined ? goAnswer : answer;
          const body = status >= 400 ? JSON.parse(text).code : text;
          assert.deepEqual([status, body], expected, request);
          assert.equal(headers['content-type'], typeOf(status), request);
          assert.equal(headers['content-length'], status === 204 ? undefined : String(Buffer.byteLength(text)));
          assert.match(headers['x-request-id'] as string, /^[\da-f-]{36}$/);
          assert.deepEqual(provider.calls.at(-1)?.argTexts, sent, request);
        }
        assert.equal(provider.calls.length, STEPS.length);
        assert.equal(provider.connections.length, 1, 'all services of one address share a connection');
      });
    });
  }

  it('answers HEAD as GET without its body, OPTIONS with what a path takes, and the rest with 404 and 405', async () => {
    await withShop('3.3', async (caller, provider) => {
      const head = await caller.send('/users/1', { method: 'HEAD' });
      assert.deepEqual([head.status, head.text], [200, '']);
      assert.equal(head.headers['content-length'], String(Buffer.byteLength(USER_1)));
      assert.equal(provider.calls.length, 1);

      const options = await caller.send('/users/1', { method: 'OPTIONS' });
      assert.deepEqual([options.status, options.headers.allow], [204, 'DELETE, GET, HEAD, OPTIONS, PUT']);
      const notAllowed = await caller.send('/users/1', { method: 'PATCH' });
      assert.deepEqual([notAllowed.status, notAllowed.headers.allow], [405, 'DELETE, GET, HEAD, OPTIONS, PUT']);
      assert.equal(JSON.parse(notAllowed.text).code, 'METHOD_NOT_ALLOWED');
      for (const path of ['/', '/user/1', '/users/1/', '/users//', '/Users/1', '/users/1%2Forders/x']) {
        assert.equal((await caller.problem(path)).code, 'ROUTE_NOT_FOUND', path);
      }
      assert.equal(provider.calls.length, 1, 'nothing was sent for the others');
    });
  });

  it('keeps the request id of the caller when it is harmless, and makes one when not', async () => {
    await withShop('3.3', async (caller) => {
      const idOf = async (id: string) =>
        (await caller.send('/prices/free', { headers: { 'x-request-id': id } })).headers['x-request-id'];
      assert.equal(await idOf('order-7.1_~a'), 'order-7.1_~a');
      for (const harmful of ['a b', 'a"b', 'x'.repeat(129), ''])
        assert.match((await idOf(harmful)) as string, /^[\da-f-]{36}$/);
    });
  });
});

async function withShop(
  dialect: (typeof DIALECT_NAMES)[number],
  run: (caller: HttpCaller, provider: MockProvider) => Promise<void>,
): Promise<void> {
  const provider = await startMockProvider({ dialect });
  const { config, diagnostics } = loadConfig(CONFIG_FILE, {});
  assert.deepEqual(diagnostics, []);
  assert.ok(config);
  for (const service of Object.values(config.services)) service.providers = [provider.address];
  Object.assign(config.defaults, PATIENT);
  config.server.http = { host: '127.0.0.1', port: 0 };
  config.server.admin.port = 0;
  const gateway = assembleGateway(config, { logger: captureLog().logger });
  const { http } = await gateway.start();
  const caller = new HttpCaller(http.port);
  try {
    await run(caller, provider);
  } finally {
    caller.close();
    await gateway.stop();
    await provider.kill();
  }
}

function parse(request: string, json: string | undefined): [path: string, options: CallOptions] {
  const [method, path] = request.split(' ') as [string, string];
  return [path, json === undefined ? { method } : { method, json }];
}

function typeOf(status: number): string | undefined {
  if (status === 204) return undefined;
  return status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8';
}
