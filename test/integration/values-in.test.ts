import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { DIALECT_NAMES, type RouteInput, typesService } from '../support/types-service.ts';

const IO = 'com.alibaba.com.caucho.hessian.io';
const JAVA8 = `${IO}.java8`;
const LOCAL_DATE = `object ${JAVA8}.LocalDateHandle{year: int 2026, month: int 1, day: int 31}`;
const LOCAL_TIME = `object ${JAVA8}.LocalTimeHandle{hour: int 10, minute: int 15, second: int 30, nano: int 0}`;
const LOCAL_DATE_TIME = `object ${JAVA8}.LocalDateTimeHandle{date: ${LOCAL_DATE}, time: ${LOCAL_TIME}}`;
const PLUS_ONE = `object ${JAVA8}.ZoneOffsetHandle{seconds: int 3600}`;
const TWO_TO_70 = '1180591620717411303424';

type Case = readonly [type: string, json: string, wire: string];

/** Java type of a parameter, JSON of the body, and what the provider must receive. */
const BODY_CASES: readonly Case[] = [
  ['byte', '-128', 'int -128'],
  ['java.lang.Byte', '"127"', 'int 127'],
  ['java.lang.Byte', 'null', 'null'],
  ['short', '32767', 'int 32767'],
  ['java.lang.Short', '"-32768"', 'int -32768'],
  ['int', '2147483647', 'int 2147483647'],
  ['int', '5.0', 'int 5'],
  ['int', '1e3', 'int 1000'],
  ['java.lang.Integer', '"-7"', 'int -7'],
  ['java.lang.Integer', 'null', 'null'],
  ['long', '5', 'long 5'],
  ['long', '9223372036854775807', 'long 9223372036854775807'],
  ['long', '"9007199254740993"', 'long 9007199254740993'],
  ['java.lang.Long', '-9223372036854775808', 'long -9223372036854775808'],
  ['float', '1.5', 'double 1.5'],
  ['java.lang.Float', '"2"', 'double 2'],
  ['double', '0.1', 'double 0.1'],
  ['double', '1', 'double 1'],
  ['java.lang.Double', '1e300', 'double 1e+300'],
  ['boolean', 'true', 'true'],
  ['java.lang.Boolean', '"false"', 'false'],
  ['char', '"x"', 'string "x"'],
  ['java.lang.Character', '"中"', 'string "中"'],
  ['char[]', '"abc"', 'string "abc"'],
  ['java.lang.String', '"ä😀\\u0000"', `string ${JSON.stringify('ä😀\u0000')}`],
  ['java.lang.String', '9007199254740993.10', 'string "9007199254740993.10"'],
  ['java.lang.String', 'true', 'string "true"'],
  ['java.lang.String', 'null', 'null'],
  ['java.lang.CharSequence', '"a"', 'string "a"'],
  ['java.math.BigDecimal', '1.10', 'string "1.10"'],
  ['java.math.BigDecimal', '5', 'string "5"'],
  ['BigDecimal', '"123456789012345678901234567890.123456789"', 'string "123456789012345678901234567890.123456789"'],
  ['java.math.BigInteger', TWO_TO_70, `string "${TWO_TO_70}"`],
  ['BigInteger', '1e3', 'string "1000"'],
  ['byte[]', '"AAF/gP8="', 'binary 5'],
  ['byte[]', '[0, 1, 127, -128, 255]', 'binary 5'],
  ['java.util.Date', '"1998-05-08T09:51:31Z"', 'date 894621091000'],
  ['java.util.Date', '"1998-05-08T11:51:31.5+02:00"', 'date 894621091500'],
  ['java.util.Date', '"1998-05-08"', 'date 894585600000'],
  ['Date', '894621091000', 'date 894621091000'],
  ['java.sql.Date', '"1998-05-08"', 'object java.sql.Date{value: date 894585600000}'],
  ['java.sql.Timestamp', '"1998-05-08T09:51:31Z"', 'object java.sql.Timestamp{value: date 894621091000}'],
  ['java.sql.Time', '"09:51:31"', 'object java.sql.Time{value: date 35491000}'],
  ['java.util.Calendar', '0', `object ${IO}.CalendarHandle{type: null, date: date 0}`],
  ['java.time.LocalDate', '"2026-01-31"', LOCAL_DATE],
  ['java.time.LocalTime', '"10:15:30"', LOCAL_TIME],
  ['java.time.LocalDateTime', '"2026-01-31T10:15:30"', LOCAL_DATE_TIME],
  [
    'java.time.Instant',
    '"2026-01-31T10:15:30.123456789Z"',
    `object ${JAVA8}.InstantHandle{seconds: long 1769854530, nanos: int 123456789}`,
  ],
  [
    'java.time.OffsetDateTime',
    '"2026-01-31T10:15:30+01:00"',
    `object ${JAVA8}.OffsetDateTimeHandle{dateTime: ${LOCAL_DATE_TIME}, offset: ${PLUS_ONE}}`,
  ],
  [
    'java.time.OffsetTime',
    '"10:15:30+01:00"',
    `object ${JAVA8}.OffsetTimeHandle{localTime: ${LOCAL_TIME}, zoneOffset: ${PLUS_ONE}}`,
  ],
  [
    'java.time.ZonedDateTime',
    '"2026-01-31T10:15:30+01:00[Europe/Paris]"',
    `object ${JAVA8}.ZonedDateTimeHandle{dateTime: ${LOCAL_DATE_TIME}, offset: ${PLUS_ONE}, zoneId: string "Europe/Paris"}`,
  ],
  ['java.time.Duration', '"PT1H30M"', `object ${JAVA8}.DurationHandle{seconds: long 5400, nanos: int 0}`],
  ['java.time.Period', '"P1Y2M3D"', `object ${JAVA8}.PeriodHandle{years: int 1, months: int 2, days: int 3}`],
  ['java.time.Year', '2026', `object ${JAVA8}.YearHandle{year: int 2026}`],
  ['java.time.YearMonth', '"2026-01"', `object ${JAVA8}.YearMonthHandle{year: int 2026, month: int 1}`],
  ['java.time.MonthDay', '"--12-31"', `object ${JAVA8}.MonthDayHandle{month: int 12, day: int 31}`],
  ['java.time.ZoneId', '"Europe/Paris"', `object ${JAVA8}.ZoneIdHandle{zoneId: string "Europe/Paris"}`],
  ['java.time.ZoneOffset', '"+01:00"', PLUS_ONE],
  [
    'java.util.UUID',
    '"1159e6c4-7e5f-4d9b-a9cc-7b8e3f2a6c21"',
    'object java.util.UUID{value: string "1159e6c4-7e5f-4d9b-a9cc-7b8e3f2a6c21"}',
  ],
  ['java.util.Locale', '"zh-CN"', `object ${IO}.LocaleHandle{value: string "zh_CN"}`],
  ['java.util.Currency', '"EUR"', 'object java.util.Currency{currencyCode: string "EUR"}'],
  ['java.net.URI', '"https://acme.example/a?b=1"', 'object java.net.URI{string: string "https://acme.example/a?b=1"}'],
  [
    'java.util.concurrent.atomic.AtomicLong',
    '9007199254740993',
    'object java.util.concurrent.atomic.AtomicLong{value: long 9007199254740993}',
  ],
  ['java.util.concurrent.atomic.AtomicInteger', '5', 'object java.util.concurrent.atomic.AtomicInteger{value: int 5}'],
  [
    'java.util.concurrent.atomic.AtomicBoolean',
    'true',
    'object java.util.concurrent.atomic.AtomicBoolean{value: int 1}',
  ],
  ['com.acme.types.Color', '"GREEN"', 'string "GREEN"'],
  ['int[]', '[1, "2", 3.0]', 'list[int 1, int 2, int 3]'],
  ['long[]', '[1]', 'list[long 1]'],
  ['java.lang.String[]', '["a", 1, null]', 'list[string "a", string "1", null]'],
  ['int[][]', '[[1], []]', 'list[list[int 1], list[]]'],
  ['List<Long>', '[1, "9007199254740993"]', 'list[long 1, long 9007199254740993]'],
  ['List<List<java.util.Date>>', '[[0], null]', 'list[list[date 0], null]'],
  ['Set<String>', '["a"]', 'list[string "a"]'],
  ['Collection<BigDecimal>', '[1.10]', 'list[string "1.10"]'],
  ['List', '[1, 2147483648, "a"]', 'list[int 1, long 2147483648, string "a"]'],
  ['Map<String, java.util.Date>', '{"a": 0}', 'map{string "a": date 0}'],
  ['Map<Integer, Long>', '{"1": 2}', 'map{int 1: long 2}'],
  [
    'Map',
    '{"a": [1], "__proto__": {"b": null}}',
    'map{string "a": list[int 1], string "__proto__": map{string "b": null}}',
  ],
  ['java.lang.Object', '2147483647', 'int 2147483647'],
  ['java.lang.Object', '2147483648', 'long 2147483648'],
  ['java.lang.Object', '-9223372036854775808', 'long -9223372036854775808'],
  ['java.lang.Object', '9223372036854775808', 'string "9223372036854775808"'],
  ['java.lang.Object', '1.5', 'double 1.5'],
  ['java.lang.Object', '1.0', 'double 1'],
  ['java.lang.Object', '{"a":{"b":[true,null]}}', 'map{string "a": map{string "b": list[true, null]}}'],
  ['java.lang.Object', '{"a":1,"a":2}', 'map{string "a": int 2}'],
  ['com.acme.Unknown', '{"n": 1}', 'map{string "n": int 1}'],
  [
    'com.acme.Order',
    '{"id":5,"total":1.10,"at":"1998-05-08T09:51:31Z","sign":"AAE=","items":[{"count":"2","price":3}],"notes":{"a":0},"extra":2147483648}',
    'map{string "id": long 5, string "total": string "1.10", string "at": date 894621091000, string "sign": binary 2, string "items": list[map{string "count": int 2, string "price": string "3"}], string "notes": map{string "a": date 0}, string "extra": long 2147483648}',
  ],
  [
    'com.acme.Page<com.acme.Item>',
    '{"items":[{"count":1}],"next":{"items":[{"count":2,"price":0.10}],"next":null}}',
    'map{string "items": list[map{string "class": string "com.acme.Item", string "count": int 1}], string "next": map{string "items": list[map{string "class": string "com.acme.Item", string "count": int 2, string "price": string "0.10"}], string "next": null}}',
  ],
];

