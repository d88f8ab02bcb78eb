import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HessianWriter } from '../../../../src/hessian/hessian-writer.ts';
import { JDK_VALUE_FORMS } from '../../../../src/transcoder/arguments/jdk-value-forms.ts';
import { BODY, plan, query, refusal, run, written } from './argument-cases.ts';

type Write = (out: HessianWriter) => void;

const JAVA8 = 'com.alibaba.com.caucho.hessian.io.java8';
/** An object whose fields are ints. */
function ints(className: string, fields: Readonly<Record<string, number>>): Write {
  return (out) => {
    out.objectStart(className, Object.keys(fields));
    for (const value of Object.values(fields)) out.int(value);
  };
}

/** An object of one text. */
function valued(className: string, text: string, field = 'value'): Write {
  return (out) => {
    out.objectStart(className, [field]);
    out.string(text);
  };
}

/** InstantHandle and DurationHandle. */
function seconds(className: string, whole: number, nanos: number): Write {
  return (out) => {
    out.objectStart(`${JAVA8}.${className}`, ['seconds', 'nanos']);
    out.longNumber(whole);
    out.int(nanos);
  };
}

const localDate = ints(`${JAVA8}.LocalDateHandle`, { year: 2026, month: 1, day: 31 });
const localTime = ints(`${JAVA8}.LocalTimeHandle`, { hour: 10, minute: 15, second: 30, nano: 500_000_000 });
const offset = (value: number): Write => ints(`${JAVA8}.ZoneOffsetHandle`, { seconds: value });
const localDateTime: Write = (out) => {
  out.objectStart(`${JAVA8}.LocalDateTimeHandle`, ['date', 'time']);
  localDate(out);
  localTime(out);
};

