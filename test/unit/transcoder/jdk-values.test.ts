import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { answerFrame, answerPlan, outcomeOf } from '../../support/answer-decoding.ts';
import { toJson } from '../../support/transcoding.ts';
import {
  doubleRecipe,
  intRecipe,
  listRecipe,
  longRecipe,
  mapRecipe,
  NULL_RECIPE,
  objectRecipe,
  type Recipe,
  SHAPES,
  textRecipe,
} from '../../support/value-recipe.ts';

interface RecordedValue {
  readonly value: string;
  readonly generic: 'true' | 'raw.return';
  readonly providers: string;
  readonly body: string;
  readonly json: string;
}

const { answers } = JSON.parse(
  readFileSync(new URL('../../fixtures/dubbo-frames/jdk-values.json', import.meta.url), 'utf8'),
) as { answers: RecordedValue[] };

const int = intRecipe;
const text = textRecipe;

describe('values of real providers', () => {
  it('are of every type that generic calls take apart, in both forms', () => {
    const both = new Set(answers.filter(({ generic }) => generic === 'true').map(({ value }) => value));
    const raw = new Set(answers.filter(({ generic }) => generic === 'raw.return').map(({ value }) => value));
    for (const value of [
      'LocalDate',
      'Instant',
      'ZonedDateTime',
      'Duration',
      'Uuid',
      'Locale',
      'AtomicLong',
      'BigInteger',
    ]) {
      assert.ok(both.has(value) && raw.has(value), value);
    }
  });

  for (const { value, generic, providers, body, json } of answers) {
    it(`${value} (${generic}) of ${providers} becomes its usual text`, () => {
      const bytes = Buffer.from(body, 'hex');
      assert.equal(outcomeOf(answerFrame(bytes)), json);
      // As it is: still one JSON text, with the parts that the provider sent.
      const asIs = outcomeOf(
        answerFrame(bytes),
        answerPlan({ jdkValues: 'as-is', classKey: 'keep', mapKeys: 'pairs' }),
      );
      assert.doesNotThrow(() => JSON.parse(asIs), asIs);
    });
  }
});

/** A JDK value in the form of its getters, as maps come, and in that of hessian-lite's handle. */
function mapOf(className: string, parts: Readonly<Record<string, Recipe>>): Recipe {
  return mapRecipe({ ...parts, class: text(className) });
}

function handleOf(name: string, parts: Readonly<Record<string, Recipe>>): Recipe {
  const className = `com.alibaba.com.caucho.hessian.io.java8.${name}`;
  return objectRecipe({ className, fields: Object.keys(parts) }, ...Object.values(parts));
}

