import type { HttpCase } from './http-case.ts';

/** A call that other gateways are known to get wrong. */
export interface ComparisonCase extends HttpCase {
  /** What ShenYu 2.7.1 and Pixiu were seen to answer. */
  readonly others: string;
}

const CLASS_KEY = '{"class":"com.acme.interop.Address","street":"x"}';
const OPAQUE = 'ShenYu: 500 "Internal Server Error"';
const DECIMAL = '12345678901234567890.10';

/** The calls with the Java service. */
export const COMPARISON_CASES: readonly ComparisonCase[] = [
  echo('2^53 + 1 in an array', 'Longs', 'long[]', '[9007199254740993]', 'ShenYu: 9007199254740992'),
  echo(
    'an integer past 64 bits',
    'BigInteger',
    'java.math.BigInteger',
    '123456789012345678901234567890',
    'ShenYu: wrapped to 64 bits',
  ),
  {
    ...echo('an integer past 64 bits for a long', 'Long', 'long', '9223372036854775808', 'ShenYu: wrapped to 64 bits'),
    answer: '400 REQUEST_INVALID',
  },
  echo('a BigDecimal', 'BigDecimal', 'java.math.BigDecimal', DECIMAL, 'ShenYu: cut to a double'),
  {
    ...echo("the caller's class key", 'Object', 'java.lang.Object', CLASS_KEY, 'ShenYu: chooses the Java class'),
    answer: '400 REQUEST_CLASS_KEY',
  },
  {
    title: 'a cycle',
    call: { service: 'plain', method: 'twoNodeCycle' },
    answer: '{"name":"first","next":{"name":"second","next":null}}',
    others: 'ShenYu: {}; Pixiu: dies',
  },
  echo('a text', 'String', 'java.lang.String', '"text"', 'ShenYu: text/plain'),
  {
    title: 'a business exception',
    call: { service: 'plain', method: 'outOfStock', parameters: ['int'], args: [{ value: 5 }] },
    answer: '500 PROVIDER_EXCEPTION',
    detail: /^out of stock$/,
    others: `${OPAQUE}; Pixiu: 504 with a Java stack trace`,
  },
  ...situations('NaN', { service: 'plain', method: 'notANumber' }, 'null'),
];

/** The calls with the Go service, which has neither decimals nor cycles. */
export const GO_COMPARISON_CASES: readonly ComparisonCase[] = [
  echo(
    '2^53 + 1 in an array',
    'LongList',
    'java.util.List<java.lang.Long>',
    '[9007199254740993]',
    'ShenYu: 9007199254740992',
  ),
  {
    ...echo('an integer past 64 bits for a long', 'Long', 'long', '9223372036854775808', 'ShenYu: wrapped to 64 bits'),
    answer: '400 REQUEST_INVALID',
  },
  {
    ...echo("the caller's class key", 'Object', 'java.lang.Object', CLASS_KEY, 'ShenYu: chooses the Java class'),
    answer: '400 REQUEST_CLASS_KEY',
  },
  echo('a text', 'String', 'java.lang.String', '"text"', 'ShenYu: text/plain'),
  {
    title: 'a business exception',
    call: { service: 'plain', method: 'fail', parameters: ['String'], args: [{ value: 'out of stock' }] },
    answer: '500 PROVIDER_EXCEPTION',
    detail: /^out of stock$/,
    others: `${OPAQUE}; Pixiu: 504 with a Java stack trace`,
  },
  ...situations('a null object', { service: 'plain', method: 'nullUser' }, '204'),
];

function echo(title: string, name: string, type: string, json: string, others: string): ComparisonCase {
  return {
    title,
    call: { service: 'plain', method: `echo${name}`, parameters: [type], args: ['body'] },
    json,
    answer: json,
    others,
  };
}

function situations(nothing: string, call: HttpCase['call'], answer: string): ComparisonCase[] {
  return [
    { title: nothing, call, answer, others: 'Pixiu: an empty 200' },
    {
      title: 'a method that takes too long',
      call: {
        service: 'plain',
        method: 'sleep',
        parameters: ['int'],
        args: [{ value: 600 }],
        settings: { timeoutMs: 150 },
      },
      answer: '504 PROVIDER_TIMEOUT',
      others: OPAQUE,
    },
    {
      title: 'a provider that is down',
      call: { service: 'down', method: 'noArguments' },
      answer: '503 PROVIDER_NONE',
      others: OPAQUE,
    },
    {
      title: 'a path without a route',
      call: { service: 'plain', method: 'noArguments' },
      target: '/and/no/further',
      answer: '404 ROUTE_NOT_FOUND',
      others: 'ShenYu: 200',
    },
  ];
}
