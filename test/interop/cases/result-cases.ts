import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import type { JavaPeerName } from '../peers/peer-names.ts';

type ResponseInput = NonNullable<NonNullable<GatewayConfigInput['routes']>[number]['response']>;

/** A result that no argument stands for, and what an HTTP client gets: JSON text, `204`, or status and code of an error. */
export interface ResultCase {
  readonly method: string;
  /** An int argument. */
  readonly argument?: number;
  /** Options of the route. */
  readonly response?: ResponseInput;
  readonly answer: string;
  /** With `generic: raw.return`, if that differs. */
  readonly rawAnswer?: string;
  readonly rawAnswerOn?: Readonly<Partial<Record<JavaPeerName, string>>>;
}

const MOMENT = '1998-05-08T09:51:31.001Z';
const ADDRESS = '{"street":"Main Street","city":"Springfield","houseNumber":7}';
const EMPTY_USER =
  '"id":0,"createdAt":null,"name":null,"age":null,"vip":false,"balance":null,"points":0,"birthday":null,"avatar":null,' +
  '"level":null,"address":null,"tags":null,"scores":null';
const TIME_VALUES = `{"date":"${MOMENT}","sqlDate":"${MOMENT}","sqlTime":"${MOMENT}","timestamp":"${MOMENT}",\
"calendar":null,"localDate":"2024-02-29","localTime":"13:14:15.000000016","localDateTime":"2024-02-29T13:14:15.016",\
"instant":"2024-02-29T13:14:15.000000016Z","offsetDateTime":"2024-02-29T13:14:15.016+02:00",\
"offsetTime":"13:14:15.000000016+02:00","zonedDateTime":null,"duration":"PT-1M-29.999999995S","period":"P1Y-2M3D",\
"year":2024,"yearMonth":"2024-02","monthDay":"--02-29","zoneId":null,"zoneOffset":"+05:30"}`;
const THROWN = 'com.acme.interop.OutOfStockException';
const REFUSED = '502 PROVIDER_REFUSED';
const INVALID = '502 PROVIDER_PROTOCOL';
const CHAIN = '{"name":"n1","next":{"name":"n2","next":{"name":"n3","next":null}}}';
const UNICODE = 'a\u00e9\u4e2d\u{1f600}'.repeat(8_000);
const BYTES = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index & 0xff));

export const RESULT_CASES: readonly ResultCase[] = [
  { method: 'user', answer: userJson('9007199254740993') },
  { method: 'emptyUser', answer: `{${EMPTY_USER}}`, rawAnswer: `{${EMPTY_USER},"nickname":null}` },
  { method: 'users', answer: `[${userJson('1')},null]` },
  { method: 'userPage', answer: `{"items":[${userJson('1')},${userJson('2')}],"first":${userJson('1')},"total":2}` },
  {
    method: 'order',
    answer: '{"number":"A-1","lines":[{"article":"pen","quantity":3}],"note":{"text":"with care"}}',
  },
  { method: 'innerObject', answer: '{"text":"with care"}' },
  { method: 'timeValues', answer: TIME_VALUES },
  { method: 'jdkValues', answer: jdkJson('{"empty":false}'), rawAnswer: jdkJson('{"words":[5]}') },
  { method: 'primitives', answer: primitivesJson('1.1'), rawAnswer: primitivesJson('1.100000023841858') },
  {
    method: 'primitiveLimits',
    answer: primitiveLimitsJson('3.4028235e+38'),
    rawAnswer: primitiveLimitsJson('3.4028234663852886e+38'),
  },
  {
    method: 'getterOnly',
    answer: '{"uRLName":"start","ready":true,"notANumber":null,"nothing":null}',
    rawAnswer: '{}',
  },
  { method: 'brokenGetter', answer: REFUSED, rawAnswer: '{}' },
  { method: 'notSerializable', answer: '{"text":"text"}', rawAnswer: REFUSED },
  {
    // The frames of the stack are null: they are nothing for a caller.
    method: 'exceptionAsValue',
    answer: `{"code":3,"message":"a value, not thrown","localizedMessage":"a value, not thrown","cause":null,
      "stackTrace":[],"suppressed":[]}`,
    rawAnswer: `{"exceptionClass":"${THROWN}","code":3,"message":"a value, not thrown"}`,
    rawAnswerOn: { '3.3.6': REFUSED },
  },
  { method: 'stringClass', answer: '"java.lang.String"' },
  { method: 'calendar', answer: REFUSED, rawAnswer: `"${MOMENT}"` },
  { method: 'fullOptional', answer: '{"present":true,"empty":false}', rawAnswer: REFUSED },
  { method: 'emptyOptional', answer: '{"present":false,"empty":true}', rawAnswer: REFUSED },
  { method: 'iterator', answer: '{}', rawAnswer: '["a","b"]' },
  { method: 'linkedHashMap', answer: '{"z":1,"a":2}' },
  { method: 'treeMap', answer: '{"a":2,"z":1}' },
  { method: 'linkedHashSet', answer: '["a","m","z"]', rawAnswer: '["z","a","m"]' },
  { method: 'treeSet', answer: '["a","m","z"]' },
  { method: 'immutableList', answer: '[1,2]' },
  { method: 'mixedList', answer: `[1,2,2.5,"text",true,null,${ADDRESS},"LOW"]` },
  {
    method: 'mapWithMixedKeys',
    answer: '{"1":"int","2":"long","true":"boolean","1.5":"double","null":"null","LOW":"enum"}',
  },
  { method: 'mapWithObjectKeys', answer: INVALID },
  { method: 'mapWithPrototypeKeys', answer: '{"__proto__":"a","constructor":"b","toString":"c"}' },
  { method: 'sharedReferences', answer: `[${ADDRESS},[${ADDRESS},${ADDRESS}]]` },
  { method: 'selfCycle', answer: '{"name":"self","next":null}' },
  { method: 'twoNodeCycle', answer: '{"name":"first","next":{"name":"second","next":null}}' },
  { method: 'mapCycle', answer: '{"name":"map","self":null}' },
  { method: 'loneSurrogate', answer: '"half \\ud83d"' },
  { method: 'notANumber', answer: 'null' },
  { method: 'oddDoubles', answer: '[null,null,0,1.001,1e+21,5,32768,5e-324]' },
  { method: 'nullString', answer: '204' },
  { method: 'nullUser', answer: '204' },
  { method: 'nothing', answer: '204' },
  { method: 'deepChain', argument: 3, answer: CHAIN },
  { method: 'deepList', argument: 5, answer: '[[[[[]]]]]' },
  { method: 'deepList', argument: 600, answer: INVALID },
  { method: 'doublingReferences', argument: 2, answer: '[[["leaf"],["leaf"]],[["leaf"],["leaf"]]]' },
  { method: 'doublingReferences', argument: 30, answer: '502 RESPONSE_TOO_LARGE' },
  { method: 'bigString', argument: 2_000_000, answer: `"${'x'.repeat(2_000_000)}"` },
  { method: 'bigString', argument: 9_000_000, answer: '502 RESPONSE_TOO_LARGE' },
  { method: 'bigUnicodeString', argument: 40_000, answer: `"${UNICODE}"` },
  { method: 'bigList', argument: 200, answer: `[${Array.from({ length: 200 }, (_, id) => userJson(String(id)))}]` },
  { method: 'bigBytes', argument: 40_000, answer: `"${BYTES.toString('base64')}"` },

  { method: 'user', response: { longs: 'string' }, answer: userJson('"9007199254740993"', '"9007199254740993"') },
  { method: 'users', response: { longs: 'string-if-unsafe' }, answer: `[${userJson('1', '"9007199254740993"')},null]` },
  {
    method: 'user',
    response: { decimals: 'string', dates: 'epoch-ms' },
    answer: userJson('9007199254740993')
      .replace('12345678901234567890.10', '"12345678901234567890.10"')
      .replace(`"${MOMENT}"`, '894621091001')
      .replace('"1970-01-01T00:00:00.000Z"', '0'),
  },
  {
    method: 'user',
    response: { dates: { pattern: 'yyyy-MM-dd HH:mm', zone: 'Asia/Shanghai' } },
    answer: userJson('9007199254740993')
      .replace(MOMENT, '1998-05-08 17:51')
      .replace('1970-01-01T00:00:00.000Z', '1970-01-01 08:00'),
  },
  { method: 'emptyUser', response: { nulls: 'omit' }, answer: '{"id":0,"vip":false,"points":0}' },
  {
    method: 'innerObject',
    response: { classKey: 'keep' },
    answer: '{"text":"with care","class":"com.acme.interop.Order$Note"}',
    rawAnswer: '{"text":"with care"}',
  },
  { method: 'mapWithObjectKeys', response: { mapKeys: 'pairs' }, answer: `[[${ADDRESS},"home"]]` },
  { method: 'selfCycle', response: { cycles: 'error' }, answer: INVALID },
  { method: 'notANumber', response: { nonFinite: 'string' }, answer: '"NaN"' },
  { method: 'nothing', response: { void: 'null' }, answer: 'null' },
];

