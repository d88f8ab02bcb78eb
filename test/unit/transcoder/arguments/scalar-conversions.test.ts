import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HessianWriter } from '../../../../src/hessian/hessian-writer.ts';
import { BODY, plan, query, refusal, run, written } from './argument-cases.ts';

type Write = (out: HessianWriter) => void;
const int =
  (n: number): Write =>
  (out) =>
    out.int(n);
const long =
  (n: number): Write =>
  (out) =>
    out.longNumber(n);
const longOf =
  (n: bigint): Write =>
  (out) =>
    out.long(Number(BigInt.asIntN(32, n >> 32n)), Number(BigInt.asIntN(32, n)));
const double =
  (n: number): Write =>
  (out) =>
    out.double(n);
const string =
  (text: string): Write =>
  (out) =>
    out.string(text);
const bool =
  (value: boolean): Write =>
  (out) =>
    out.boolean(value);
const dateMs =
  (ms: number): Write =>
  (out) =>
    out.dateMs(ms);
const bytes =
  (...values: number[]): Write =>
  (out) =>
    out.binary(Buffer.from(values));
const none: Write = (out) => out.nullValue();

interface Cases {
  /** JSON text and what is written. */
  readonly json: readonly (readonly [string, Write])[];
  /** JSON text that is refused. */
  readonly badJson: readonly string[];
  readonly text?: readonly (readonly [string, Write])[];
  readonly badText?: readonly string[];
}

