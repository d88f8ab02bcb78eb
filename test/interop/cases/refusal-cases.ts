import type { JavaPeerName } from '../peers/peer-names.ts';
import type { HttpCase } from './http-case.ts';

/** A call that the provider itself refuses, with its status. */
export interface RefusalCase extends HttpCase {
  /** The status in Dubbo's frame. */
  readonly dubboStatus: number;
  readonly dubboStatusOn?: Readonly<Partial<Record<JavaPeerName, number>>>;
  readonly answerOn?: Readonly<Partial<Record<JavaPeerName, string>>>;
}

const NONE = '503 PROVIDER_NONE';
const REFUSED = '502 PROVIDER_REFUSED';
const INVALID = '400 REQUEST_INVALID';
const TOO_LARGE = '502 RESPONSE_TOO_LARGE';
/** 3.x says only that it cannot decode the call of a service that it does not know. */
const UNKNOWN_SERVICE = {
  dubboStatus: 70,
  dubboStatusOn: { '3.2.16': 40, '3.3.6': 40 },
  answer: NONE,
  answerOn: { '3.2.16': REFUSED, '3.3.6': REFUSED },
} as const;

export const REFUSAL_CASES: readonly RefusalCase[] = [
  {
    title: 'unknown service',
    call: { service: 'wrong-interface', method: 'noArguments' },
    ...UNKNOWN_SERVICE,
  },
  { title: 'unknown version', call: { service: 'wrong-version', method: 'noArguments' }, ...UNKNOWN_SERVICE },
  { title: 'unknown group', call: { service: 'wrong-group', method: 'noArguments' }, dubboStatus: 70, answer: NONE },
  {
    title: 'unknown method',
    call: { service: 'plain', method: 'nope' },
    dubboStatus: 70,
    answer: REFUSED,
    detail: /no such method/,
  },
  {
    title: 'other parameter types',
    call: { service: 'plain', method: 'add', parameters: ['long', 'long'], args: [{ value: 1 }, { value: 2 }] },
    dubboStatus: 70,
    answer: REFUSED,
    detail: /no such method/,
  },
  {
    title: 'no token',
    call: { service: 'guarded-without-token', method: 'exportedAs' },
    dubboStatus: 70,
    answer: REFUSED,
    detail: /token/,
  },
  {
    title: 'a wrong token',
    call: { service: 'guarded-wrong-token', method: 'exportedAs' },
    dubboStatus: 70,
    answer: REFUSED,
    detail: /token/,
  },
  refused('an enum constant that does not exist', 'Level', 'com.acme.interop.Level', '"NOPE"', /No enum constant/),
  refused(
    'no number in a field without a declared type',
    'Primitives',
    'com.acme.interop.Primitives',
    '{"medium":"x"}',
  ),
  refused('a list in a field that is an int', 'Primitives', 'com.acme.interop.Primitives', '{"medium":[1]}'),
  {
    title: 'a result of 9 MB',
    call: { service: 'plain', method: 'bigString', parameters: ['int'], args: [{ value: 9_000_000 }] },
    dubboStatus: 25,
    dubboStatusOn: { '2.6.12': 50, '2.7.23': 50 },
    answer: TOO_LARGE,
  },
  {
    title: 'a getter that throws',
    call: { service: 'plain', method: 'brokenGetter' },
    dubboStatus: 70,
    answer: REFUSED,
  },
];

function refused(title: string, name: string, type: string, json: string, detail = /convert an argument/): RefusalCase {
  return {
    title,
    call: { service: 'plain', method: `describe${name}`, parameters: [type], args: ['body'] },
    json,
    dubboStatus: 70,
    answer: INVALID,
    detail,
  };
}
