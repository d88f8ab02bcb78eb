import { duration, instant, localDate, localDateTime, localTime } from '../java-time.ts';
import {
  arrayList,
  bigDecimal,
  bigInteger,
  binary,
  date,
  double,
  enumConstant,
  hashMap,
  int,
  type JavaObject,
  type JavaValue,
  long,
  object,
  typedList,
  typedMap,
} from '../java-value.ts';

const EPOCH_MS = 894_621_091_000;

/** One object with a field of every kind of value a provider can send. */
export function allTypes(): JavaObject {
  const shared = arrayList(['shared']);
  return object('com.acme.types.AllTypes', [
    ['nothing', null],
    ['yes', true],
    ['no', false],
    ['byteMin', int(-128)],
    ['intDirect', int(47)],
    ['intByte', int(-2048)],
    ['intShort', int(262_143)],
    ['intMax', int(2_147_483_647)],
    ['intMin', int(-2_147_483_648)],
    ['longDirect', long(15)],
    ['longByte', long(-2048)],
    ['longShort', long(262_143)],
    ['longInt', long(-2_147_483_648)],
    ['longUnsafe', long(9_007_199_254_740_993n)],
    ['longMax', long(9_223_372_036_854_775_807n)],
    ['longMin', long(-9_223_372_036_854_775_808n)],
    ['doubleZero', double(0)],
    ['doubleOne', double(1)],
    ['doubleByte', double(-128)],
    ['doubleShort', double(-32_768)],
    ['doubleMills', double(0.1)],
    ['doubleFull', double(0.1 + 0.2)],
    ['doubleHuge', double(1.797_693_134_862_315_7e308)],
    ['doubleTiny', double(5e-324)],
    ['nan', double(Number.NaN)],
    ['infinity', double(Number.POSITIVE_INFINITY)],
    ['minusInfinity', double(Number.NEGATIVE_INFINITY)],
    ['empty', ''],
    ['ascii', 'plain "text" with \\ and \u0000 and \u001f'],
    ['cjk', '中文字符'],
    ['emoji', '😀🗾'],
    ['loneSurrogate', 'a\ud83db'],
    ['character', 'x'],
    ['longText', 'ä'.repeat(1500)],
    ['chunkedText', '中'.repeat(40_000)],
    ['binary', binary([0, 1, 127, 128, 255])],
    ['binaryLong', binary(Buffer.alloc(10_000, 7))],
    ['date', date(EPOCH_MS)],
    ['dateMinutes', date(60_000)],
    ['dateBeforeEpoch', date(-1)],
    ['dateFar', date(9_223_372_036_854_775_807n)],
    ...containers(shared),
    ...numbersAndTimes(),
    ...jdkObjects(),
  ]);
}

function containers(shared: JavaValue): [string, JavaValue][] {
  return [
    ['shared', shared],
    ['sharedAgain', shared],
    ['emptyList', arrayList([])],
    ['longList', arrayList(Array.from({ length: 100 }, (_, index) => int(index)))],
    ['nestedList', arrayList([arrayList([long(1), long(2)]), arrayList([long(3)]), arrayList([])])],
    ['set', typedList('java.util.HashSet', ['a', 'b'])],
    ['ints', typedList('[int', [int(1), int(-1)])],
    ['longs', typedList('[long', [long(1), long(9_007_199_254_740_993n)])],
    ['floats', typedList('[float', [double(Math.fround(1.1)), double(2)])],
    ['doubles', typedList('[double', [double(1.1)])],
    ['booleans', typedList('[boolean', [true, false])],
    ['strings', typedList('[string', ['a', null, 'c'])],
    ['objects', typedList('[object', [int(1), 'two', null])],
    ['boxedInts', typedList('[java.lang.Integer', [int(1)])],
    ['dates', typedList('[date', [date(EPOCH_MS)])],
    ['enums', typedList('[com.acme.types.Color', [enumConstant('com.acme.types.Color', 'RED')])],
    ['emptyMap', hashMap([])],
    ['map', hashMap([['k', 'v']])],
    [
      'linkedMap',
      typedMap('java.util.LinkedHashMap', [
        ['z', int(1)],
        ['a', int(2)],
      ]),
    ],
    [
      'treeMap',
      typedMap('java.util.TreeMap', [
        ['a', int(1)],
        ['b', int(2)],
      ]),
    ],
    [
      'intKeys',
      hashMap([
        [int(1), 'one'],
        [int(2), 'two'],
      ]),
    ],
    [
      'mixedKeys',
      hashMap([
        [null, 'null'],
        [true, 'boolean'],
        [long(9_007_199_254_740_993n), 'long'],
        [date(EPOCH_MS), 'date'],
      ]),
    ],
    [
      'prototypeKeys',
      hashMap([
        ['__proto__', 'data'],
        ['constructor', 'data'],
        ['toString', 'data'],
      ]),
    ],
    ['color', enumConstant('com.acme.types.Color', 'GREEN')],
    ['klass', object('java.lang.Class', [['name', 'java.lang.String']])],
  ];
}

