import type { HttpCase } from './http-case.ts';

const USER = 'com.acme.interop.User';
const MANY = ['flag', 'count', 'id', 'ratio', 'text', 'numbers', 'labels', 'user'];
const LONG_TEXT = 'x\u4e2d'.repeat(400_000);
const MANY_LONGS = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => index * 1_000_003));

/** What belongs to the call and not to a type. */
export const CALL_CASES: readonly HttpCase[] = [
  { title: 'no arguments', call: { service: 'plain', method: 'noArguments' }, answer: '"no arguments"' },
  {
    title: 'two arguments of the path',
    call: { service: 'plain', method: 'add', parameters: ['int', 'int'], args: ['path.a', 'path.b'] },
    pattern: '/:a/:b',
    target: '/40/2',
    answer: '42',
  },
  {
    title: 'a boxed and a primitive long',
    call: { service: 'plain', method: 'addBoxed', parameters: ['Long', 'long'], args: ['query.a', 'header.x-b'] },
    target: '?a=9007199254740993',
    headers: { 'x-b': '1' },
    answer: '9007199254740994',
  },
  {
    title: 'eight arguments of the body',
    call: {
      service: 'plain',
      method: 'describeMany',
      parameters: ['boolean', 'int', 'long', 'double', 'String', 'List<Long>', 'Map<String, String>', USER],
      args: MANY.map((name) => `body.${name}`),
    },
    json: '{"flag":true,"count":1,"id":9007199254740993,"ratio":5,"text":"t","numbers":[1],"labels":{"a":"b"},"user":null}',
    answer: JSON.stringify(
      'java.lang.Object[] [java.lang.Boolean true, java.lang.Integer 1, java.lang.Long 9007199254740993, ' +
        'java.lang.Double 5.0, java.lang.String "t", java.util.ArrayList [java.lang.Long 1], ' +
        'java.util.HashMap {java.lang.String "a"=java.lang.String "b"}, null]',
    ),
  },
  {
    title: 'an object merged of body, path and constants',
    call: {
      service: 'plain',
      method: 'describeUser',
      parameters: [USER],
      args: [{ merge: ['body', { id: 'path.id', level: { value: 'LOW' }, age: { from: 'query.age', default: 7 } }] }],
    },
    pattern: '/:id',
    target: '/5',
    json: '{"id":1,"name":"a"}',
    answer: JSON.stringify(
      `${USER} {age=java.lang.Integer 7, id=java.lang.Long 5, level=com.acme.interop.Level LOW, ` +
        'name=java.lang.String "a", points=java.lang.Long 0, vip=java.lang.Boolean false}',
    ),
  },
  overload(['int'], 'int 5'),
  overload(['long'], 'long 5'),
  overload(['java.lang.Long'], 'Long 5'),
  overload(['java.lang.String'], 'String 5'),
  overload(['java.lang.String', 'java.lang.String'], 'String 5, String 5'),
  {
    title: 'overloaded(java.util.List)',
    call: {
      service: 'plain',
      method: 'overloaded',
      parameters: ['java.util.List<java.lang.String>'],
      args: ['query.value[]'],
    },
    target: '?value=5&value=6',
    answer: '"List [5, 6]"',
  },
  {
    title: `overloaded(${USER})`,
    call: { service: 'plain', method: 'overloaded', parameters: [USER], args: ['body'] },
    json: '{"name":"a"}',
    answer: '"User a"',
  },
  { title: 'no group and version', call: { service: 'plain', method: 'exportedAs' }, answer: '"null:null"' },
  { title: 'group and version', call: { service: 'versioned', method: 'exportedAs' }, answer: '"g1:1.0.0"' },
  { title: 'the right token', call: { service: 'guarded', method: 'exportedAs' }, answer: '"guarded:null"' },
  {
    title: 'an attachment of the answer as a header',
    call: {
      service: 'plain',
      method: 'answerWithAttachment',
      parameters: ['String', 'String'],
      args: [{ value: 'mood' }, 'query.mood'],
      route: { response: { attachments: { 'X-Mood': 'mood' } } },
    },
    target: '?mood=good',
    answer: '"attached"',
    answerHeader: ['x-mood', 'good'],
  },
  {
    title: 'a call that nobody waits for',
    call: { service: 'plain', method: 'countCall', settings: { oneway: true } },
    answer: '202',
  },
  echo('a long text', 'String', 'java.lang.String', JSON.stringify(LONG_TEXT)),
  echo('many numbers', 'LongList', 'java.util.List<java.lang.Long>', MANY_LONGS),
];

function overload(parameters: readonly string[], answer: string): HttpCase {
  return {
    title: `overloaded(${parameters})`,
    call: { service: 'plain', method: 'overloaded', parameters, args: parameters.map(() => 'query.value') },
    target: '?value=5',
    answer: JSON.stringify(answer),
  };
}

function echo(title: string, name: string, type: string, json: string): HttpCase {
  return {
    title,
    call: { service: 'plain', method: `echo${name}`, parameters: [type], args: ['body'] },
    json,
    answer: json,
  };
}