const GOOD: readonly (readonly [string, string, Write])[] = [
  ['java.time.LocalDate', '"2026-01-31"', localDate],
  ['java.time.LocalDate', '"2024-02-29"', ints(`${JAVA8}.LocalDateHandle`, { year: 2024, month: 2, day: 29 })],
  ['java.time.LocalTime', '"10:15"', ints(`${JAVA8}.LocalTimeHandle`, { hour: 10, minute: 15, second: 0, nano: 0 })],
  ['java.time.LocalTime', '"10:15:30.5"', localTime],
  ['java.time.LocalDateTime', '"2026-01-31T10:15:30.5"', localDateTime],
  ['java.time.Instant', '"2026-01-31T10:15:30.000000001Z"', seconds('InstantHandle', 1769854530, 1)],
  ['java.time.Instant', '"1969-12-31T23:59:59.5Z"', seconds('InstantHandle', -1, 500_000_000)],
  ['java.time.Duration', '"PT1H30M"', seconds('DurationHandle', 5400, 0)],
  ['java.time.Duration', '"P2DT0.5S"', seconds('DurationHandle', 172_800, 500_000_000)],
  ['java.time.Duration', '"PT-0.5S"', seconds('DurationHandle', -1, 500_000_000)],
  ['java.time.Duration', '"-PT1M"', seconds('DurationHandle', -60, 0)],
  ['java.time.Duration', '"P1D"', seconds('DurationHandle', 86_400, 0)],
  ['java.time.Period', '"P1Y2M3W4D"', ints(`${JAVA8}.PeriodHandle`, { years: 1, months: 2, days: 25 })],
  ['java.time.Period', '"-P1D"', ints(`${JAVA8}.PeriodHandle`, { years: 0, months: 0, days: -1 })],
  ['java.time.Year', '2026', ints(`${JAVA8}.YearHandle`, { year: 2026 })],
  ['java.time.Year', '"-44"', ints(`${JAVA8}.YearHandle`, { year: -44 })],
  ['java.time.YearMonth', '"2026-12"', ints(`${JAVA8}.YearMonthHandle`, { year: 2026, month: 12 })],
  ['java.time.MonthDay', '"--02-29"', ints(`${JAVA8}.MonthDayHandle`, { month: 2, day: 29 })],
  ['java.time.ZoneId', '"Europe/Paris"', valued(`${JAVA8}.ZoneIdHandle`, 'Europe/Paris', 'zoneId')],
  ['java.time.ZoneId', '"+02:00"', valued(`${JAVA8}.ZoneIdHandle`, '+02:00', 'zoneId')],
  ['java.time.ZoneId', '"+0200"', valued(`${JAVA8}.ZoneIdHandle`, '+02:00', 'zoneId')],
  ['java.time.ZoneId', '"Asia/Kolkata"', valued(`${JAVA8}.ZoneIdHandle`, 'Asia/Kolkata', 'zoneId')],
  ['java.time.ZoneId', '"UTC+01:00"', valued(`${JAVA8}.ZoneIdHandle`, 'UTC+01:00', 'zoneId')],
  ['java.time.ZoneOffset', '"-18:00"', offset(-64_800)],
  ['java.time.ZoneOffset', '"-01:30"', offset(-5400)],
  ['java.time.ZoneOffset', '"Z"', offset(0)],
  [
    'java.time.OffsetDateTime',
    '"2026-01-31T10:15:30.5+01:00"',
    (out) => {
      out.objectStart(`${JAVA8}.OffsetDateTimeHandle`, ['dateTime', 'offset']);
      localDateTime(out);
      offset(3600)(out);
    },
  ],
  [
    'java.time.OffsetTime',
    '"10:15:30.5-08:00"',
    (out) => {
      out.objectStart(`${JAVA8}.OffsetTimeHandle`, ['localTime', 'zoneOffset']);
      localTime(out);
      offset(-28_800)(out);
    },
  ],
  ['java.time.ZonedDateTime', '"2026-01-31T10:15:30.5+01:00[Europe/Paris]"', zoned(3600, 'Europe/Paris')],
  ['java.time.ZonedDateTime', '"2026-01-31T10:15:30.5-01:30"', zoned(-5400, '-01:30')],
  ['java.time.ZonedDateTime', '"2026-01-31T10:15:30.5Z[UTC]"', zoned(0, 'UTC')],
  ['java.time.ZonedDateTime', '"2026-01-31T10:15:30.5Z"', zoned(0, 'Z')],
  ['java.time.ZonedDateTime', '"2026-01-31T10:15:30.5[Asia/Tokyo]"', zoned(undefined, 'Asia/Tokyo')],
  [
    'java.util.UUID',
    '"123e4567-e89b-12d3-a456-426614174000"',
    valued('java.util.UUID', '123e4567-e89b-12d3-a456-426614174000'),
  ],
  ['java.util.Locale', '"en"', valued('com.alibaba.com.caucho.hessian.io.LocaleHandle', 'en')],
  ['java.util.Locale', '"zh-CN"', valued('com.alibaba.com.caucho.hessian.io.LocaleHandle', 'zh_CN')],
  ['java.util.Currency', '"EUR"', valued('java.util.Currency', 'EUR', 'currencyCode')],
  ['java.net.URI', '"/a?b#c"', valued('java.net.URI', '/a?b#c', 'string')],
  ['java.util.concurrent.atomic.AtomicInteger', '7', ints('java.util.concurrent.atomic.AtomicInteger', { value: 7 })],
  [
    'java.util.concurrent.atomic.AtomicLong',
    '"9007199254740993"',
    (out) => {
      out.objectStart('java.util.concurrent.atomic.AtomicLong', ['value']);
      out.long(0x200000, 1);
    },
  ],
  [
    'java.util.concurrent.atomic.AtomicBoolean',
    'true',
    ints('java.util.concurrent.atomic.AtomicBoolean', { value: 1 }),
  ],
  [
    'java.util.concurrent.atomic.AtomicBoolean',
    'false',
    ints('java.util.concurrent.atomic.AtomicBoolean', { value: 0 }),
  ],
  [
    'java.util.Calendar',
    '"1970-01-01T00:01Z"',
    (out) => {
      out.objectStart('com.alibaba.com.caucho.hessian.io.CalendarHandle', ['type', 'date']);
      out.nullValue();
      out.dateMs(60_000);
    },
  ],
];