const MAX = 9223372036854775807n;
const integers = (max: number): Cases => ({
  json: [
    ['0', int(0)],
    ['-0', int(0)],
    [`${max}`, int(max)],
    [`${-max - 1}`, int(-max - 1)],
    ['"42"', int(42)],
    ['"-7"', int(-7)],
    ['5.0', int(5)],
    ['1e2', int(100)],
    ['1.20e2', int(120)],
    ['1200e-2', int(12)],
    ['0e9', int(0)],
    ['0.000', int(0)],
  ],
  badJson: [
    ...[
      `${max + 1}`,
      `${-max - 2}`,
      '5.5',
      '1e-1',
      '1e10',
      '1e999999',
      '99999999999999999999999',
      'true',
      '[]',
      '{}',
      '"x"',
    ],
    ...['""', '" 1"', '"1 "', '"0x1"', '"+1"', '"1_000"', '"NaN"', '"1e"', '"--1"', '"٣"', `"${max + 1}"`],
  ],
  text: [
    ['42', int(42)],
    ['007', int(7)],
    ['-1', int(-1)],
    ['5.0', int(5)],
  ],
  badText: ['', 'abc', '4 2', '1.5', '0x10', `${max + 1}`, '9'.repeat(2000), '+5'],
});
const longs: Cases = {
  json: [
    ['0', long(0)],
    ['-0', long(0)],
    ['2147483648', long(2147483648)],
    ['9007199254740993', longOf(9007199254740993n)],
    ['9223372036854775807', longOf(MAX)],
    ['-9223372036854775808', longOf(-MAX - 1n)],
    ['"-9223372036854775808"', longOf(-MAX - 1n)],
    ['922337203685477580.7e1', longOf(MAX)],
    ['1e18', longOf(10n ** 18n)],
    ['123456789012345', long(123456789012345)],
    ['-1234567890123456', longOf(-1234567890123456n)],
  ],
  badJson: [
    '9223372036854775808',
    '-9223372036854775809',
    '1e19',
    '0.5',
    'false',
    '"9223372036854775808"',
    '[1]',
    '"1L"',
  ],
  text: [['9223372036854775807', longOf(MAX)]],
  badText: ['', '9223372036854775808', 'null'],
};
const doubles: Cases = {
  json: [
    ['1', double(1)],
    ['-0', double(-0)],
    ['1.1', double(1.1)],
    ['1e300', double(1e300)],
    ['"2.5"', double(2.5)],
    ['123456789012345678901234567890', double(1.2345678901234568e29)],
  ],
  badJson: ['1e309', '-1e309', '"NaN"', '"Infinity"', '"1e309"', '"x"', '""', 'true', '[]', '".5"', '"5."'],
  text: [['-3.25', double(-3.25)]],
  badText: ['', ' 1', '1,5', 'Infinity', '0x1p3', '1d'],
};
const wrapper = (cases: Cases): Cases => ({ ...cases, json: [...cases.json, ['null', none]] });
const primitive = (cases: Cases): Cases => ({ ...cases, badJson: [...cases.badJson, 'null'] });
const booleans: Cases = {
  json: [
    ['true', bool(true)],
    ['false', bool(false)],
    ['"true"', bool(true)],
    ['"false"', bool(false)],
  ],
  badJson: ['1', '0', '"TRUE"', '"yes"', '""', '[]', '{}'],
  text: [['true', bool(true)]],
  badText: ['1', 'True', ''],
};
const chars: Cases = {
  json: [
    ['"x"', string('x')],
    ['"é"', string('é')],
    ['"\\u0000"', string('\0')],
    ['"\\ud800"', string('\ud800')],
  ],
  badJson: ['""', '"xy"', '"😀"', '7', 'true'],
  text: [['y', string('y')]],
  badText: ['', 'ab'],
};
const dates: Cases = {
  json: [
    ['null', none],
    ['"2026-01-31T10:15:30Z"', dateMs(Date.UTC(2026, 0, 31, 10, 15, 30))],
    ['"2026-01-31T10:15:30.123456789+02:00"', dateMs(Date.UTC(2026, 0, 31, 8, 15, 30, 123))],
    ['"2026-01-31T10:15-0130"', dateMs(Date.UTC(2026, 0, 31, 11, 45))],
    ['"2026-01-31T10:15:30"', dateMs(Date.UTC(2026, 0, 31, 10, 15, 30))],
    ['"2026-01-31T10:15:30+01:00[Europe/Paris]"', dateMs(Date.UTC(2026, 0, 31, 9, 15, 30))],
    ['"2026-01-31"', dateMs(Date.UTC(2026, 0, 31))],
    ['"2024-02-29"', dateMs(Date.UTC(2024, 1, 29))],
    ['"1969-12-31T23:59:59.999Z"', dateMs(-1)],
    ['"0001-01-01"', dateMs(-62135596800000)],
    ['1700000000000', dateMs(1700000000000)],
    ['-1', dateMs(-1)],
    ['"1700000000001"', dateMs(1700000000001)],
  ],
  badJson: [
    ...['"2026-01-31 10:15:30"', '"2026-02-29"', '"2026-13-01"', '"2026-00-10"', '"2026-01-32"', '"2026-04-31"'],
    ...['"2026-01-31T24:00:00Z"', '"2026-01-31T10:60Z"', '"2026-01-31T10:15:60Z"', '"2026-01-31T10:15+19:00"'],
    ...['"2026-01-31T10:15:30[Europe/Paris]"', '"31.01.2026"', '"26-01-31"', '""', '"now"', 'true', '[]', '{}', '1.5'],
    ...['8640000000000001', '99999999999999999999'],
  ],
  text: [['2026-01-31T10:15:30Z', dateMs(Date.UTC(2026, 0, 31, 10, 15, 30))]],
  badText: ['2026-01-31T10:15:30 01:00', '', 'tomorrow'],
};
const decimals: Cases = {
  json: [
    ['null', none],
    ['1.10', string('1.10')],
    ['-0.0', string('-0.0')],
    ['1E+3', string('1E+3')],
    ['123456789012345678901234567890.123456789', string('123456789012345678901234567890.123456789')],
    ['"0.10"', string('0.10')],
    [`${'9'.repeat(1000)}`, string('9'.repeat(1000))],
  ],
  badJson: ['9'.repeat(1001), '1e10000', '"1e-10000"', '"abc"', '""', '"1."', '" 1"', '"NaN"', 'true', '[]', '{}'],
  text: [['12.50', string('12.50')]],
  badText: ['', '1,5', '+1', '1e99999'],
};
const bigIntegers: Cases = {
  json: [
    ['null', none],
    ['12345678901234567890123', string('12345678901234567890123')],
    ['-5', string('-5')],
    ['1e3', string('1000')],
    ['12.50e1', string('125')],
    ['"007"', string('7')],
    ['9'.repeat(1000), string('9'.repeat(1000))],
  ],
  badJson: ['1.5', '1e1000', '1e999999', '9'.repeat(1001), '"x"', '""', 'false', '[]'],
  text: [['-12', string('-12')]],
  badText: ['', '1.2', '1e1001'],
};
const strings: Cases = {
  json: [
    ['null', none],
    ['""', string('')],
    ['"a"', string('a')],
    ['"a\\n\\u00e9\\ud83d\\ude00"', string('a\né😀')],
    ['"é😀"', string('é😀')],
    ['"\\ud800x"', string('\ud800x')],
    ['1.50', string('1.50')],
    ['12345678901234567890', string('12345678901234567890')],
    ['true', string('true')],
    ['false', string('false')],
    [`"${'é'.repeat(40_000)}"`, string('é'.repeat(40_000))],
    [`"${'x'.repeat(32_767)}😀y"`, string(`${'x'.repeat(32_767)}😀y`)],
  ],
  badJson: ['[]', '{}', '["a"]'],
  text: [
    ['', string('')],
    ['null', string('null')],
    ['😀', string('😀')],
  ],
};
const binaries: Cases = {
  json: [
    ['null', none],
    ['""', bytes()],
    ['"AQID"', bytes(1, 2, 3)],
    ['"AQI="', bytes(1, 2)],
    ['"AQI"', bytes(1, 2)],
    ['"AQ=="', bytes(1)],
    ['"-_8"', bytes(0xfb, 0xff)],
    ['"+/8="', bytes(0xfb, 0xff)],
    ['[1,255,-1,-128,0]', bytes(1, 255, 255, 128, 0)],
    ['[]', bytes()],
  ],
  badJson: [
    '"A"',
    '"A==="',
    '"AQID="',
    '"A Q="',
    '"é"',
    '"AQ=I"',
    '[256]',
    '[-129]',
    '[1.5]',
    '["1"]',
    '[null]',
    '7',
    '{}',
    '"===="',
  ],
  text: [['AQID', bytes(1, 2, 3)]],
  badText: ['*', 'AQ=', 'AQ\nID'],
};