describe('java.time values', () => {
  const cases: readonly (readonly [name: string, parts: Readonly<Record<string, Recipe>>, json: string])[] = [
    ['LocalDate', { year: int(-5), month: int(1), day: int(2) }, '"-0005-01-02"'],
    ['LocalDate', { year: int(12_345), month: int(1), day: int(2) }, '"+12345-01-02"'],
    ['LocalDate', { year: int(0), month: int(12), day: int(31) }, '"0000-12-31"'],
    ['LocalTime', { hour: int(1), minute: int(2), second: int(0), nano: int(0) }, '"01:02"'],
    ['LocalTime', { hour: int(1), minute: int(2), second: int(3), nano: int(0) }, '"01:02:03"'],
    ['LocalTime', { hour: int(1), minute: int(2), second: int(0), nano: int(1) }, '"01:02:00.000000001"'],
    ['LocalTime', { hour: int(1), minute: int(2), second: int(0), nano: int(120_000_000) }, '"01:02:00.120"'],
    ['LocalTime', { hour: int(1), minute: int(2), second: int(0), nano: int(120_500_000) }, '"01:02:00.120500"'],
    ['LocalTime', { hour: int(23), minute: int(59) }, '"23:59"'],
    ['Instant', { seconds: longRecipe(0n), nanos: int(0) }, '"1970-01-01T00:00:00Z"'],
    ['Instant', { seconds: int(-1), nanos: int(999_000_000) }, '"1969-12-31T23:59:59.999Z"'],
    ['Instant', { seconds: longRecipe(253402300800n), nanos: int(0) }, '"+10000-01-01T00:00:00Z"'],
    ['Duration', { seconds: int(0), nanos: int(0) }, '"PT0S"'],
    ['Duration', { seconds: longRecipe(3_723n), nanos: int(500_000_000) }, '"PT1H2M3.5S"'],
    ['Duration', { seconds: int(-90), nanos: int(5) }, '"PT-1M-29.999999995S"'],
    ['Duration', { seconds: int(-1), nanos: int(500_000_000) }, '"PT-0.5S"'],
    ['Duration', { seconds: longRecipe(2n ** 63n - 1n), nanos: int(0) }, '"PT2562047788015215H30M7S"'],
    ['Period', { years: int(0), months: int(0), days: int(0) }, '"P0D"'],
    ['Period', { years: int(1), months: int(-2), days: int(3) }, '"P1Y-2M3D"'],
    ['Year', { year: int(-44) }, '-44'],
    ['YearMonth', { year: int(99), month: int(7) }, '"0099-07"'],
    ['MonthDay', { month: int(2), day: int(29) }, '"--02-29"'],
    ['ZoneOffset', { seconds: int(0) }, '"Z"'],
    ['ZoneOffset', { seconds: int(-19_800) }, '"-05:30"'],
    ['ZoneOffset', { seconds: int(3_661) }, '"+01:01:01"'],
  ];
  for (const [name, parts, json] of cases) {
    it(`writes a handle of ${name} as ${json}`, () => {
      assert.equal(toJson(handleOf(`${name}Handle`, parts)), json);
    });
  }

  const gettersOf: Readonly<Record<string, string>> = {
    month: 'monthValue',
    day: 'dayOfMonth',
    seconds: 'epochSecond',
    nanos: 'nano',
  };
  for (const [name, parts, json] of cases.filter(([name]) => !['Duration', 'ZoneOffset'].includes(name))) {
    it(`writes the getters of ${name} as ${json}`, () => {
      const getters = Object.entries(parts).map(([part, value]) => [gettersOf[part] ?? part, value] as const);
      assert.equal(toJson(mapOf(`java.time.${name}`, Object.fromEntries(getters))), json);
    });
  }

  it('with offset and zone are put together from their parts', () => {
    const date = handleOf('LocalDateHandle', { day: int(29), month: int(2), year: int(2024) });
    const time = handleOf('LocalTimeHandle', { nano: int(0), second: int(0), minute: int(2), hour: int(1) });
    const dateTime = handleOf('LocalDateTimeHandle', { time, date });
    const offset = handleOf('ZoneOffsetHandle', { seconds: int(7200) });
    assert.equal(toJson(handleOf('OffsetDateTimeHandle', { offset, dateTime })), '"2024-02-29T01:02+02:00"');
    assert.equal(toJson(handleOf('OffsetTimeHandle', { zoneOffset: offset, localTime: time })), '"01:02+02:00"');
    const zoned = (zoneId: string) =>
      toJson(handleOf('ZonedDateTimeHandle', { offset, dateTime, zoneId: text(zoneId) }));
    assert.equal(zoned('Europe/Athens'), '"2024-02-29T01:02+02:00[Europe/Athens]"');
    assert.equal(zoned('+02:00'), '"2024-02-29T01:02+02:00"');
  });
});

