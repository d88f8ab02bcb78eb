import { double, long } from '../probe/hessian-oracle.ts';
import type { TypeCase } from './type-case.ts';

const MOMENT_TEXT = '1998-05-08T09:51:31.001Z';
const MOMENT = new Date(MOMENT_TEXT);

const FULL_USER_JSON = `{"id":9007199254740993,"createdAt":"${MOMENT_TEXT}","name":"Ann","age":42,"vip":true,"balance":1.10,\
"points":-1,"birthday":"1970-01-01T00:00:00.000Z","avatar":"AP8=","level":"HIGH",\
"address":{"street":"Main Street","city":null,"houseNumber":7},"tags":["a","b"],"scores":{"z":1},"nickname":"an"}`;

const FULL_USER_WIRE = {
  id: long('9007199254740993'),
  createdAt: MOMENT,
  name: 'Ann',
  age: 42,
  vip: true,
  balance: '1.10',
  points: -1,
  birthday: new Date(0),
  avatar: Buffer.from([0, 255]),
  level: 'HIGH',
  address: { street: 'Main Street', city: null, houseNumber: 7 },
  tags: ['a', 'b'],
  scores: { z: 1 },
  nickname: 'an',
};

const FULL_USER_RECEIVED =
  'com.acme.interop.User {address=com.acme.interop.Address {houseNumber=java.lang.Integer 7, ' +
  'street=java.lang.String "Main Street"}, age=java.lang.Integer 42, avatar=byte[] 00ff, ' +
  'balance=java.math.BigDecimal 110e-2, birthday=java.util.Date 1970-01-01T00:00:00.000000000Z, ' +
  'createdAt=java.util.Date 1998-05-08T09:51:31.001000000Z, id=java.lang.Long 9007199254740993, ' +
  'level=com.acme.interop.Level HIGH, name=java.lang.String "Ann", nickname=java.lang.String "an", ' +
  'points=java.lang.Long -1, scores=java.util.HashMap {java.lang.String "z"=java.lang.Integer 1}, ' +
  'tags=java.util.ArrayList [java.lang.String "a", java.lang.String "b"], vip=java.lang.Boolean true}';

/** A public field that is null does not come back, unlike a getter that says null. */
const BARE_USER_ANSWER =
  '{"id":0,"createdAt":null,"name":"a","age":null,"vip":false,"balance":null,"points":0,"birthday":null,' +
  '"avatar":null,"level":null,"address":null,"tags":null,"scores":null}';
/** Raw results have all fields. */
const BARE_USER_RAW = BARE_USER_ANSWER.replace('"name"', '"nickname":null,"name"');
const BARE_USER_RECEIVED =
  'com.acme.interop.User {id=java.lang.Long 0, name=java.lang.String "a", points=java.lang.Long 0, ' +
  'vip=java.lang.Boolean false}';