/** Java type, text of a query parameter, and what the provider must receive. */
const TEXT_CASES: readonly Case[] = [
  ['int', '42', 'int 42'],
  ['long', '9007199254740993', 'long 9007199254740993'],
  ['double', '1.5', 'double 1.5'],
  ['boolean', 'true', 'true'],
  ['java.lang.String', 'ä b', 'string "ä b"'],
  ['java.lang.Object', '42', 'string "42"'],
  ['BigDecimal', '1.10', 'string "1.10"'],
  ['java.util.Date', '1998-05-08T09:51:31Z', 'date 894621091000'],
  ['java.util.Date', '894621091000', 'date 894621091000'],
  ['java.time.LocalDate', '2026-01-31', LOCAL_DATE],
  ['byte[]', 'AAF_gP8', 'binary 5'],
  ['List<Long>', '5', 'list[long 5]'],
  ['com.acme.types.Color', 'RED', 'string "RED"'],
];

describe('every Java type reaches the provider as it must', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    it(`of a ${dialect} provider`, async (context) => {
      const provider = await startMockProvider({ dialect });
      context.after(() => provider.kill());
      const cases = [...BODY_CASES, ...TEXT_CASES];
      const methods = Object.fromEntries(
        cases.map(([type], index) => [`m${index}`, { name: 'describeArgs', parameters: [type] }]),
      );
      const gateway = await startGatewayUnderTest(
        {
          types: {
            'com.acme.Order': {
              id: 'long',
              total: 'BigDecimal',
              at: 'Date',
              sign: 'byte[]',
              items: 'List<com.acme.Item>',
              notes: 'Map<String, Date>',
            },
            'com.acme.Item': { count: 'int', price: 'BigDecimal' },
            'com.acme.Page<T>': { items: 'List<T>', next: 'com.acme.Page<T>' },
          },
          services: { types: typesService(provider.address, { methods }) },
          routes: cases.map(
            (_, index): RouteInput => ({
              id: `m${index}`,
              match: { method: ['GET', 'POST'], path: `/${index}` },
              call: {
                service: 'types',
                method: `m${index}`,
                args: [index < BODY_CASES.length ? { from: 'body', required: false } : 'query.v'],
              },
            }),
          ),
        },
        context,
      );
      const received = await Promise.all(
        cases.map(async ([type, input], index): Promise<Case> => {
          const isBody = index < BODY_CASES.length;
          const text = isBody
            ? await gateway.json<string>(`/${index}`, { json: input })
            : await gateway.json<string>(`/${index}?v=${encodeURIComponent(input)}`);
          return [type, input, text.slice(text.indexOf(': ') + 2)];
        }),
      );
      assert.deepEqual(received, cases);
      assert.deepEqual(
        provider.calls.map(({ types }) => types?.[0]).sort(),
        cases.map(([type]) => erased(type)).sort(),
      );
      await gateway.idle();
    });
  }
});