describe('a value that claims to be of the JDK', () => {
  const misfits: readonly (readonly [string, Recipe, json: string])[] = [
    [
      'lacks a part',
      mapOf('java.time.LocalDate', { year: int(2024), monthValue: int(2) }),
      '{"year":2024,"monthValue":2}',
    ],
    [
      'has a part of another type',
      mapOf('java.time.Instant', { epochSecond: text('x'), nano: int(1) }),
      '{"epochSecond":"x","nano":1}',
    ],
    [
      'has a broken number',
      mapOf('java.time.LocalDate', { year: doubleRecipe(1.5), monthValue: int(2), dayOfMonth: int(3) }),
      '{"year":1.5,"monthValue":2,"dayOfMonth":3}',
    ],
    [
      'is beyond dates',
      mapOf('java.time.Instant', { epochSecond: longRecipe(2n ** 62n), nano: int(1) }),
      `{"epochSecond":${2n ** 62n},"nano":1}`,
    ],
    ['has no parts', mapOf('java.util.UUID', {}), '{}'],
    [
      'has nulls for parts',
      objectRecipe(SHAPES.localDate, NULL_RECIPE, NULL_RECIPE, NULL_RECIPE),
      '{"day":null,"month":null,"year":null}',
    ],
    ['is another class of the JDK', mapOf('java.util.Properties', { a: int(1) }), '{"a":1}'],
    ['is another handle', handleOf('FooHandle', { a: int(1) }), '{"a":1}'],
    [
      'has its name from elsewhere',
      mapOf('com.acme.caucho.hessian.io.LocaleHandle', { value: text('de') }),
      '{"value":"de"}',
    ],
    ['is called like a member of every object', mapOf('java.constructor', { a: int(1) }), '{"a":1}'],
    [
      'holds a list for words',
      objectRecipe(SHAPES.integer, int(1), listRecipe([text('x')])),
      '{"signum":1,"mag":["x"]}',
    ],
  ];
  for (const [how, value, json] of misfits) {
    it(`and ${how} is written as it came`, () => {
      assert.equal(toJson(value), json);
    });
  }

  it('keeps its class where the class key is kept', () => {
    const value = mapOf('java.util.UUID', { a: int(1) });
    assert.equal(toJson(value, { classKey: 'keep' }), '{"a":1,"class":"java.util.UUID"}');
  });
});

describe('other JDK values', () => {
  const object = (className: string, parts: Readonly<Record<string, Recipe>>) =>
    objectRecipe({ className, fields: Object.keys(parts) }, ...Object.values(parts));
  const locale = (parts: readonly string[]) =>
    mapOf(
      'java.util.Locale',
      Object.fromEntries(['language', 'country', 'variant', 'script'].map((name, i) => [name, text(parts[i] ?? '')])),
    );
  const cases: readonly (readonly [Recipe, json: string])[] = [
    [locale(['de', 'CH']), '"de_CH"'],
    [locale(['zh', 'TW', '', 'Hant']), '"zh_TW_#Hant"'],
    [locale(['zh', '', '', 'Hant']), '"zh__#Hant"'],
    [locale(['de', 'DE', 'POSIX']), '"de_DE_POSIX"'],
    [locale(['', 'US']), '"_US"'],
    [locale([]), '""'],
    [object('java.util.Currency', { currencyCode: text('CHF') }), '"CHF"'],
    [object('java.net.URI', { string: text('a:b#c') }), '"a:b#c"'],
    [
      mapOf('java.net.URI', { scheme: text('a'), rawSchemeSpecificPart: text('//b'), rawFragment: text('c') }),
      '"a://b#c"',
    ],
    [
      object('java.net.URL', { protocol: text('http'), authority: text('a:80'), file: text('/b?c'), ref: text('d') }),
      '"http://a:80/b?c#d"',
    ],
    [
      object('java.net.URL', { protocol: text('file'), authority: text(''), file: text('/b'), ref: NULL_RECIPE }),
      '"file:/b"',
    ],
    [object('java.io.File', { value: text('/a/b') }), '"/a/b"'],
    [object('java.lang.Class', { name: text('a.B') }), '"a.B"'],
    [objectRecipe(SHAPES.flag, int(1)), 'true'],
    [objectRecipe(SHAPES.flag, int(0)), 'false'],
    [objectRecipe(SHAPES.flag, int(2)), '{"value":2}'],
    [mapOf('java.util.concurrent.atomic.AtomicBoolean', { plain: { kind: 'bytes', bytes: Buffer.of(0x46) } }), 'false'],
    [object('java.lang.StackTraceElement', { declaringClass: text('a.B') }), 'null'],
    [mapOf('java.math.BigDecimal', { value: text('1.10') }), '1.10'],
    [object('com.caucho.hessian.io.LocaleHandle', { value: text('de_CH') }), '"de_CH"'],
  ];
  for (const [value, json] of cases) {
    it(`become ${json}`, () => {
      assert.equal(toJson(value), json);
    });
  }

  it('that are 64-bit integers follow the option for longs', () => {
    const value = objectRecipe(SHAPES.atomic, longRecipe(2n ** 53n + 1n));
    assert.equal(toJson(value), '9007199254740993');
    assert.equal(toJson(value, { longs: 'string-if-unsafe' }), '"9007199254740993"');
    assert.equal(toJson(objectRecipe(SHAPES.atomic, int(5)), { longs: 'string-if-unsafe' }), '5');
  });
});