export const MODEL_CASES: readonly TypeCase[] = [
  {
    name: 'User',
    javaType: 'com.acme.interop.User',
    json: FULL_USER_JSON,
    wire: FULL_USER_WIRE,
    received: FULL_USER_RECEIVED,
    answer: FULL_USER_JSON,
  },
  {
    name: 'User',
    label: 'unknown and missing fields',
    javaType: 'com.acme.interop.User',
    json: '{"name":"a","unknown":1}',
    wire: { name: 'a', unknown: 1 },
    received: BARE_USER_RECEIVED,
    answer: BARE_USER_ANSWER,
    rawAnswer: BARE_USER_RAW,
  },
  {
    name: 'User',
    label: 'null',
    javaType: 'com.acme.interop.User',
    json: 'null',
    wire: null,
    received: 'null',
    answer: 'null',
  },
  {
    name: 'Users',
    javaType: 'com.acme.interop.User[]',
    json: '[{"name":"a"},null]',
    wire: [{ name: 'a' }, null],
    received: `com.acme.interop.User[] [${BARE_USER_RECEIVED}, null]`,
    answer: `[${BARE_USER_ANSWER},null]`,
    rawAnswer: `[${BARE_USER_RAW},null]`,
  },
  {
    name: 'UserList',
    javaType: 'java.util.List<com.acme.interop.User>',
    json: '[{"name":"a"}]',
    wire: [{ name: 'a' }],
    received: `java.util.ArrayList [${BARE_USER_RECEIVED}]`,
    answer: `[${BARE_USER_ANSWER}]`,
    rawAnswer: `[${BARE_USER_RAW}]`,
  },
  {
    name: 'UserById',
    javaType: 'java.util.Map<java.lang.Integer, com.acme.interop.User>',
    json: '{"1":{"name":"a"},"-2":null}',
    wire: { '1': { name: 'a' }, '-2': null },
    received: `java.util.HashMap {java.lang.Integer -2=null, java.lang.Integer 1=${BARE_USER_RECEIVED}}`,
    answer: `{"1":${BARE_USER_ANSWER},"-2":null}`,
    rawAnswer: `{"1":${BARE_USER_RAW},"-2":null}`,
  },
  {
    // The class of the items is in no place that Dubbo looks at, so each object names it.
    name: 'UserPage',
    javaType: 'com.acme.interop.Page<com.acme.interop.User>',
    json: '{"items":[{"name":"a"}],"first":{"name":"a"},"total":1}',
    wire: {
      items: [{ class: 'com.acme.interop.User', name: 'a' }],
      first: { class: 'com.acme.interop.User', name: 'a' },
      total: 1,
    },
    received:
      `com.acme.interop.Page {first=${BARE_USER_RECEIVED}, items=java.util.ArrayList [${BARE_USER_RECEIVED}], ` +
      'total=java.lang.Long 1}',
    answer: `{"items":[${BARE_USER_ANSWER}],"first":${BARE_USER_ANSWER},"total":1}`,
    rawAnswer: `{"items":[${BARE_USER_RAW}],"first":${BARE_USER_RAW},"total":1}`,
  },
  {
    name: 'Order',
    label: 'nested and inner class',
    javaType: 'com.acme.interop.Order',
    json: '{"number":"A-1","lines":[{"article":"pen","quantity":3}],"note":{"text":"with care"}}',
    wire: { number: 'A-1', lines: [{ article: 'pen', quantity: 3 }], note: { text: 'with care' } },
    received:
      'com.acme.interop.Order {lines=java.util.ArrayList [com.acme.interop.Order$Line ' +
      '{article=java.lang.String "pen", quantity=java.lang.Integer 3}], note=com.acme.interop.Order$Note ' +
      '{text=java.lang.String "with care"}, number=java.lang.String "A-1"}',
    answer: '{"number":"A-1","lines":[{"article":"pen","quantity":3}],"note":{"text":"with care"}}',
  },
  {
    name: 'OrderLine',
    javaType: 'com.acme.interop.Order$Line',
    json: '{"article":"pen","quantity":3}',
    wire: { article: 'pen', quantity: 3 },
    received: 'com.acme.interop.Order$Line {article=java.lang.String "pen", quantity=java.lang.Integer 3}',
    answer: '{"article":"pen","quantity":3}',
  },
  {
    name: 'Node',
    label: 'chain',
    javaType: 'com.acme.interop.Node',
    json: '{"name":"a","next":{"name":"b","next":null}}',
    wire: { name: 'a', next: { name: 'b', next: null } },
    received:
      'com.acme.interop.Node {name=java.lang.String "a", next=com.acme.interop.Node {name=java.lang.String "b"}}',
    answer: '{"name":"a","next":{"name":"b","next":null}}',
  },
  object('"a"', 'a', 'java.lang.String "a"'),
  object('1', 1, 'java.lang.Integer 1'),
  object('9007199254740993', long('9007199254740993'), 'java.lang.Long 9007199254740993'),
  object('1.5', double(1.5), 'java.lang.Double 1.5'),
  object('true', true, 'java.lang.Boolean true'),
  object('null', null, 'null'),
  object(
    '[1,"a",[]]',
    [1, 'a', []],
    'java.util.ArrayList [java.lang.Integer 1, java.lang.String "a", java.util.ArrayList []]',
  ),
  object(
    '{"a":1,"__proto__":"b","\u4e2d":null}',
    new Map<string, unknown>([
      ['a', 1],
      ['__proto__', 'b'],
      ['\u4e2d', null],
    ]),
    'java.util.HashMap {java.lang.String "\\u4e2d"=null, java.lang.String "__proto__"=java.lang.String "b", ' +
      'java.lang.String "a"=java.lang.Integer 1}',
  ),
];

function object(json: string, wire: unknown, received: string): TypeCase {
  return { name: 'Object', label: json, javaType: 'java.lang.Object', json, wire, received, answer: json };
}
