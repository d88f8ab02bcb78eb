import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { ConfigError, createGateway, type GatewayConfigInput } from '../../src/index.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { statusAndCode } from '../support/http-caller.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { DIALECT_NAMES, TYPES_SERVICE, typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

/** What every call carries, whatever the request. */
const OWN_ATTACHMENTS = {
  path: TYPES_SERVICE,
  interface: TYPES_SERVICE,
  generic: 'true',
  timeout: '7000',
  _TO: '7000',
  'remote.application': 'shop-gateway',
  token: 'provider-token',
};

const RESERVED = [
  ...['path', 'interface', 'version', 'group', 'dubbo', 'token', 'generic', 'timeout', '_TO', 'async', 'return', 'id'],
  ...[
    'input',
    'output',
    'application',
    'remote.application',
    'sys_callback_arg-0',
    'dubbo.serialization',
    'Dubbo',
    'PATH',
  ],
];

describe('attachments', () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider();
    gateway = await startGatewayUnderTest(config(provider));
  });
  after(async () => {
    await gateway.stop();
    await provider.kill();
  });

  it('come from the places a route names and from nowhere else', async () => {
    const received = await gateway.json('/all/p1?q=2&tag=blue&token=evil&generic=gson', {
      headers: {
        'x-tenant': 'acme',
        cookie: 'session=s1; token=evil',
        path: 'com.acme.Evil',
        interface: 'com.acme.Evil',
        group: 'evil',
        version: '9',
        generic: 'nativejava',
        token: 'evil',
        timeout: '1',
        dubbo: '1',
        'remote.application': 'evil',
        'x-other': 'evil',
      },
      body: { user: { id: 9007199254740991, admin: false }, path: 'evil', generic: 'bean' },
    });
    assert.deepEqual(received, {
      ...OWN_ATTACHMENTS,
      'dubbo.tag': 'blue',
      parameter: 'p1',
      query: '2',
      tenant: 'acme',
      session: 's1',
      user: '9007199254740991',
      admin: 'false',
      source: 'web',
      page: '1',
    });
  });

  it('that are absent or null are not sent', async () => {
    const received = await gateway.json('/all/p1', { body: { user: { id: null } } });
    assert.deepEqual(received, { ...OWN_ATTACHMENTS, parameter: 'p1', source: 'web', page: '1' });
  });

  it('cannot be smuggled by names that only look like a header of the route', async (context) => {
    const connection = await RawConnection.open(gateway.port);
    context.after(() => connection.destroy());
    connection.send(
      'GET /tenant HTTP/1.1\r\nHost: h\r\nX_Tenant: evil\r\nx-tenant-: evil\r\nXTenant: evil\r\nx-tenant.: evil\r\n\r\n',
    );
    const { body } = await connection.answer();
    assert.equal('tenant' in (JSON.parse(body) as object), false);
  });

  it('with control characters, too much text or a list in it are a 400, and nothing is sent', async () => {
    const calls = provider.stats.requests;
    const problems = await Promise.all([
      gateway.problem('/all/a%0Db', { body: {} }),
      gateway.problem('/all/%00', { body: {} }),
      gateway.problem('/all/p', { body: { user: { id: 'x'.repeat(8193) } } }),
      gateway.problem('/all/p', { body: { user: { id: [1] } } }),
      gateway.problem('/all/p', { body: { user: { id: {} } } }),
    ]);
    assert.deepEqual(
      problems.map((problem) => [statusAndCode(problem), problem.argument]),
      ['path.id', 'path.id', 'body.user.id', 'body.user.id', 'body.user.id'].map((argument) => [
        '400 REQUEST_INVALID',
        argument,
      ]),
    );
    assert.equal(provider.stats.requests, calls);
  });

  it('and arguments are the UTF-8 of a header, or else its ISO 8859-1', async (context) => {
    const connection = await RawConnection.open(gateway.port);
    context.after(() => connection.destroy());
    for (const encoding of ['utf8', 'latin1'] as const) {
      connection.send(Buffer.from('GET /tenant HTTP/1.1\r\nHost: h\r\nX-Tenant: Zoë Müller\r\n\r\n', encoding));
      const { body } = await connection.answer();
      assert.equal((JSON.parse(body) as { tenant: string }).tenant, 'Zoë Müller', encoding);
    }
  });

  it('of the answer become the headers a route names', async () => {
    const { headers } = await gateway.send('/tenant');
    assert.equal(headers['x-cost'], '12');
    assert.equal(headers['x-served-by'], 'mock-provider');
    assert.equal(headers['x-none'], undefined);
    assert.equal(headers.trace, undefined);
  });
});

