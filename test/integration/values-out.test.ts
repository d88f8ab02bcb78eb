import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { statusAndCode } from '../support/http-caller.ts';
import { jsonMembers } from '../support/json-members.ts';
import { DIALECT_NAMES, type RouteInput, typesService } from '../support/types-service.ts';

const DATE = '"1998-05-08T09:51:31.000Z"';

/** Every field of the object that has every kind of value, and the JSON text it must become. */
const EXPECTED: Readonly<Record<string, string>> = {
  nothing: 'null',
  yes: 'true',
  no: 'false',
  byteMin: '-128',
  intDirect: '47',
  intByte: '-2048',
  intShort: '262143',
  intMax: '2147483647',
  intMin: '-2147483648',
  longDirect: '15',
  longByte: '-2048',
  longShort: '262143',
  longInt: '-2147483648',
  longUnsafe: '9007199254740993',
  longMax: '9223372036854775807',
  longMin: '-9223372036854775808',
  doubleZero: '0',
  doubleOne: '1',
  doubleByte: '-128',
  doubleShort: '-32768',
  doubleMills: '0.1',
  doubleFull: '0.30000000000000004',
  doubleHuge: '1.7976931348623157e+308',
  doubleTiny: '5e-324',
  nan: 'null',
  infinity: 'null',
  minusInfinity: 'null',
  empty: '""',
  ascii: String.raw`"plain \"text\" with \\ and \u0000 and \u001f"`,
  cjk: '"中文字符"',
  emoji: '"😀🗾"',
  loneSurrogate: String.raw`"a\ud83db"`,
  character: '"x"',
  longText: `"${'ä'.repeat(1500)}"`,
  chunkedText: `"${'中'.repeat(40_000)}"`,
  binary: '"AAF/gP8="',
  binaryLong: `"${Buffer.alloc(10_000, 7).toString('base64')}"`,
  date: DATE,
  dateMinutes: '"1970-01-01T00:01:00.000Z"',
  dateBeforeEpoch: '"1969-12-31T23:59:59.999Z"',
  dateFar: '"+292278994-08-17T07:12:55.807Z"',
  shared: '["shared"]',
  sharedAgain: '["shared"]',
  emptyList: '[]',
  longList: JSON.stringify(Array.from({ length: 100 }, (_, index) => index)),
  nestedList: '[[1,2],[3],[]]',
  set: '["a","b"]',
  ints: '[1,-1]',
  longs: '[1,9007199254740993]',
  floats: '[1.1,2]',
  doubles: '[1.1]',
  booleans: '[true,false]',
  strings: '["a",null,"c"]',
  objects: '[1,"two",null]',
  boxedInts: '[1]',
  dates: `[${DATE}]`,
  enums: '["RED"]',
  emptyMap: '{}',
  map: '{"k":"v"}',
  linkedMap: '{"z":1,"a":2}',
  treeMap: '{"a":1,"b":2}',
  intKeys: '{"1":"one","2":"two"}',
  mixedKeys: `{"null":"null","true":"boolean","9007199254740993":"long",${DATE}:"date"}`,
  prototypeKeys: '{"__proto__":"data","constructor":"data","toString":"data"}',
  color: '"GREEN"',
  klass: '"java.lang.String"',
  decimal: '1.10',
  decimalLong: '123456789012345678901234567890.123456789',
  decimalExponent: '1E+3',
  bigInteger: '12345678901234567890',
  bigIntegerNegative: '-1180591620717411303424',
  bigIntegerZero: '0',
  atomicInteger: '5',
  atomicLong: '9007199254740993',
  sqlDate: DATE,
  sqlTime: DATE,
  sqlTimestamp: '"1998-05-08T09:51:31.001Z"',
  localDate: '"2024-01-02"',
  localTime: '"03:04:05.006"',
  localDateTime: '"2024-01-02T03:04:05.678"',
  instant: '"1970-01-01T00:00:01.000000002Z"',
  duration: '"PT1M30S"',
  uuid: '"1159e6c4-7e5f-4d9b-a9cc-7b8e3f2a6c21"',
  locale: '"zh_CN"',
  optional: '{"present":true,"empty":false}',
};

