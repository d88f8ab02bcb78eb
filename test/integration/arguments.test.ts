import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import type { CallOptions } from '../support/http-caller.ts';
import { DIALECT_NAMES, type RouteInput, typesService } from '../support/types-service.ts';

type Arguments = NonNullable<NonNullable<RouteInput['call']>['args']>;

interface SourceCase {
  readonly title: string;
  /** Java types of the parameters. */
  readonly types: readonly string[];
  readonly args: Arguments;
  /** Appended to the path of the case, which is /N/a%20b%2Fc. */
  readonly query?: string;
  readonly request?: CallOptions;
  /** What the provider receives, in order. */
  readonly sent: readonly string[];
}

const OBJECT = 'java.lang.Object';

const CASES: readonly SourceCase[] = [
  { title: 'path parameter, decoded', types: ['String'], args: ['path.id'], sent: ['string "a b/c"'] },
  {
    title: 'first and all values of a query parameter',
    types: ['String', 'List<Long>', 'int[]', OBJECT],
    args: ['query.q', 'query.n[]', 'query.n[]', 'query.none[]'],
    query: '?q=%C3%A4%20b+c&q=2&n=1&n=9007199&n=3',
    sent: ['string "ä b c"', 'list[long 1, long 9007199, long 3]', 'list[int 1, int 9007199, int 3]', 'null'],
  },
  {
    title: 'headers, in any case, and cookies, decoded',
    types: ['String', 'int', 'String', 'String'],
    args: ['header.X-Tenant', 'header.x-number', 'cookie.session', 'cookie.none'],
    request: { headers: { 'X-TENANT': 'acme', 'x-Number': '7', cookie: 'a=1; session=s%20x; b=2' } },
    sent: ['string "acme"', 'int 7', 'string "s x"', 'null'],
  },
  {
    title: 'the body and parts of it',
    types: [OBJECT, 'String', 'long', 'java.util.Date'],
    args: ['body', 'body.a.b[1]', 'body["a key"]', 'body.a.at'],
    request: { json: '{"a":{"b":["x","y"],"at":0},"a key":9007199254740993}' },
    sent: [
      'map{string "a": map{string "b": list[string "x", string "y"], string "at": int 0}, string "a key": long 9007199254740993}',
      'string "y"',
      'long 9007199254740993',
      'date 0',
    ],
  },
  {
    title: 'the address of the client and the id of the request',
    types: ['String', 'String'],
    args: ['client.ip', 'request.id'],
    request: { headers: { 'x-request-id': 'req-1', 'x-forwarded-for': '6.6.6.6' } },
    sent: ['string "127.0.0.1"', 'string "req-1"'],
  },
  {
    title: 'constants of every kind',
    types: [OBJECT, 'long', 'java.util.Date', 'BigDecimal', OBJECT],
    args: [
      { value: { a: [1, null, true] } },
      { value: 5 },
      { value: '2026-01-31' },
      { value: '1.10' },
      { value: null },
    ],
    sent: ['map{string "a": list[int 1, null, true]}', 'long 5', 'date 1769817600000', 'string "1.10"', 'null'],
  },
  {
    title: 'defaults where a source is absent, and only there',
    types: ['int', 'int', OBJECT, 'String'],
    args: [
      { from: 'query.page', default: 1 },
      { from: 'query.size', default: 20 },
      { from: 'body.list', default: [] },
      { from: 'body.nothing', default: 'x' },
    ],
    query: '?size=5',
    request: { body: { nothing: null } },
    sent: ['int 1', 'int 5', 'list[]', 'null'],
  },
  {
    title: 'null for an optional part of the body',
    types: ['String', 'java.lang.Integer'],
    args: [
      { from: 'body.note', required: false },
      { from: 'query.n', required: false },
    ],
    request: { body: {} },
    sent: ['null', 'null'],
  },
  {
    title: 'a type said at the source',
    types: [OBJECT, 'Map'],
    args: [{ from: 'query.since', type: 'java.util.Date' }, { total: { from: 'body.total', type: 'BigDecimal' } }],
    query: '?since=1998-05-08T09:51:31Z',
    request: { json: '{"total":1.10}' },
    sent: ['date 894621091000', 'map{string "total": string "1.10"}'],
  },
  {
    title: 'an object of sources; absent ones are no fields',
    types: ['com.acme.Query'],
    args: [
      {
        id: 'query.id',
        none: 'query.none',
        owner: { name: 'body.name', at: 'body.at' },
        range: { object: { from: 'query.id', value: { value: 2 } } },
      },
    ],
    query: '?id=7',
    request: { json: '{"name":"Ada","at":0}' },
    sent: [
      'map{string "id": long 7, string "owner": map{string "name": string "Ada", string "at": int 0}, string "range": map{string "from": string "7", string "value": int 2}}',
    ],
  },
  {
    title: 'a merge, in which later parts win',
    types: ['com.acme.Query'],
    args: [{ merge: [{ value: { source: 'app', kept: 1 } }, 'body', { id: 'query.id', source: { value: 'web' } }] }],
    query: '?id=42',
    request: { json: '{"id":1,"source":"evil","since":"1998-05-08","deep":{"id":3},"kept":null}' },
    sent: [
      'map{string "id": long 42, string "source": string "web", string "since": date 894585600000, string "deep": map{string "id": int 3}, string "kept": null}',
    ],
  },
  { title: 'no arguments at all', types: [], args: [], sent: [] },
];