function userJson(id: string, points = '9007199254740993'): string {
  return `{"id":${id},"createdAt":"${MOMENT}","name":"Zo\u00eb \u4e2d\u{1f600}","age":42,"vip":true,\
"balance":12345678901234567890.10,"points":${points},"birthday":"1970-01-01T00:00:00.000Z","avatar":"AAH/",\
"level":"HIGH","address":${ADDRESS},"tags":["a","b"],"scores":{"z":1,"a":2},"nickname":"zo"}`;
}

function jdkJson(bitSet: string): string {
  const id = '"123e4567-e89b-12d3-a456-426614174000"';
  return `{"uuid":${id},"locale":"de_CH","currency":"CHF","uri":"https://example.org/a?b=c","url":null,\
"atomicInteger":5,"atomicLong":9007199254740993,"atomicBoolean":true,"bigDecimal":1E+3,\
"bigInteger":-12345678901234567890,"type":"java.lang.String","bitSet":${bitSet},"level":"MIDDLE","shape":"SQUARE",\
"bytes":"+/8=","chars":"chars","uuids":[${id}],"uuidById":{"1":${id}},"levels":["LOW","HIGH"]}`;
}

/** A float that is a field comes as a double where results are raw: the provider has widened it. */
function primitivesJson(single: string): string {
  return `{"flag":true,"tiny":-3,"small":300,"medium":70000,"large":9007199254740993,"single":${single},"twice":0.1,\
"letter":"x","boxedFlag":false,"boxedTiny":4,"boxedSmall":-300,"boxedMedium":-70000,"boxedLarge":-9007199254740993,\
"boxedSingle":99.8,"boxedTwice":1e+300,"boxedLetter":"\u4e2d","ints":[1,-2],"longs":[9007199254740993],"floats":[1.1],\
"doubles":[0.1,0]}`;
}

function primitiveLimitsJson(single: string): string {
  return `{"flag":false,"tiny":-128,"small":-32768,"medium":-2147483648,"large":-9223372036854775808,\
"single":${single},"twice":5e-324,"letter":"\uffff","boxedFlag":null,"boxedTiny":127,"boxedSmall":32767,\
"boxedMedium":2147483647,"boxedLarge":9223372036854775807,"boxedSingle":null,"boxedTwice":null,\
"boxedLetter":"\\u0000","ints":null,"longs":null,"floats":null,"doubles":null}`;
}