describe('attachment keys that are not a route’s to set', { concurrency: true }, () => {
  for (const key of RESERVED) {
    it(`"${key}" is refused when the configuration is read`, () => {
      const provider = { address: 'dubbo://127.0.0.1:1' };
      const input = config(provider);
      input.routes![0]!.call!.attachments = { [key]: 'header.x' };
      assert.throws(
        () => createGateway({ config: input }),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.diagnostics[0]!.path, /^routes\[0\]\.call\.attachments/);
          return true;
        },
      );
    });
  }
});

describe('group, version and token', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    it(`choose the service of a ${dialect} provider`, async (context) => {
      const provider = await startMockProvider({ dialect });
      context.after(() => provider.kill());
      const service = (more: object) => ({
        interface: 'com.acme.user.UserService',
        providers: [provider.address],
        methods: { getUser: { parameters: ['long'] } },
        ...more,
      });
      const gateway = await startGatewayUnderTest(
        {
          services: {
            right: service({ version: '1.0.0', group: 'core', token: 't1' }),
            'wrong-version': service({ version: '2.0.0', group: 'core' }),
            'wrong-group': service({ version: '1.0.0', group: 'edge' }),
            'no-group': service({ version: '1.0.0' }),
          },
          routes: ['right', 'wrong-version', 'wrong-group', 'no-group'].map((name) => ({
            id: name,
            match: { path: `/${name}/:id` },
            call: { service: name, method: 'getUser', args: ['path.id'] },
          })),
        },
        context,
      );
      assert.equal((await gateway.json<{ id: number }>('/right/42')).id, 42);
      const call = provider.calls[0]!;
      assert.deepEqual([call.version, call.group, call.attachments.token], ['1.0.0', 'core', 't1']);
      for (const name of ['wrong-version', 'wrong-group', 'no-group']) {
        const { status, code, detail } = await gateway.problem(`/${name}/42`);
        assert.match(`${status} ${code}`, /^(503 PROVIDER_NONE|502 PROVIDER_REFUSED)$/);
        assert.doesNotMatch(detail, /com\.acme|127\.0\.0\.1/);
      }
    });
  }
});

describe('one-way calls', () => {
  it('are answered with 202 at once, and reach the provider', async (context) => {
    const provider = await startMockProvider({ faults: [{ method: '*', fault: { stall: true } }] });
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(
      {
        services: {
          types: typesService(provider.address, {
            methods: { notify: { name: 'describe', parameters: ['Object'], oneway: true } },
          }),
        },
        routes: [
          {
            id: 'notify',
            match: { method: 'POST', path: '/notify' },
            call: { service: 'types', method: 'notify', args: ['body'] },
          },
        ],
      },
      context,
    );
    const { status, text, headers } = await gateway.send('/notify', { body: { n: 1 } });
    assert.deepEqual([status, text, headers['content-type']], [202, '', undefined]);
    await until(() => provider.calls.length === 1, 'the call at the provider');
    assert.deepEqual([provider.calls[0]!.oneWay, provider.calls[0]!.argTexts], [true, ['map{string "n": int 1}']]);
    await gateway.idle();
    assert.equal(statusAndCode(await gateway.problem('/notify', { json: '{' })), '400 REQUEST_JSON');
  });
});

function config({ address }: { readonly address: string }): GatewayConfigInput {
  const call = { service: 'types', method: 'attachments' };
  return {
    defaults: { application: 'shop-gateway', timeoutMs: 7_000 },
    services: { types: typesService(address, { token: 'provider-token', methods: { attachments: {} } }) },
    routes: [
      {
        id: 'all',
        match: { method: 'POST', path: '/all/:id' },
        call: {
          ...call,
          attachments: {
            'dubbo.tag': 'query.tag',
            parameter: 'path.id',
            query: 'query.q',
            tenant: 'header.x-tenant',
            session: 'cookie.session',
            user: { from: 'body.user.id', required: false },
            admin: { from: 'body.user.admin', required: false },
            source: { value: 'web' },
            page: { from: 'query.page', default: 1 },
          },
        },
      },
      {
        id: 'tenant',
        match: { path: '/tenant' },
        call: { ...call, attachments: { tenant: 'header.x-tenant' } },
        response: { attachments: { 'X-Cost': 'cost', 'x-served-by': 'served-by', 'x-none': 'none' } },
      },
    ],
  };
}