describe('arguments come from where the route says', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    it(`and reach a ${dialect} provider`, async (context) => {
      const provider = await startMockProvider({ dialect });
      context.after(() => provider.kill());
      const gateway = await startSources(provider, context);
      const received = await Promise.all(
        CASES.map(async ({ title, query = '', request }, index) => {
          await gateway.text(`/${index}/a%20b%2Fc${query}`, request);
          return [title, provider.calls.find(({ attachments }) => attachments.case === String(index))?.argTexts];
        }),
      );
      assert.deepEqual(
        received,
        CASES.map(({ title, sent }) => [title, sent]),
      );
    });
  }
});

describe('overloads and the rest of a path', { concurrency: true }, () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider();
    const overloads = [['int'], ['long'], ['java.lang.String'], ['int', 'java.lang.String']];
    gateway = await startGatewayUnderTest({
      services: {
        types: typesService(provider.address, {
          methods: {
            ...Object.fromEntries(
              overloads.map((parameters, index) => [`o${index}`, { name: 'overload', parameters }]),
            ),
            describeArgs: { parameters: ['java.lang.String'] },
          },
        }),
      },
      routes: [
        ...overloads.map((parameters, index) => ({
          id: `o${index}`,
          match: { path: `/overload/${index}/:v` },
          call: { service: 'types', method: `o${index}`, args: parameters.map(() => 'path.v') },
        })),
        {
          id: 'rest',
          match: { path: '/files/*' },
          call: { service: 'types', method: 'describeArgs', args: ['path.*'] },
        },
      ],
    });
  });
  after(async () => {
    await gateway.stop();
    await provider.kill();
  });

  it('the parameter types pick the overload', async () => {
    const results = await Promise.all([0, 1, 2, 3].map((index) => gateway.json(`/overload/${index}/5`)));
    assert.deepEqual(results, [
      'int: int 5',
      'long: long 5',
      'java.lang.String: string "5"',
      'int: int 5, java.lang.String: string "5"',
    ]);
  });

  it('the rest of a path keeps its slashes', async () => {
    assert.equal(await gateway.json('/files/a/b%20c//d'), 'java.lang.String: string "a/b c//d"');
    assert.equal(await gateway.json('/files/'), 'java.lang.String: string ""');
  });
});

/** One route a case; a constant attachment says which case a call belongs to. */
function startSources(provider: MockProvider, context: TestContext): Promise<GatewayUnderTest> {
  return startGatewayUnderTest(
    {
      types: { 'com.acme.Query': { id: 'long', since: 'java.util.Date' } },
      services: {
        types: typesService(provider.address, {
          methods: Object.fromEntries(
            CASES.map(({ types }, index) => [`m${index}`, { name: 'describeArgs', parameters: [...types] }]),
          ),
        }),
      },
      routes: CASES.map(({ args }, index) => ({
        id: `m${index}`,
        match: { method: ['GET', 'POST'], path: `/${index}/:id` },
        call: { service: 'types', method: `m${index}`, args, attachments: { case: { value: String(index) } } },
      })),
    },
    context,
  );
}