function numbersAndTimes(): [string, JavaValue][] {
  return [
    ['decimal', bigDecimal('1.10')],
    ['decimalLong', bigDecimal('123456789012345678901234567890.123456789')],
    ['decimalExponent', bigDecimal('1E+3')],
    ['bigInteger', bigInteger(12_345_678_901_234_567_890n)],
    ['bigIntegerNegative', bigInteger(-(2n ** 70n))],
    ['bigIntegerZero', bigInteger(0n)],
    ['atomicInteger', object('java.util.concurrent.atomic.AtomicInteger', [['value', int(5)]])],
    ['atomicLong', object('java.util.concurrent.atomic.AtomicLong', [['value', long(9_007_199_254_740_993n)]])],
    ['sqlDate', object('java.sql.Date', [['value', date(EPOCH_MS)]])],
    ['sqlTime', object('java.sql.Time', [['value', date(EPOCH_MS)]])],
    ['sqlTimestamp', object('java.sql.Timestamp', [['value', date(EPOCH_MS + 1)]])],
    ['localDate', localDate('2024-01-02')],
    ['localTime', localTime('03:04:05.006')],
    ['localDateTime', localDateTime('2024-01-02T03:04:05.678')],
    ['instant', instant(1n, 2)],
    ['duration', duration(90n, 0)],
  ];
}

function jdkObjects(): [string, JavaValue][] {
  const uuid: [string, JavaValue][] = [
    ['leastSignificantBits', long(0xa9cc_7b8e_3f2a_6c21n)],
    ['mostSignificantBits', long(0x1159_e6c4_7e5f_4d9bn)],
    ['class', 'java.util.UUID'],
  ];
  return [
    ['uuid', object('java.util.UUID', [['value', '1159e6c4-7e5f-4d9b-a9cc-7b8e3f2a6c21']], uuid)],
    ['locale', object('com.alibaba.com.caucho.hessian.io.LocaleHandle', [['value', 'zh_CN']], localeGetters())],
    [
      'optional',
      object(
        'java.util.Optional',
        [],
        [
          ['present', true],
          ['empty', false],
          ['class', 'java.util.Optional'],
        ],
      ),
    ],
  ];
}

function localeGetters(): [string, JavaValue][] {
  const noKeys = typedList('java.util.HashSet', []);
  return [
    ['unicodeLocaleKeys', noKeys],
    ['country', 'CN'],
    ['displayName', 'Chinese (China)'],
    ['language', 'zh'],
    ['displayVariant', ''],
    ['displayLanguage', 'Chinese'],
    ['script', ''],
    ['iSO3Country', 'CHN'],
    ['unicodeLocaleAttributes', noKeys],
    ['displayCountry', 'China'],
    ['variant', ''],
    ['extensionKeys', noKeys],
    ['displayScript', ''],
    ['iSO3Language', 'zho'],
    ['class', 'java.util.Locale'],
  ];
}
