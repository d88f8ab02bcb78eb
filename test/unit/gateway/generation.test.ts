import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { ByteText } from '../../../src/bytes/byte-text.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { ProviderAddress } from '../../../src/config/provider-address.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { detachedParts } from '../../../src/gateway/detached-parts.ts';
import { buildGeneration, type Generation, type SharedParts } from '../../../src/gateway/generation.ts';
import { parseJson } from '../../../src/json/json-document.ts';
import type { ProviderChannel } from '../../../src/rpc/provider-channel.ts';
import type { RpcClient } from '../../../src/rpc/rpc-client.ts';
import { answerFrame } from '../../support/answer-decoding.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';
import { body } from '../hessian/bodies.ts';
import { FakeChannel, fakeExchange } from '../upstream/fake-channels.ts';

/** A client that gives out fake channels and notes them. */
class FakeClient {
  readonly channels: FakeChannel[] = [];
  readonly connections: number[] = [];

  channel(address: ProviderAddress, connections: number): ProviderChannel {
    const channel = new FakeChannel(address);
    this.channels.push(channel);
    this.connections.push(connections);
    return channel as unknown as ProviderChannel;
  }

  /** The one of the two providers of `users` that was called last. */
  get called(): FakeChannel {
    const [first, second] = this.channels;
    return second!.held !== undefined || first!.calls.length === 0 ? second! : first!;
  }
}

const CLOCK = { nowMs: () => 0, wallMs: () => 0 };

const CONFIG: GatewayConfigInput = {
  defaults: { timeoutMs: 1_000, application: 'shop-gateway' },
  types: {
    'com.acme.User': { birthday: 'java.util.Date', level: 'com.acme.Level' },
    'com.acme.Level': { name: 'String' },
  },
  services: {
    users: {
      interface: 'com.acme.UserService',
      version: '1.0.0',
      group: 'core',
      token: 't',
      providers: ['dubbo://a:20880', 'dubbo://b:20880'],
      connectionsPerProvider: 2,
      timeoutMs: 900,
      methods: {
        get: { parameters: ['long'] },
        getSlowly: { name: 'get', parameters: ['long'], timeoutMs: 5_000 },
        save: { parameters: ['com.acme.User', 'java.util.List<java.lang.String>'] },
        notify: { oneway: true },
      },
    },
    prices: {
      interface: 'com.acme.PriceService',
      providers: ['dubbo://c:20880'],
      generic: 'raw.return',
      methods: { all: {} },
    },
  },
  routes: [
    { id: 'get', match: { path: '/users/:id' }, call: { service: 'users', method: 'get', args: ['path.id'] } },
    {
      id: 'slow',
      match: { path: '/slow/:id' },
      call: { service: 'users', method: 'getSlowly', args: ['path.id'] },
    },
    {
      id: 'slower',
      match: { path: '/slower/:id' },
      call: { service: 'users', method: 'getSlowly', args: ['path.id'] },
      timeoutMs: 7_000,
    },
    {
      id: 'save',
      match: { method: 'PUT', path: '/users' },
      call: {
        service: 'users',
        method: 'save',
        args: ['body', 'query.tag[]'],
        attachments: { tenant: 'header.x-tenant' },
      },
      maxBodyBytes: 77,
    },
    {
      id: 'notify',
      match: { method: 'POST', path: '/notify' },
      call: { service: 'users', method: 'notify', attachments: { kind: 'body.kind' } },
    },
    {
      id: 'prices',
      match: { path: '/prices' },
      call: { service: 'prices', method: 'all' },
      response: { attachments: { 'X-Cost': 'cost' }, nulls: 'omit' },
      errors: { 'com.acme.*': { status: 409 } },
      maxResponseBytes: 40,
    },
  ],
};

/** What a generation shares with others; calls are not bounded. */
function shared(client: unknown): SharedParts {
  return detachedParts(client as RpcClient, CLOCK);
}

function build(input: GatewayConfigInput = CONFIG): { generation: Generation; client: FakeClient } {
  const client = new FakeClient();
  const generation = buildGeneration(checkedConfig(input), shared(client));
  return { generation, client };
}

function described(generation: Generation, id: string) {
  return generation.compiled.find(({ route }) => route.id === id)!;
}

/** The frame that a call over a fake channel sent, as hessian.js reads it. */
function sentValues(channel: FakeChannel): unknown[] {
  const bytes = Buffer.from(channel.calls.at(-1)!.frame, 'latin1').subarray(16);
  const decoder = new DecoderV2(bytes);
  const values: unknown[] = [];
  while (decoder.byteBuffer.position() < bytes.length) values.push(decoder.read());
  return values;
}