describe('values that go to a provider and back', { concurrency: true }, () => {
  it('bytes and dates are the same afterwards', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const methods = { bytes: { parameters: ['byte[]'] }, date: { parameters: ['java.util.Date'] } };
    const gateway = await startGatewayUnderTest(
      {
        services: { types: typesService(provider.address, { methods }) },
        routes: Object.keys(methods).map((method) => ({
          id: method,
          match: { method: 'POST', path: `/${method}` },
          call: { service: 'types', method, args: ['body'] },
        })),
      },
      context,
    );
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251)).toString('base64');
    assert.equal(await gateway.json('/bytes', { body: JSON.stringify(bytes) }), bytes);
    assert.equal(await gateway.json('/bytes', { json: '[0,1,127,-128,255]' }), 'AAF/gP8=');
    for (const date of ['2026-01-31T10:15:30.123Z', '1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z']) {
      assert.equal(await gateway.json('/date', { body: JSON.stringify(date) }), date);
    }
  });
});

/** The type as a caller names it: without type arguments, short names in full. */
function erased(type: string): string {
  const short: Readonly<Record<string, string>> = {
    BigDecimal: 'java.math.BigDecimal',
    BigInteger: 'java.math.BigInteger',
    Date: 'java.util.Date',
    List: 'java.util.List',
    Set: 'java.util.Set',
    Collection: 'java.util.Collection',
    Map: 'java.util.Map',
  };
  const name = type.replace(/<.*>/, '');
  return short[name] ?? name;
}
