import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { type RouteInput, typesService } from '../support/types-service.ts';
import { BAD_INPUTS, nested, post } from './bad-input-cases.ts';

const ORDER = 'com.acme.Order';

/** Methods by route: types and arguments. Each route is `POST /NAME/:id`, or GET. */
const ROUTES: Readonly<
  Record<string, { types: string[]; args: NonNullable<NonNullable<RouteInput['call']>['args']> } & Partial<RouteInput>>
> = {
  order: { types: [ORDER], args: ['body'] },
  parts: { types: ['int', 'String'], args: ['body.items[1].count', 'body.name'] },
  id: { types: ['long'], args: ['path.id'] },
  query: { types: ['int', 'boolean', 'List<Long>'], args: ['query.n', 'query.flag', 'query.l[]'] },
  tenant: { types: ['String', 'int'], args: [{ from: 'header.x-tenant', required: true }, 'cookie.number'] },
  claim: { types: ['String'], args: ['jwt.sub'] },
  merge: { types: [ORDER], args: [{ merge: ['body', { id: 'path.id' }] }] },
  any: { types: ['Object'], args: ['body'] },
  allowed: {
    types: ['Object'],
    args: ['body'],
    call: { service: 'types', method: 'allowed', args: ['body'], allowedClasses: ['com.acme.Item'] },
  },
  small: { types: ['Object'], args: ['body'], maxBodyBytes: 100 },
  time: { types: ['java.util.Date', 'java.time.LocalDate', 'java.util.UUID'], args: ['query.d', 'query.l', 'query.u'] },
  list: { types: ['int[]'], args: ['body'] },
  map: { types: ['Map<Integer, Integer>'], args: ['body'] },
};

describe('bad input', { concurrency: true }, () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider();
    gateway = await startBadInput(provider);
  });
  after(async () => {
    await gateway.stop();
    await provider.kill();
  });

  it('is answered with what is wrong and where, and never sent to a provider', async () => {
    const answers = await Promise.all(
      BAD_INPUTS.map(async ([title, path, options]) => {
        const {
          status,
          code,
          argument,
          path: place,
          detail,
          title: heading,
          requestId,
        } = await gateway.problem(path, { ...options, fresh: true });
        assert.ok(detail.length > 10 && heading.length > 5 && requestId.length === 36, title);
        return [title, `${status} ${code}`, argument, place];
      }),
    );
    assert.deepEqual(
      answers,
      BAD_INPUTS.map(([title, , , answer, place]) => [title, answer, place?.argument, place?.path]),
    );
    assert.deepEqual(provider.calls, []);
    assert.equal(provider.stats.connectionsOpened, 0);
  });

  it('says in plain words what was wanted and what came', async () => {
    const details = await Promise.all([
      gateway.problem('/order/1', post('{"items":[{"count":"abc"}]}')),
      gateway.problem('/any/1', post('{"a":1,\n "b":}')),
      gateway.problem('/order/1', post('{"id":{}}')),
      gateway.problem('/any/1', post('{"class":"x"}')),
    ]);
    assert.deepEqual(
      details.map(({ detail }) => detail.replace(/: .*\.$/, '')),
      [
        'body.items[0].count must be an int (-2147483648 to 2147483647), got "abc"',
        'The body is not valid JSON at line 2, column 6',
        'body.id must be a long (64-bit integer), got an object',
        'body.class is not allowed: it would choose a Java class',
      ],
    );
  });
});

describe('after bad input', { concurrency: true }, () => {
  it('the next request works, on the same connection and on a new one', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startBadInput(provider, context);
    for (const [title, path, options, answer] of BAD_INPUTS) {
      const { status, code } = await gateway.problem(path, options);
      assert.equal(`${status} ${code}`, answer, title);
      assert.equal(await gateway.json('/id/5'), 'long: long 5', title);
    }
    assert.equal(await gateway.json('/id/5', { fresh: true }), 'long: long 5');
    assert.equal(provider.calls.length, BAD_INPUTS.length + 1);
    assert.equal(gateway.rpc.pendingCalls, 0);
  });

  it('data that only looks bad goes through', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startBadInput(provider, context);
    const sent = async (path: string, json: string) => {
      await gateway.text(path, { json });
      return provider.calls.at(-1)?.argTexts[0];
    };
    assert.equal(
      await sent('/any/1', '{"__proto__":{"isAdmin":true},"constructor":1,"prototype":[]}'),
      'map{string "__proto__": map{string "isAdmin": true}, string "constructor": int 1, string "prototype": list[]}',
    );
    assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
    assert.equal(
      await sent('/any/1', '{"class":null,"klass":"x","Class":"y"}').catch((error) =>
        /REQUEST_CLASS_KEY/.test(error.message),
      ),
      true,
    );
    assert.equal(
      await sent('/any/1', '{"klass":"x","Class":"y"}'),
      'map{string "klass": string "x", string "Class": string "y"}',
    );
    assert.equal(
      await sent('/allowed/1', '{"class":"com.acme.Item","count":1}'),
      'map{string "class": string "com.acme.Item", string "count": int 1}',
    );
    assert.equal(await sent('/any/1', '{"a":1,"a":{"b":2}}'), 'map{string "a": map{string "b": int 2}}');
    assert.equal(await sent('/any/1', nested(64)), `${'list['.repeat(64)}${']'.repeat(64)}`);
    assert.equal(await sent('/small/1', `"${'x'.repeat(98)}"`), `string "${'x'.repeat(98)}"`);
  });
});

function startBadInput(provider: MockProvider, context?: Parameters<typeof startGatewayUnderTest>[1]) {
  return startGatewayUnderTest(
    {
      types: {
        [ORDER]: { id: 'long', total: 'BigDecimal', at: 'Date', sign: 'byte[]', items: 'List<com.acme.Item>' },
        'com.acme.Item': { count: 'int', price: 'BigDecimal' },
      },
      services: {
        types: typesService(provider.address, {
          methods: Object.fromEntries(
            Object.entries(ROUTES).map(([name, { types }]) => [name, { name: 'describeArgs', parameters: types }]),
          ),
        }),
      },
      routes: Object.entries(ROUTES).map(([name, { types: _, args, ...more }]) => ({
        id: name,
        match: { method: args.some(readsBody) ? 'POST' : 'GET', path: `/${name}/:id` },
        call: { service: 'types', method: name, args },
        ...more,
      })),
    },
    context,
  );
}

function readsBody(argument: unknown): boolean {
  return JSON.stringify(argument).includes('"body');
}