describe('a generation', () => {
  it('has a channel for each provider of each service, and gives all of them back', () => {
    const { generation, client } = build();
    assert.deepEqual(
      client.channels.map(({ address }) => address.key),
      ['a:20880', 'b:20880', 'c:20880'],
    );
    assert.deepEqual(client.connections, [2, 2, 1]);
    generation.release();
    assert.deepEqual(
      client.channels.map(({ released }) => released),
      [1, 1, 1],
    );
  });

  it('describes its routes', () => {
    const { generation } = build();
    assert.deepEqual(
      generation.compiled.map(({ description }) => [description.methodKey, description.timeoutMs]),
      [
        ['com.acme.UserService:1.0.0:core#get(long)', 900],
        ['com.acme.UserService:1.0.0:core#get(long)', 5_000],
        ['com.acme.UserService:1.0.0:core#get(long)', 7_000],
        ['com.acme.UserService:1.0.0:core#save(com.acme.User,java.util.List)', 900],
        ['com.acme.UserService:1.0.0:core#notify()', 900],
        ['com.acme.PriceService#all()', 1_000],
      ],
    );
    assert.deepEqual(described(generation, 'save').description.arguments, [
      { source: 'body', type: 'com.acme.User' },
      { source: 'query.tag[]', type: 'java.util.List<java.lang.String>' },
    ]);
  });

  it('knows which routes read a body, and how much of it', () => {
    const { generation } = build();
    const facts = generation.compiled.map(({ route }) => [route.id, route.readsBody, route.maxBodyBytes]);
    const usual = 1024 * 1024;
    assert.deepEqual(facts, [
      ['get', false, usual],
      ['slow', false, usual],
      ['slower', false, usual],
      ['save', true, 77],
      ['notify', true, usual],
      ['prices', false, usual],
    ]);
  });

  it('calls the method that the configuration names, with its types erased', async () => {
    const { generation, client } = build();
    const exchange = {
      ...fakeExchange(),
      body: parseJson(Buffer.from('{"birthday":"1998-05-08T09:51:31.001Z","level":{"name":"x"}}'), 64),
      queryAll: () => ['a', 'b'],
      header: (name: string) => (name === 'x-tenant' ? 'acme' : undefined),
    };
    const outcome = described(generation, 'save').route.invoke(exchange);
    const [, path, version, , , method, types, args, attachments] = sentValues(client.called);
    assert.deepEqual([path, version, method], ['com.acme.UserService', '1.0.0', 'save']);
    assert.deepEqual(types, ['com.acme.User', 'java.util.List']);
    assert.deepEqual(args, [{ birthday: new Date('1998-05-08T09:51:31.001Z'), level: { name: 'x' } }, ['a', 'b']]);
    const {
      tenant,
      group,
      token,
      timeout,
      generic,
      'remote.application': application,
    } = attachments as Record<string, string>;
    assert.deepEqual(
      [tenant, group, token, timeout, generic, application],
      ['acme', 'core', 't', '900', 'true', 'shop-gateway'],
    );
    client.called.take().onAnswer(answerFrame(body('92')));
    assert.deepEqual(await outcome, { status: 204, body: undefined, headers: undefined });
  });

  it('answers as the route says', async () => {
    const { generation, client } = build();
    const { route } = described(generation, 'prices');
    const answer = async (notation: string) => {
      const outcome = route.invoke(fakeExchange());
      client.channels[2]!.take().onAnswer(answerFrame(body(notation)));
      return outcome;
    };
    assert.deepEqual(await answer("94 48 01'a' 4e 5a 48 04'cost' 97 5a"), {
      status: 200,
      body: new ByteText('{}'),
      headers: { 'x-cost': '7' },
    });
    assert.equal((sentValues(client.channels[2]!).at(-1) as Record<string, string>).generic, 'raw.return');
    await assert.rejects(answer("90 43 0a'com.acme.E' 91 0d'detailMessage' 60 01'x'"), {
      status: 409,
      code: 'PROVIDER_EXCEPTION',
    });
    await assert.rejects(answer(`91 30 29 '${'x'.repeat(41)}'`), { code: 'RESPONSE_TOO_LARGE' });
  });

  it('takes declared classes with a single name for objects, all others for enums', async () => {
    const { generation, client } = build();
    const outcome = described(generation, 'get').route.invoke({ ...fakeExchange(), pathParameter: () => '7' });
    const classes = "7a 43 0e'com.acme.Level' 91 04'name' 60 01'x' 43 0e'com.acme.Other' 91 04'name' 61 01'y'";
    client.called.take().onAnswer(answerFrame(body(`91 ${classes}`)));
    assert.equal((await outcome).body?.toString(), '[{"name":"x"},"y"]');
  });

  it('sends one-way calls as such', async () => {
    const { generation, client } = build();
    const exchange = { ...fakeExchange(), body: parseJson(Buffer.from('{"kind":"k"}'), 64) };
    const outcome = described(generation, 'notify').route.invoke(exchange);
    assert.equal(Buffer.from(client.called.calls[0]!.frame, 'latin1')[2], 0x82);
    client.called.take().onSent();
    assert.equal((await outcome).status, 202);
  });

  it('compiles further routes against the same services', () => {
    const { generation, client } = build();
    const { route, description } = generation.compile({ ...generation.config.routes[0]!, id: 'more', timeoutMs: 3 });
    assert.deepEqual([route.id, description.timeoutMs, generation.compiled.length], ['more', 3, 6]);
    assert.equal(client.channels.length, 3, 'no channel of its own');
  });
});

