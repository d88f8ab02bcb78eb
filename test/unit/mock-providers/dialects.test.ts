import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DecoderV2 } from 'hessian.js';
import { answersWithAttachments, DIALECTS, type DialectName } from '../../../mock-providers/dialects.ts';
import { type MockProvider, startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { RawClient, type ReceivedFrame, requestFrame, TYPES, USERS } from './raw-client.ts';

const NAMES = Object.keys(DIALECTS) as DialectName[];
const getUser = { service: USERS, method: 'getUser', types: ['long'], args: [1] };

async function withDialect(
  dialect: DialectName,
  body: (client: RawClient, provider: MockProvider) => Promise<void>,
): Promise<void> {
  const provider = await startMockProvider({ dialect });
  const client = await RawClient.open(provider.port);
  try {
    await body(client, provider);
  } finally {
    client.close();
    await provider.kill();
  }
}

async function forEach(
  check: (client: RawClient, name: DialectName, provider: MockProvider) => Promise<void>,
): Promise<void> {
  for (const name of NAMES) await withDialect(name, (client, provider) => check(client, name, provider));
}

const latin1 = (frame: ReceivedFrame): string => frame.body.toString('latin1');

describe('dialects', () => {
  it('type ArrayLists up to 3.2 and leave them untyped after', () =>
    forEach(async (client, name) => {
      const typed = latin1(await client.call(getUser)).includes('java.util.ArrayList');
      assert.equal(typed, ['2.6', '2.7', '3.2'].includes(name), name);
    }));

  it('refuse an unknown service with 40, 70 or an exception', () =>
    forEach(async (client, name) => {
      const frame = await client.call({ service: 'demo.DemoService', method: 'sayHello' });
      if (name === '2.6' || name === '2.7') {
        assert.equal(frame.status, 70);
        assert.match(
          latin1(frame),
          /Not found exported service: demo\.DemoService:\d+ in \[core\/com\.acme\.user\.UserService:1\.0\.0:\d+, /,
        );
      } else if (name === 'go') {
        assert.equal(frame.status, 20);
        assert.equal(frame.body[0], 0x90);
        assert.match(latin1(frame), /don't have this exporter, key: demo\.DemoService/);
      } else {
        assert.equal(frame.status, 40);
        assert.match(
          latin1(frame),
          /Fail to decode request due to: RpcInvocation \[methodName=\$invoke, parameterTypes=null\]$/,
        );
      }
    }));

  it('tell a wrong group by 70 even where a wrong version is 40', () =>
    withDialect('3.3', async (client) => {
      assert.equal((await client.call({ ...getUser, version: '9.9.9' })).status, 40);
      assert.equal((await client.call({ ...getUser, group: 'other' })).status, 70);
      assert.equal((await client.call({ ...getUser, version: '0.0.0', attachments: { version: '1.0.0' } })).status, 20);
    }));

  it('write errors in fastjson2 in 3.2 only', () =>
    forEach(async (client, name) => {
      const frame = await client.call({ service: TYPES, method: 'nope' });
      assert.equal(frame.flags, name === '3.2' ? 23 : 2, name);
      assert.equal(frame.status, name === 'go' ? 20 : 70, name);
      if (name === '3.2') assert.equal(frame.body.readInt32BE(0), frame.body.length - 4);
      if (name === '2.6' || name === '2.7')
        assert.match(latin1(frame), /RpcException: com\.acme\.types\.TypesService\.nope\(\)\n/);
      else
        assert.match(
          latin1(frame),
          name === 'go' ? /method not found/ : /No such method nope.*\n\tat org\.apache\.dubbo/s,
        );
    }));

  it('send READONLY once, or twice in 3.x, each in its serialization', () =>
    forEach(async (client, name, provider) => {
      await client.call(getUser);
      client.frames.length = 0;
      provider.sendReadonly();
      const expected = name.startsWith('3') ? 2 : 1;
      await client.until(() => client.frames.length >= expected);
      assert.equal(client.frames.length, expected);
      for (const frame of client.frames) {
        assert.equal(frame.flags, name === '3.2' ? 0xb7 : 0xa2);
        assert.equal(frame.body.toString('hex'), name === '3.2' ? '000000024a52' : '0152');
      }
    }));

  it('return java.time as getters, text, or objects', () =>
    forEach(async (client, name) => {
      const user = (await client.result(getUser)).value as { createdAt: unknown };
      if (name === '2.6') assert.equal((user.createdAt as { dayOfWeek: string }).dayOfWeek, 'THURSDAY');
      else assert.equal(user.createdAt, '2024-02-29T23:59:59.123');
      const raw = latin1(await client.call({ ...getUser, attachments: { generic: 'raw.return' } }));
      assert.equal(/C.com\.acme\.user\.User/s.test(raw), name !== '2.6' && name !== 'go', name);
      assert.equal(raw.includes('LocalDateTimeHandle'), name !== '2.6' && name !== 'go', name);
    }));

  it('send every kind of value in both result forms', () =>
    forEach(async (client, name) => {
      for (const generic of ['true', 'raw.return']) {
        const result = await client.result({ service: TYPES, method: 'allTypes', attachments: { generic } });
        const all = result.value as Record<string, unknown>;
        assert.equal(all.longMax, '9223372036854775807', name);
        assert.equal(all.emoji, '😀🗾');
        assert.equal(all.loneSurrogate, 'a\ud83db');
        assert.equal((all.chunkedText as string).length, 40_000);
        assert.deepEqual(all.decimalExponent, { value: '1E+3' });
        assert.equal(result.rest.length, name === 'go' ? 1 : 0);
        const objects = generic === 'raw.return' && name !== '2.6' && name !== 'go';
        assert.deepEqual(all.enums, objects ? [{ name: 'RED' }] : ['RED']);
        assert.deepEqual(
          Object.keys(all.uuid as object).sort(),
          objects ? ['value'] : ['class', 'leastSignificantBits', 'mostSignificantBits'],
        );
      }
    }));

  it('add an N behind every body in dubbo-go', () =>
    withDialect('go', async (client) => {
      const result = await client.result(getUser);
      assert.equal(result.rest.toString(), 'N');
      assert.equal((result.attachments as { interface: string }).interface, USERS);
      assert.match((result.attachments as Record<string, string>)['local-addr']!, /^127\.0\.0\.1:\d+$/);
      client.socket.write(requestFrame(900n, Buffer.from('N'), 0xe2));
      await client.until(() => client.frames.some(({ id }) => id === 900n));
      assert.equal(latin1(client.frames.find(({ id }) => id === 900n)!), 'NN');
    }));

  it('demand the interface attachment in dubbo-go, and typed lists', () =>
    withDialect('go', async (client) => {
      const frame = await client.call({ ...getUser, attachments: { interface: null } });
      assert.match(latin1(frame), /don't have this exporter, key: /);
      const untyped = client.send({ service: TYPES, method: 'nullValue', types: null, args: null });
      await client.call(getUser);
      assert.equal(
        client.frames.some(({ id }) => id === untyped),
        false,
      );
    }));

  it('throw every exception as Throwable with status 20 in dubbo-go', () =>
    withDialect('go', async (client) => {
      const result = await client.result({
        service: TYPES,
        method: 'fail',
        types: ['java.lang.String'],
        args: ['runtime'],
      });
      assert.equal(result.flag, 3);
      assert.equal((result.value as { detailMessage: string }).detailMessage, 'something went wrong');
    }));

  it('answer undecodable requests in 2.x only', () =>
    forEach(async (client, name) => {
      client.socket.write(requestFrame(800n, Buffer.from('zzzz')));
      client.socket.write(requestFrame(801n, Buffer.from('N'), 0xd7));
      await client.call(getUser);
      const answers = client.frames.filter(({ id }) => id >= 800n);
      assert.deepEqual(
        answers.map(({ status }) => status),
        name.startsWith('2') ? [40, 40] : [],
        name,
      );
      if (answers[0] !== undefined)
        assert.match(new DecoderV2(answers[0].body).readString(), /^Fail to decode request/);
    }));

  it('decide by the version of the request whether attachments follow', () => {
    const java = DIALECTS['3.3'];
    const old = DIALECTS['2.6'];
    for (const [version, inJava, inOld] of [
      ['2.0.2', true, true],
      ['2.0.1', false, false],
      [null, false, false],
      ['2.7.23', false, true],
      ['2.6.3', false, true],
      ['2.6.2', false, false],
      ['x', false, false],
    ] as const) {
      assert.equal(answersWithAttachments(java, version), inJava, String(version));
      assert.equal(answersWithAttachments(old, version), inOld, String(version));
    }
  });
});