/** Response options, and what they change of the fields above; undefined: the field is not there. */
const OPTIONS: readonly [options: RouteInput['response'], changed: Readonly<Record<string, string | undefined>>][] = [
  [
    { longs: 'string' },
    {
      intMax: '2147483647',
      longDirect: '"15"',
      longMin: '"-9223372036854775808"',
      longs: '["1","9007199254740993"]',
      mixedKeys: EXPECTED.mixedKeys,
      decimalLong: EXPECTED.decimalLong,
    },
  ],
  [
    { longs: 'string-if-unsafe' },
    {
      longDirect: '15',
      longUnsafe: '"9007199254740993"',
      longs: '[1,"9007199254740993"]',
      bigInteger: EXPECTED.bigInteger,
    },
  ],
  [
    { decimals: 'string' },
    {
      decimal: '"1.10"',
      decimalExponent: '"1E+3"',
      bigInteger: '"12345678901234567890"',
      bigIntegerZero: '"0"',
      longMax: EXPECTED.longMax,
      doubleFull: EXPECTED.doubleFull,
    },
  ],
  [
    { dates: 'epoch-ms' },
    {
      date: '894621091000',
      dateBeforeEpoch: '-1',
      dateFar: '9223372036854775807',
      dates: '[894621091000]',
      sqlTimestamp: '894621091001',
      localDateTime: EXPECTED.localDateTime,
      instant: EXPECTED.instant,
      mixedKeys: '{"null":"null","true":"boolean","9007199254740993":"long","894621091000":"date"}',
    },
  ],
  [
    { dates: { pattern: "dd.MM.yyyy 'um' HH:mm:ss.SSS XXX", zone: 'Asia/Shanghai' } },
    {
      date: '"08.05.1998 um 17:51:31.000 +08:00"',
      sqlTimestamp: '"08.05.1998 um 17:51:31.001 +08:00"',
      dateBeforeEpoch: '"01.01.1970 um 07:59:59.999 +08:00"',
      dateFar: EXPECTED.dateFar,
      localDate: EXPECTED.localDate,
    },
  ],
  [{ nulls: 'omit' }, { nothing: undefined, nan: 'null', strings: '["a",null,"c"]', emptyMap: '{}' }],
  [{ nonFinite: 'string' }, { nan: '"NaN"', infinity: '"Infinity"', minusInfinity: '"-Infinity"', nothing: 'null' }],
  [
    { mapKeys: 'pairs' },
    {
      intKeys: '[[1,"one"],[2,"two"]]',
      mixedKeys: `[[null,"null"],[true,"boolean"],[9007199254740993,"long"],[${DATE},"date"]]`,
      map: '{"k":"v"}',
    },
  ],
  [
    { classKey: 'keep' },
    { optional: '{"present":true,"class":"java.util.Optional","empty":false}', uuid: EXPECTED.uuid },
  ],
  [
    { jdkValues: 'as-is' },
    {
      uuid: '{"mostSignificantBits":1250284103180176795,"leastSignificantBits":-6211453935175439327}',
      localDate: EXPECTED.localDate,
      bigInteger: EXPECTED.bigInteger,
    },
  ],
];

describe('what a provider answers becomes JSON with every digit and character', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    for (const generic of ['true', 'raw.return'] as const) {
      it(`of every kind of value, from a ${dialect} provider with generic: ${generic}`, async (context) => {
        const { provider, gateway } = await startAllTypes(dialect, generic, [{}]);
        context.after(() => stop(provider, gateway));
        const isRaw = generic === 'raw.return' && dialect !== '2.6' && dialect !== 'go';
        const expected = { ...EXPECTED, ...(isRaw && { optional: '{}' }) };
        const members = jsonMembers(await gateway.text('/0'));
        assert.deepEqual(sorted(Object.fromEntries(members)), sorted(expected));
        assert.equal(provider.calls.at(-1)?.attachments.generic, generic);
      });
    }
  }
});