const TYPES: Readonly<Record<string, Cases>> = {
  byte: primitive(integers(127)),
  'java.lang.Byte': wrapper(integers(127)),
  short: primitive(integers(32767)),
  Short: wrapper(integers(32767)),
  int: primitive(integers(2147483647)),
  Integer: wrapper(integers(2147483647)),
  long: primitive(longs),
  Long: wrapper(longs),
  double: primitive(doubles),
  Double: wrapper(doubles),
  float: primitive({
    ...doubles,
    json: [['3.4028234663852886e38', double(3.4028234663852886e38)]],
    badJson: ['3.5e38', '"x"'],
  }),
  Float: {
    json: [
      ['1.1', double(1.1)],
      ['null', none],
    ],
    badJson: ['1e39', '{}'],
  },
  boolean: primitive(booleans),
  Boolean: wrapper(booleans),
  char: primitive(chars),
  Character: wrapper(chars),
  String: strings,
  'java.lang.CharSequence': strings,
  'char[]': strings,
  BigDecimal: decimals,
  BigInteger: bigIntegers,
  'byte[]': binaries,
  'java.util.Date': dates,
  'java.sql.Date': sqlDates('java.sql.Date'),
  'java.sql.Timestamp': sqlDates('java.sql.Timestamp'),
  'java.sql.Time': sqlDates('java.sql.Time', [
    ['"10:15:30"', dateMs(36_930_000)],
    ['"10:15+01:00"', dateMs(33_300_000)],
  ]),
};

/** The same dates inside an object of the class. */
function sqlDates(className: string, more: Cases['json'] = []): Cases {
  const inObject = ([text, write]: Cases['json'][number]): Cases['json'][number] => [
    text,
    (out) => {
      out.objectStart(className, ['value']);
      write(out);
    },
  ];
  return {
    ...dates,
    json: [...dates.json, ...more].map((item) => (item[0] === 'null' ? item : inObject(item))),
    ...(dates.text === undefined ? {} : { text: dates.text.map(inObject) }),
  };
}

for (const [type, cases] of Object.entries(TYPES)) {
  describe(`conversion to ${type}`, () => {
    const fromBody = plan(BODY, type);
    const fromQuery = plan(query('x'), type);
    for (const [json, write] of cases.json) {
      it(`takes JSON ${shorten(json)}`, () => {
        assert.deepEqual(run(fromBody, { body: json }), written(write));
      });
    }
    for (const json of cases.badJson) {
      it(`refuses JSON ${shorten(json)}`, () => {
        const error = refusal(fromBody, { body: json });
        assert.equal(error.code, 'REQUEST_INVALID');
        assert.equal(error.extensions?.argument, 'body');
        assert.match(error.detail, /^body(\[0\])? must be .*, got /);
        assert.ok(error.detail.length < 300);
      });
    }
    for (const [text, write] of cases.text ?? []) {
      it(`takes the text ${shorten(text)}`, () => {
        assert.deepEqual(run(fromQuery, { query: { x: [text] } }), written(write));
      });
    }
    for (const text of cases.badText ?? []) {
      it(`refuses the text ${JSON.stringify(shorten(text))}`, () => {
        const error = refusal(fromQuery, { query: { x: [text] } });
        assert.equal(error.code, 'REQUEST_INVALID');
        assert.deepEqual(error.extensions, { argument: 'query.x' });
      });
    }
  });
}

describe('numbers at random', () => {
  it('keeps every digit of any long', () => {
    const compiled = plan(BODY, 'long');
    fc.assert(
      fc.property(fc.bigInt(-MAX - 1n, MAX), fc.boolean(), (value, quoted) => {
        const body = quoted ? `"${value}"` : `${value}`;
        assert.deepEqual(run(compiled, { body }), written(longOf(value)));
      }),
    );
  });

  it('refuses any integer beyond 64 bits', () => {
    const compiled = plan(BODY, 'long');
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 40n), fc.boolean(), (beyond, negative) => {
        refusal(compiled, { body: `${negative ? -MAX - 1n - beyond : MAX + beyond}` });
      }),
    );
  });

  it('takes any instant Date can print', () => {
    const compiled = plan(BODY, 'java.util.Date');
    const date = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (value) => {
        assert.deepEqual(run(compiled, { body: JSON.stringify(value) }), written(dateMs(value.getTime())));
        assert.deepEqual(run(compiled, { body: `${value.getTime()}` }), written(dateMs(value.getTime())));
      }),
    );
  });

  it('decodes any base64', () => {
    const compiled = plan(BODY, 'byte[]');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        (value, form) => {
          const buffer = Buffer.from(value);
          assert.deepEqual(
            run(compiled, { body: JSON.stringify(buffer.toString(form)) }),
            written((out) => out.binary(buffer)),
          );
        },
      ),
    );
  });
});

function shorten(text: string): string {
  return text.length > 50 ? `${text.slice(0, 50)}… (${text.length})` : text;
}
