import { setTimeout as delay } from 'node:timers/promises';
import { nestedLists, sharedLists } from '../deep-values.ts';
import { describeValue } from '../describe-value.ts';
import { JavaException } from '../java-exception.ts';
import { arrayList, hashMap, type JavaObject, type JavaValue, object } from '../java-value.ts';
import { type CallContext, method, type ServiceDefinition } from '../service.ts';
import { allTypes } from './all-types.ts';
import { sampleUser } from './user-classes.ts';
import { notFound } from './user-service.ts';

const MAX_NESTING = 1_000_000;
const MAX_SHARED_DEPTH = 1_000;
const MAX_STRING_UNITS = 32 * 1024 * 1024;
const MAX_LIST_ITEMS = 200_000;
const MAX_SLEEP_MS = 600_000;

/** `com.acme.types.TypesService`, without version and group: every kind of value, on purpose. */
export function typesService(): ServiceDefinition {
  return {
    name: 'com.acme.types.TypesService',
    version: '',
    group: '',
    classes: new Map(),
    methods: [
      method('echo', ['java.lang.Object'], 'constant', ([value]) => value ?? null),
      method('allTypes', [], 'constant', () => allTypes()),
      method('describe', ['java.lang.Object'], 'constant', (_, context) =>
        describeValue(context.wireArguments[0] ?? null),
      ),
      method('describeArgs', 'any', 'constant', (_, context) => describeArguments(context)),
      method('overload', ['int'], 'constant', (_, context) => describeArguments(context)),
      method('overload', ['long'], 'constant', (_, context) => describeArguments(context)),
      method('overload', ['java.lang.String'], 'constant', (_, context) => describeArguments(context)),
      method('overload', ['int', 'java.lang.String'], 'constant', (_, context) => describeArguments(context)),
      method('cycle', [], 'constant', () => cycle()),
      method('shared', ['int'], 'constant', ([depth]) => sharedLists(bounded(depth, MAX_SHARED_DEPTH))),
      method('deep', ['int'], 'constant', ([depth]) => nestedLists(bounded(depth, MAX_NESTING))),
      method('bigString', ['int'], 'constant', ([units]) => 'x'.repeat(bounded(units, MAX_STRING_UNITS))),
      method('bigList', ['int'], 'constant', ([count]) => userList(bounded(count, MAX_LIST_ITEMS))),
      method('voidCall', [], 'constant', () => null),
      method('nullValue', [], 'constant', () => null),
      method('fail', ['java.lang.String'], 'constant', ([kind]) => {
        throw failure(kind as string | null);
      }),
      method('attachments', [], 'volatile', (_, context) => echoAttachments(context)),
      method('sleep', ['int'], 'volatile', async ([ms]) => {
        // Does not keep the process alive: a provider that was closed has nobody to answer.
        await delay(bounded(ms, MAX_SLEEP_MS), undefined, { ref: false });
        return ms ?? null;
      }),
      method('bytes', ['byte[]'], 'constant', ([bytes]) => bytes ?? null),
      method('date', ['java.util.Date'], 'constant', ([value]) => value ?? null),
    ],
  };
}

function describeArguments(context: CallContext): string {
  const parts = context.wireArguments.map((value, index) => `${context.types[index]}: ${describeValue(value)}`);
  return parts.join(', ');
}

function cycle(): JavaValue {
  const node = (name: string): JavaObject =>
    object('com.acme.types.Node', [
      ['next', null],
      ['n', name],
    ]);
  const first = node('a');
  const second = node('b');
  first.fields[0] = ['next', second];
  second.fields[0] = ['next', first];
  return first;
}

function userList(count: number): JavaValue {
  return arrayList(Array.from({ length: count }, (_, index) => sampleUser(BigInt(index + 1))));
}

function echoAttachments(context: CallContext): JavaValue {
  context.answerAttachments.set('cost', '12');
  context.answerAttachments.set('served-by', 'mock-provider');
  context.answerAttachments.set('trace', context.attachments.get('traceparent') ?? 'none');
  return hashMap([...context.attachments]);
}

function failure(kind: string | null): JavaException {
  switch (kind) {
    case 'checked':
      return notFound('user 404 does not exist', 404n);
    case 'raw':
      return notFound('user 404 does not exist', 404n, true);
    case 'runtime':
      return new JavaException('java.lang.RuntimeException', 'something went wrong');
    case 'generic':
      return new JavaException('java.lang.IllegalStateException', 'the shop is closed');
    case 'null-message':
      return new JavaException('java.lang.NullPointerException', null);
    case 'class-cast':
      return new JavaException(
        'java.lang.ClassCastException',
        'class java.lang.Integer cannot be cast to class java.lang.String',
      );
    case 'leaky':
      return new JavaException(
        'java.lang.RuntimeException',
        'Failed to call dubbo://10.1.2.3:20880/com.acme.internal.Secret, cause: java.net.ConnectException\n' +
          '\tat com.acme.internal.Secret.open(Secret.java:42)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n',
      );
    default:
      return new JavaException('java.lang.IllegalArgumentException', `no failure named ${kind}`);
  }
}

function bounded(value: JavaValue | undefined, max: number): number {
  const given = value !== null && typeof value === 'object' && value.kind === 'int' ? value.value : Number.NaN;
  if (given >= 0 && given <= max) return given;
  throw new JavaException('java.lang.IllegalArgumentException', `a number from 0 to ${max} is needed, not ${given}`);
}