describe('response options of a route', { concurrency: true }, () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    ({ provider, gateway } = await startAllTypes(
      '3.3',
      'true',
      OPTIONS.map(([options]) => options),
    ));
  });
  after(() => stop(provider, gateway));

  for (const [index, [options, changed]] of OPTIONS.entries()) {
    it(`${JSON.stringify(options)} change what they say and nothing else`, async () => {
      const members = jsonMembers(await gateway.text(`/${index}`));
      for (const [field, text] of Object.entries(changed)) assert.equal(members.get(field), text, field);
      const unlike = new Set(Object.keys(changed));
      for (const field of ['yes', 'ascii', 'binary', 'color', 'linkedMap', 'shared', 'doubleTiny']) {
        if (!unlike.has(field)) assert.equal(members.get(field), EXPECTED[field], field);
      }
    });
  }
});

describe('results that are no plain value', { concurrency: true }, () => {
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider();
    const route = (path: string, method: string, response: RouteInput['response'] = {}, more = {}): RouteInput => ({
      id: path.slice(1).replaceAll('/', '-'),
      match: { path },
      call: { service: 'types', method, args: [] },
      response,
      ...more,
    });
    gateway = await startGatewayUnderTest({
      services: {
        types: typesService(provider.address, {
          methods: {
            cycle: {},
            voidCall: {},
            nullValue: {},
            shared: { parameters: ['int'] },
            deep: { parameters: ['int'] },
            bigList: { parameters: ['int'] },
          },
        }),
      },
      routes: [
        route('/cycle', 'cycle'),
        route('/cycle/error', 'cycle', { cycles: 'error' }),
        route('/void', 'voidCall'),
        route('/void/null', 'voidCall', { void: 'null' }),
        route('/null', 'nullValue'),
        ...['shared', 'deep', 'bigList'].map((method) => ({
          id: method,
          match: { path: `/${method}/:n` },
          call: { service: 'types', method, args: ['path.n'] },
          maxResponseBytes: 1024 * 1024,
        })),
      ],
    });
  });
  after(() => stop(provider, gateway));

  it('a cycle is null at its back edge, or an error where the route says so', async () => {
    assert.equal(await gateway.text('/cycle'), '{"next":{"next":null,"n":"b"},"n":"a"}');
    assert.equal(statusAndCode(await gateway.problem('/cycle/error')), '502 PROVIDER_PROTOCOL');
  });

  it('void and null are 204 without a body, or null where the route says so', async () => {
    for (const path of ['/void', '/null']) {
      const { status, text, headers } = await gateway.send(path);
      assert.deepEqual([status, text, headers['content-type']], [204, '', undefined], path);
    }
    assert.equal(await gateway.text('/void/null'), 'null');
  });

  it('shared values are written again each time, up to the limit of the answer', async () => {
    assert.equal(await gateway.text('/shared/2'), '[[["leaf"],["leaf"]],[["leaf"],["leaf"]]]');
    assert.equal(statusAndCode(await gateway.problem('/shared/30')), '502 RESPONSE_TOO_LARGE');
  });

  it('lists within lists are written up to a depth of 512', async () => {
    assert.equal(await gateway.text('/deep/500'), `${'['.repeat(501)}${']'.repeat(501)}`);
    assert.equal(statusAndCode(await gateway.problem('/deep/600')), '502 PROVIDER_PROTOCOL');
  });

  it('long lists of objects come whole', async () => {
    const users = await gateway.json<{ id: number; class?: string }[]>('/bigList/1000');
    assert.deepEqual(
      users.map(({ id }) => id),
      Array.from({ length: 1000 }, (_, index) => index + 1),
    );
    assert.ok(users.every((user) => !('class' in user)));
  });
});

async function startAllTypes(
  dialect: (typeof DIALECT_NAMES)[number],
  generic: 'true' | 'raw.return',
  options: readonly RouteInput['response'][],
) {
  const provider = await startMockProvider({ dialect });
  const gateway = await startGatewayUnderTest({
    services: { types: typesService(provider.address, { generic, methods: { allTypes: {} } }) },
    routes: options.map((response, index) => ({
      id: `r${index}`,
      match: { path: `/${index}` },
      call: { service: 'types', method: 'allTypes' },
      response,
    })),
  });
  return { provider, gateway };
}

async function stop(provider: MockProvider, gateway: GatewayUnderTest): Promise<void> {
  await gateway.stop();
  await provider.kill();
}

function sorted(members: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}
