import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { type MockProvider, startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { ORDERS, PRICES, RawClient, type RequestOptions, TYPES, USERS } from './raw-client.ts';

describe('the services of the shop', () => {
  let provider: MockProvider;
  let client: RawClient;
  before(async () => {
    provider = await startMockProvider();
    client = await RawClient.open(provider.port);
  });
  after(async () => {
    client.close();
    await provider.kill();
  });

  const long = (value: string | number): unknown => ({ $class: 'long', $: value });
  const value = async (options: RequestOptions): Promise<unknown> => (await client.result(options)).value;
  const types = (method: string, types: string[], args: unknown[]): Promise<unknown> =>
    value({ service: TYPES, method, types, args });
  const refusal = async (options: RequestOptions): Promise<string> => {
    const frame = await client.call(options);
    assert.equal(frame.status, 70);
    return new DecoderV2(frame.body).readString();
  };

  it('returns a user as a map with its class in the middle', async () => {
    const user = (await value({ service: USERS, method: 'getUser', types: ['long'], args: [long(1)] })) as object;
    const keys = Object.keys(user);
    assert.equal((user as Record<string, unknown>).class, 'com.acme.user.User');
    assert.ok(keys.indexOf('class') > 0 && keys.indexOf('class') < keys.length - 1, keys.join());
    assert.deepEqual(
      { ...user, address: null, attributes: null },
      {
        address: null,
        attributes: null,
        class: 'com.acme.user.User',
        id: 1,
        name: '李小龍',
        email: 'user1@acme.example',
        birth: new Date(894_707_491_000),
        balance: { value: '1000.10' },
        roles: ['ADMIN', 'BUYER'],
        tags: ['new', 'tag-1'],
        createdAt: '2024-02-29T23:59:59.123',
        nickname: null,
        score: 1.5,
        active: true,
      },
    );
  });

  it('has users with ids beyond 53 bits', async () => {
    const user = await value({ service: USERS, method: 'getUser', types: ['long'], args: [long('9007199254740993')] });
    assert.equal((user as { id: unknown }).id, '9007199254740993');
  });

  it('keeps what was saved, converted to the types of the class', async () => {
    const saved = (await value({
      service: USERS,
      method: 'saveUser',
      types: ['com.acme.user.User'],
      args: [{ name: 'Newcomer', balance: '12.30', birth: '2000-01-02 03:04:05', roles: ['GUEST'], unknown: 1 }],
    })) as Record<string, unknown>;
    assert.equal(saved.id, 1000);
    assert.deepEqual(saved.birth, new Date('2000-01-02T03:04:05Z'));
    assert.deepEqual(saved.balance, { value: '12.30' });
    assert.equal('unknown' in saved, false);
    const read = await value({ service: USERS, method: 'getUser', types: ['long'], args: [1000] });
    assert.deepEqual(read, saved);
    assert.equal(await value({ service: USERS, method: 'deleteUser', types: ['long'], args: [1000] }), null);
    assert.equal((await client.result({ service: USERS, method: 'getUser', types: ['long'], args: [1000] })).flag, 3);
  });

  it('lists and finds users', async () => {
    const listed = await value({ service: USERS, method: 'listUsers', types: ['int', 'int'], args: [1, 2] });
    assert.deepEqual(
      (listed as { id: number }[]).map(({ id }) => id),
      [2, 3],
    );
    const find = { service: USERS, method: 'findByEmail', types: ['java.lang.String'] };
    assert.equal(((await value({ ...find, args: ['user42@acme.example'] })) as { id: number }).id, 42);
    assert.equal(await value({ ...find, args: ['nobody'] }), null);
  });

  it('places and lists orders', async () => {
    const order = { userId: 77, items: [{ sku: 'tea-1', quantity: 2, price: '3.20' }] };
    const placed = (await value({
      service: ORDERS,
      method: 'placeOrder',
      types: ['com.acme.order.Order'],
      args: [order],
    })) as { id: string; status: string };
    assert.equal(placed.status, 'NEW');
    const byId = await value({ service: ORDERS, method: 'getOrder', types: ['java.lang.String'], args: [placed.id] });
    assert.deepEqual(byId, placed);
    assert.deepEqual(await value({ service: ORDERS, method: 'listOrders', types: ['long'], args: [77] }), [placed]);
  });

  it('knows prices to the last digit', async () => {
    const quote = { service: PRICES, method: 'quote', types: ['java.util.List'], args: [['gold', 'free']] };
    assert.deepEqual(
      ((await value(quote)) as { price: unknown }[]).map(({ price }) => price),
      [{ value: '123456789012345678901234567890.123456789' }, { value: '0' }],
    );
  });

  it('describes what arrived, for any overload', async () => {
    const any = 'java.lang.Object';
    assert.equal(await types('describe', [any], [long(5)]), 'long 5');
    assert.equal(await types('describe', [any], [new Date(894_621_091_000)]), 'date 894621091000');
    assert.equal(await types('describe', [any], [Buffer.from([1, 2])]), 'binary 2');
    assert.equal(
      await types('describeArgs', ['java.util.Date', 'int'], ['x', 5]),
      'java.util.Date: string "x", int: int 5',
    );
    assert.equal(await types('overload', ['int'], [5]), 'int: int 5');
    assert.equal(await types('overload', ['java.lang.String'], ['5']), 'java.lang.String: string "5"');
  });

  it('echoes values with their types', async () => {
    const frame = await client.call({ service: TYPES, method: 'echo', types: ['java.lang.Object'], args: [long(5)] });
    assert.equal(frame.body.subarray(0, 2).toString('hex'), '94e5');
  });

  it('sends cycles, shared and deep values as few bytes', async () => {
    const cycle = (await types('cycle', [], [])) as { n: string; next: { next: unknown } };
    assert.equal(cycle.n, 'a');
    assert.equal(cycle.next.next, cycle);
    const bomb = await client.call({ service: TYPES, method: 'shared', types: ['int'], args: [40] });
    assert.ok(bomb.body.length < 300);
    const deep = await client.call({ service: TYPES, method: 'deep', types: ['int'], args: [200_000] });
    assert.equal(deep.body.subarray(1, 200_002).toString('latin1'), `${'y'.repeat(200_000)}x`);
  });

  it('sends big values, and refuses those above the payload limit', async () => {
    assert.equal(((await types('bigString', ['int'], [70_000])) as string).length, 70_000);
    assert.equal(((await types('bigList', ['int'], [300])) as unknown[]).length, 300);
    const frame = await client.call({ service: TYPES, method: 'bigString', types: ['int'], args: [8_400_000] });
    assert.equal(frame.status, 25);
    assert.match(new DecoderV2(frame.body).readString(), /^Data length too large: \d+, max payload: 8388608/);
  });

  it('sends nothing for void and null', async () => {
    for (const method of ['voidCall', 'nullValue']) {
      const frame = await client.call({ service: TYPES, method });
      assert.equal(frame.body.toString('latin1'), '\x95H\x05dubbo\x052.0.2Z');
    }
  });

  it('shows attachments and sets some on the answer', async () => {
    const result = await client.result({ service: TYPES, method: 'attachments', attachments: { tenant: 'acme' } });
    assert.equal((result.value as { tenant: string }).tenant, 'acme');
    assert.equal((result.attachments as { cost: string }).cost, '12');
  });

  it('answers other calls while one sleeps', async () => {
    const slow = client.send({ service: TYPES, method: 'sleep', types: ['int'], args: [500] });
    const fast = client.send({ service: TYPES, method: 'nullValue' });
    await client.until(() => client.frames.some(({ id }) => id === slow));
    const order = client.frames.filter(({ id }) => id === slow || id === fast).map(({ id }) => id);
    assert.deepEqual(order, [fast, slow]);
  });

  it('takes a date-time as text and as the object that hessian-lite writes', async () => {
    const handle = (name: string, $: object): unknown => ({
      $class: `com.alibaba.com.caucho.hessian.io.java8.${name}Handle`,
      $,
    });
    const date = handle('LocalDate', { year: 2026, month: 1, day: 31 });
    const time = handle('LocalTime', { hour: 10, minute: 15, second: 30, nano: 0 });
    const place = { service: ORDERS, method: 'placeOrder', types: ['com.acme.order.Order'] };
    const placed = async (deliverAfter: unknown): Promise<unknown> =>
      (
        (await value({ ...place, args: [{ userId: 78, items: [{ sku: 'tea-1' }], deliverAfter }] })) as Record<
          string,
          unknown
        >
      ).deliverAfter;
    assert.equal(await placed(handle('LocalDateTime', { date, time })), '2026-01-31T10:15:30');
    assert.equal(await placed('2026-01-31T10:15:30'), '2026-01-31T10:15:30');
    for (const wrong of [date, 5]) {
      const order = { userId: 78, items: [{ sku: 'tea-1' }], deliverAfter: wrong };
      assert.match(await refusal({ ...place, args: [order] }), /property deliverAfter .* argument type mismatch/);
    }
  });

  it('converts dates and bytes', async () => {
    assert.deepEqual(await types('date', ['java.util.Date'], [long(5)]), new Date(5));
    assert.deepEqual(await types('bytes', ['byte[]'], [[1, 255]]), Buffer.from([1, 255]));
    assert.match(
      await refusal({ service: TYPES, method: 'date', types: ['java.util.Date'], args: ['2024-01-01T00:00:00Z'] }),
      /Failed to parse date/,
    );
  });

  it('throws business exceptions as GenericException with a stack, or as they are', async () => {
    const fail = async (kind: string): Promise<Error> =>
      (await client.result({ service: TYPES, method: 'fail', types: ['java.lang.String'], args: [kind] }))
        .value as Error;
    const frame = await client.call({ service: TYPES, method: 'fail', types: ['java.lang.String'], args: ['checked'] });
    const text = frame.body.toString('latin1');
    assert.match(text, /com\.alibaba\.dubbo\.rpc\.service\.GenericException/);
    assert.match(text, /user 404 does not exist.{1,2}com\.acme\.user\.NotFoundException/s);
    assert.ok((text.match(/FilterNode\.java/g) ?? []).length > 5);
    assert.equal((await fail('raw')).name, 'com.acme.user.NotFoundException');
    assert.match((await fail('runtime')).message, /^java\.lang\.RuntimeException: something went wrong/);
    assert.match((await fail('leaky')).message, /dubbo:\/\/10\.1\.2\.3:20880/);
    assert.match((await fail('null-message')).message, /NullPointerException/);
    assert.match((await fail('other')).message, /no failure named other/);
  });

  it('refuses arguments as PojoUtils does', async () => {
    const save = { service: USERS, method: 'saveUser', types: ['com.acme.user.User'] };
    assert.match(
      await refusal({ ...save, args: [{ name: 5 }] }),
      /Failed to set pojo User property name value class java.lang.Integer, cause: argument type mismatch/,
    );
    assert.match(
      await refusal({ ...save, args: [{ roles: ['KING'] }] }),
      /No enum constant com\.acme\.user\.Role\.KING/,
    );
    assert.match(await refusal({ ...save, args: [{ id: 'x1' }] }), /NumberFormatException: For input string: "x1"/);
    const wrongScalar = { service: USERS, method: 'findByEmail', types: ['java.lang.String'], args: [5] };
    assert.equal((await client.result(wrongScalar)).flag, 3);
  });

  it('refuses calls that fit no method', async () => {
    const call = (method: string, types: string[] | null, args: unknown[]): Promise<string> =>
      refusal({ service: TYPES, method, types, args });
    assert.match(await call('nope', [], []), /No such method nope in class interface com\.acme\.types\.TypesService/);
    assert.match(await call('date', ['java.lang.String'], ['x']), /No such method date/);
    assert.match(await call('date', ['java.util.Date'], []), /args\.length != types\.length/);
    assert.match(await call('overload', null, [5]), /Not unique method for method name\(overload\).*find 4 methods/);
    assert.equal(await value({ service: TYPES, method: 'bytes', types: null, args: null }), null);
    assert.match(await refusal({ service: TYPES, method: 'cycle', attachments: { generic: 'gson' } }), /gson/);
  });

  it('answers an equal call out of its cache until the state changes', async () => {
    const get = { service: USERS, method: 'getUser', types: ['long'], args: [long(3)] };
    await client.call(get);
    const before = provider.stats.cachedAnswers;
    await client.call({ ...get, attachments: { traceparent: 'new' } });
    assert.equal(provider.stats.cachedAnswers, before + 1);
    await value({
      service: USERS,
      method: 'saveUser',
      types: ['com.acme.user.User'],
      args: [{ id: 3, name: 'Changed' }],
    });
    assert.equal(((await value(get)) as { name: string }).name, 'Changed');
  });
});
