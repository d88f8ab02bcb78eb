import { double, long } from '../probe/hessian-oracle.ts';
import type { TypeCase } from './type-case.ts';

const MOMENT_TEXT = '1998-05-08T09:51:31.001Z';
const MOMENT = new Date(MOMENT_TEXT);

/**
 * What the Go service takes and gives. dubbo-go answers bytes as a list of numbers and an absent list as an empty one, and
 * loses a time that is the whole result.
 */
export const GO_CASES: readonly Omit<TypeCase, 'refusedOn' | 'receivedOn' | 'answerOn' | 'unanswerableOn' | 'field'>[] =
  [
    go('Boolean', 'boolean', 'true', true, 'bool true'),
    go('Int', 'int', '-2147483648', -2147483648, 'int32 -2147483648'),
    go('Long', 'long', '9007199254740993', long('9007199254740993'), 'int64 9007199254740993'),
    go('Double', 'double', '0.1', double(0.1), 'float64 0.1'),
    go(
      'String',
      'java.lang.String',
      '"Zo\u00eb \ud83d\ude00"',
      'Zo\u00eb \ud83d\ude00',
      'string "Zo\\u00eb \\U0001f600"',
    ),
    { ...go('Bytes', 'byte[]', '"Af8="', Buffer.from([1, 255]), '[]uint8 01ff'), answer: '[1,255]' },
    { ...go('Date', 'java.util.Date', `"${MOMENT_TEXT}"`, MOMENT, `time.Time ${MOMENT_TEXT}`), answer: '{}' },
    go(
      'LongList',
      'java.util.List<java.lang.Long>',
      '[1,9007199254740993]',
      [1, long('9007199254740993')],
      '[]int64 [1 9007199254740993]',
    ),
    go('StringList', 'java.util.List<java.lang.String>', '["a","b"]', ['a', 'b'], '[]string [a b]'),
    go(
      'StringMap',
      'java.util.Map<java.lang.String, java.lang.String>',
      '{"a":"b"}',
      { a: 'b' },
      'map[string]string map[a:b]',
    ),
    {
      ...go(
        'User',
        'com.acme.interop.User',
        `{"id":9007199254740993,"name":"Ann","age":42,"vip":true,"ratio":0.5,"createdAt":"${MOMENT_TEXT}","tags":["a"],` +
          '"avatar":[1,255],"address":{"street":"Main Street","houseNumber":7}}',
        {
          id: long('9007199254740993'),
          name: 'Ann',
          age: 42,
          vip: true,
          ratio: double(0.5),
          createdAt: MOMENT,
          tags: ['a'],
          avatar: [1, 255],
          address: { street: 'Main Street', houseNumber: 7 },
        },
        `*main.User {9007199254740993 "Ann" 42 true 0.5 ${MOMENT_TEXT} [a] 01ff {"Main Street" 7}}`,
      ),
    },
    {
      ...go(
        'User',
        'com.acme.interop.User',
        '{"id":5,"unknown":1}',
        { id: 5, unknown: 1 },
        '*main.User {5 "" 0 false 0 0001-01-01T00:00:00.000Z []  nil}',
      ),
      label: 'unknown and missing fields',
      answer: '{"id":5,"name":"","age":0,"vip":false,"ratio":0,"createdAt":null,"tags":[],"avatar":[],"address":null}',
    },
    go('User', 'com.acme.interop.User', 'null', null, '*main.User nil'),
    go('Object', 'java.lang.Object', '[1,"a",null]', [1, 'a', null], '[]interface {} [1 a <nil>]'),
  ];

function go(name: string, javaType: string, json: string, wire: unknown, received: string): TypeCase {
  return { name, javaType, json, wire, received, answer: json };
}