const BAD: Readonly<Record<string, readonly string[]>> = {
  'java.time.LocalDate': ['"2026-01-31T00:00:00"', '"2026-02-30"', '1', '"2026-1-1"', '"2023-02-29"', '"2026-13-01"'],
  'java.time.LocalTime': ['"10:15Z"', '"25:00"', '"10"', '"10:15:30,5"'],
  'java.time.LocalDateTime': ['"2026-01-31T10:15:30Z"', '"2026-01-31"', '"2026-01-31 10:15:30"'],
  'java.time.Instant': ['1700000000', '"2026-01-31"', '"x"', '"2026-01-31T10:15:30Z[Europe/Paris]"'],
  'java.time.OffsetDateTime': ['"2026-01-31T10:15:30"', '"2026-01-31T10:15:30+1:00"'],
  'java.time.OffsetTime': ['"10:15"', '"2026-01-31T10:15:30Z"'],
  'java.time.ZonedDateTime': [
    '"2026-01-31T10:15:30"',
    '"2026-01-31T10:15:30Z[]"',
    '"2026-01-31T10:15:30Z[a b]"',
    '"2026-01-31T10:15:30[Foo/Bar]"',
    '"2026-01-31T10:15:30[europe/paris]"',
    '"2026-01-31T10:15:30+02:00[Europe/Paris]"',
  ],
  'java.time.Duration': ['"P"', '"PT"', '"P1DT"', '"1h"', '"P1Y"', '60', '"PT9999999999999999S"'],
  'java.time.Period': ['"P"', '"-P"', '"PT1H"', '"P1"', '"P999999999W"'],
  'java.time.Year': ['"x"', '1.5', '12345678901'],
  'java.time.YearMonth': ['"2026-13"', '"2026"', '202601'],
  'java.time.MonthDay': ['"--02-30"', '"02-29"', '"--13-01"', '"--01-00"'],
  'java.time.ZoneId': [
    '"a b"',
    '""',
    '"+25:00"',
    '"Foo/Bar"',
    '"europe/paris"',
    '"EST"',
    '"UTC+1"',
    `"${'a'.repeat(65)}"`,
  ],
  'java.time.ZoneOffset': ['"Europe/Paris"', '"+18:01"', '"-19:00"', '"+01:60"', '"+01:"', '60'],
  'java.util.UUID': ['"123"', '"123e4567-e89b-12d3-a456-42661417400g"', '"123e4567e89b12d3a456426614174000"'],
  'java.util.Locale': ['""', '"e"', '"en_US_POSIX_x"', '"../x"', '"en US"', '"zh-Hant-TW"', '"zh_TW_#Hant"'],
  'java.util.Currency': ['"euro"', '"eur"', '"XXQ"', '""', '978'],
  'java.net.URI': ['"a b"', '"é"', `"/${'a'.repeat(2048)}"`, '"http://[x"'],
  'java.util.concurrent.atomic.AtomicInteger': ['2147483648', '"x"', 'true'],
  'java.util.concurrent.atomic.AtomicLong': ['9223372036854775808', '1.5'],
  'java.util.concurrent.atomic.AtomicBoolean': ['1', '"yes"'],
  'java.util.Calendar': ['"2026-01-31 10:15:30"'],
};

describe('JDK values', () => {
  for (const [type, json, write] of GOOD) {
    it(`sends ${json} as ${type}`, () => {
      assert.deepEqual(run(plan(BODY, type), { body: json }), written(write));
      if (json.startsWith('"')) {
        const text = JSON.parse(json) as string;
        assert.deepEqual(run(plan(query('x'), type), { query: { x: [text] } }), written(write));
      }
    });
  }

  for (const [type, texts] of Object.entries(BAD)) {
    for (const json of texts) {
      it(`refuses ${json.slice(0, 60)} as ${type}`, () => {
        assert.equal(refusal(plan(BODY, type), { body: json }).code, 'REQUEST_INVALID');
      });
    }
  }

  for (const [type, form] of JDK_VALUE_FORMS) {
    it(`says what ${type} wants, and takes null`, () => {
      const compiled = plan(BODY, type);
      assert.ok(refusal(compiled, { body: '[]' }).detail.startsWith(`body must be ${form.expected}, got an array`));
      assert.deepEqual(
        run(compiled, { body: 'null' }),
        written((out) => out.nullValue()),
      );
    });
  }

  it('defines a class once where values repeat', () => {
    const uuid = '123e4567-e89b-12d3-a456-426614174000';
    const expected = written((out) => {
      out.listStart(2);
      valued('java.util.UUID', uuid)(out);
      valued('java.util.UUID', uuid)(out);
    });
    assert.deepEqual(run(plan(BODY, 'List<UUID>'), { body: JSON.stringify([uuid, uuid]) }), expected);
  });
});

function zoned(offsetSeconds: number | undefined, zone: string): Write {
  return (out) => {
    out.objectStart(`${JAVA8}.ZonedDateTimeHandle`, ['dateTime', 'offset', 'zoneId']);
    localDateTime(out);
    if (offsetSeconds === undefined) out.nullValue();
    else offset(offsetSeconds)(out);
    out.string(zone);
  };
}