describe('a route that is split', () => {
  const get = { service: 'users', method: 'get', args: ['path.id'] };
  const input: GatewayConfigInput = {
    ...CONFIG,
    routes: [
      {
        id: 'canary',
        match: { path: '/users/:id' },
        stickyOn: 'body.user',
        split: [
          { weight: 3, name: 'old', call: get },
          { weight: 1, call: { service: 'prices', method: 'all' } },
        ],
        mirror: { share: 0.5, call: { ...get, attachments: { kind: 'body.kind' } } },
      },
    ],
  };

  it('is described with all of its calls', () => {
    const { description } = described(build(input).generation, 'canary');
    assert.deepEqual(
      description.sides.map(({ side, weight, methodKey, timeoutMs }) => [side, weight, methodKey, timeoutMs]),
      [
        ['old', 3, 'com.acme.UserService:1.0.0:core#get(long)', 900],
        ['2', 1, 'com.acme.PriceService#all()', 1_000],
      ],
    );
    assert.equal(description.methodKey, description.sides[0]!.methodKey, 'of the route it says what the first side is');
    assert.deepEqual([description.mirror?.weight, description.mirror?.side], [0.5, undefined]);
  });

  it('reads the body where its choice or any of its calls does', () => {
    const target = (route: object) => {
      const routes = [{ ...input.routes![0]!, stickyOn: 'header.x', mirror: undefined, ...route }];
      return described(build({ ...input, routes }).generation, 'canary').target;
    };
    assert.equal(target({}).readsBody, false);
    assert.equal(target({ stickyOn: 'body.user' }).readsBody, true);
    assert.equal(target({ mirror: input.routes![0]!.mirror }).readsBody, true);
    assert.equal(target({ split: [{ weight: 1, call: { ...get, tag: 'body.tag' } }] }).readsBody, true);
  });

  it('is taken over by the next generation while none of its services has changed', () => {
    const { generation, client } = build(input);
    const parts = shared(client);
    const next = (change: Partial<NonNullable<GatewayConfigInput['services']>[string]>) => {
      const services = { ...CONFIG.services, prices: { ...CONFIG.services!.prices!, ...change } };
      return buildGeneration(checkedConfig({ ...input, services }), parts, generation);
    };
    assert.equal(next({}).compiled[0], generation.compiled[0]);
    assert.notEqual(next({ timeoutMs: 7 }).compiled[0], generation.compiled[0]);
  });

  it('is refused with the place of what cannot work', () => {
    const [route] = input.routes!;
    const [first, second] = route!.split!;
    const wrong = { ...get, args: [{ value: 'x' }] };
    const routes = [
      { ...route!, split: [first!, { ...second!, call: wrong }] },
      { ...route!, id: 'mirror', match: { path: '/m/:id' }, mirror: { share: 1, call: wrong } },
    ];
    const thrown = caught(() => build({ ...input, routes }));
    assert.ok(thrown instanceof ConfigError, String(thrown));
    assert.deepEqual(
      thrown.diagnostics.map(({ path }) => path),
      ['routes[0].split[1].call.args[0]', 'routes[1].mirror.call.args[0]'],
    );
  });
});

describe('a configuration whose arguments cannot work', () => {
  const broken: GatewayConfigInput = {
    ...CONFIG,
    routes: [
      { id: 'fine', match: { path: '/fine/:id' }, call: { service: 'users', method: 'get', args: ['path.id'] } },
      { id: 'constant', match: { path: '/a' }, call: { service: 'users', method: 'get', args: [{ value: 'x' }] } },
      { id: 'list', match: { path: '/b' }, call: { service: 'users', method: 'get', args: ['query.id[]'] } },
    ],
  };

  it('is refused with every such problem and its place, and leaves no channel behind', () => {
    const client = new FakeClient();
    const thrown = caught(() => buildGeneration(checkedConfig(broken), shared(client)));
    assert.ok(thrown instanceof ConfigError, String(thrown));
    assert.deepEqual(
      thrown.diagnostics.map(({ path }) => path),
      ['routes[1].call.args[0]', 'routes[2].call.args[0]'],
    );
    assert.deepEqual(
      client.channels.map(({ released }) => released),
      [1, 1, 1],
    );
  });

  it('gives back the channels that it had when another fails', () => {
    const client = new FakeClient();
    const failing = {
      channel: (address: ProviderAddress, connections: number) => {
        if (address.host === 'c') throw new Error('the client is closed');
        return client.channel(address, connections);
      },
    } as unknown as RpcClient;
    assert.throws(() => buildGeneration(checkedConfig(CONFIG), shared(failing)), /the client is closed/);
    assert.deepEqual(
      client.channels.map(({ released }) => released),
      [1, 1],
    );
  });
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
