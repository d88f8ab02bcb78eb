import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GatewayUnderTest } from '../support/gateway-under-test.ts';
import { until } from '../support/until.ts';
import { FAILURE_CASES, type FailureCase } from './cases/failure-cases.ts';
import { requestLine } from './cases/http-case.ts';
import { REFUSAL_CASES, type RefusalCase } from './cases/refusal-cases.ts';
import type { CallRoute } from './gateway/call-route.ts';
import { Observations, verbatim } from './gateway/observations.ts';
import { type ProviderAndGateway, startProviderAndGateway } from './gateway/provider-and-gateway.ts';
import { shownAnswer } from './gateway/shown-answer.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';

/** How often a provider of four threads is called at once to fill its pool. */
const MORE_CALLS_THAN_THREADS = 8;
const SMALL_POOL = { 'dubbo.protocol.threads': '4', 'dubbo.protocol.queues': '0' };
const MAX_MESSAGE = 2_000;

/** What a provider's message holds and no caller may see: stacks, source files, addresses, Dubbo's own parts. */
const LEAKS = /\\tat |\tat |\.java:\d|127\.0\.0\.1|NettyChannel|org\.apache\.dubbo|com\.alibaba\.dubbo|InteropService/;

const MAPPED: readonly (readonly [method: string, answer: string])[] = [
  ['outOfStock', '409 OUT_OF_STOCK'],
  ['cardDeclined', '402 PROVIDER_EXCEPTION'],
  ['illegalArgument', '422 OTHER'],
];
const MAPPING = {
  'com.acme.interop.OutOfStockException': { status: 409, code: 'OUT_OF_STOCK' },
  'com.acme.billing.*': { status: 402 },
  '*': { status: 422, code: 'OTHER' },
};

/** Every exception and every status of the real providers, as an HTTP client sees it. */
for (const name of selectedPeers()) {
  if (name !== 'go') describe(`failures over HTTP of Dubbo ${name}`, () => testFailures(name));
}

if (selectedPeers().includes('go')) describe('failures over HTTP of dubbo-go', testGoFailures);

function testFailures(name: JavaPeerName): void {
  const seen = new Observations(`failures ${name}`, ['case', 'sent', "Dubbo's status", 'came back', 'detail']);
  let started: ProviderAndGateway;
  let gateway: GatewayUnderTest;

  before(async () => {
    started = await startProviderAndGateway(name, javaRoutes(), { properties: SMALL_POOL });
    gateway = started.gateway;
  });

  after(() => started?.stop());

  for (const item of FAILURE_CASES) {
    test(`${item.method} comes back as ${item.thrownClass}`, async () => {
      const problem = await gateway.problem(`/failure/${item.method}`);
      assert.deepEqual([problem.status, problem.code], [500, 'PROVIDER_EXCEPTION']);
      assert.equal(problem.exception?.class, item.thrownClass);
      assert.equal(problem.exception?.message ?? '', publicMessage(item));
      const [line] = await gateway.log.ofRequest(problem.requestId);
      const logged = line!.error as { exceptionClass: string; stack: readonly string[] };
      assert.equal(logged.exceptionClass, item.thrownClass);
      assert.ok(logged.stack.length > 0, 'the log has no stack');
      seen.saw(
        verbatim(`throw ${item.thrownClass}`),
        verbatim(`GET /.../${item.method}`),
        '20',
        verbatim(`${problem.status} ${problem.code}`),
        verbatim(problem.detail),
      );
    });
  }

  for (const [method, answer] of MAPPED) {
    test(`a route gives the exception of ${method} its own status`, async () => {
      assert.equal(shownAnswer(await gateway.send(`/mapped/${method}`)), answer);
    });
  }

  for (const [index, item] of REFUSAL_CASES.entries()) {
    test(item.title, async () => {
      const { json } = item;
      const problem = await gateway.problem(`/refusal/${index}`, json === undefined ? {} : { json });
      const answer = `${problem.status} ${problem.code}`;
      assert.equal(answer, item.answerOn?.[name] ?? item.answer);
      if (item.detail !== undefined) assert.match(problem.detail, item.detail);
      const [line] = await gateway.log.ofRequest(problem.requestId);
      const { dubboStatus } = line!.error as { dubboStatus: number };
      assert.equal(dubboStatus, statusOf(item, name));
      seen.saw(
        item.title,
        verbatim(requestLine(item)),
        String(dubboStatus),
        verbatim(answer),
        verbatim(problem.detail),
      );
    });
  }

  test('busy threads', async () => {
    const replies = await Promise.all(
      Array.from({ length: MORE_CALLS_THAN_THREADS }, () => gateway.send('/sleep/500')),
    );
    const answers = [...new Set(replies.map(shownAnswer))].sort();
    assert.deepEqual(answers, ['"slept 500"', '503 PROVIDER_BUSY']);
    const refused = replies.find(({ status }) => status === 503)!;
    assert.equal(refused.headers['retry-after'], '1');
    // A thread that has answered may not be back yet.
    await until(async () => shownAnswer(await gateway.send('/alive')) === '"no arguments"', 'a thread is free');
    const { detail } = JSON.parse(refused.text) as { detail: string };
    seen.saw(
      'all threads busy',
      verbatim('GET /.../sleep/500'),
      '100',
      verbatim('503 PROVIDER_BUSY'),
      verbatim(detail),
    );
  });

  test('a method that takes too long', async () => {
    const startedMs = performance.now();
    const problem = await gateway.problem('/impatient');
    const elapsedMs = performance.now() - startedMs;
    assert.equal(problem.code, 'PROVIDER_TIMEOUT');
    assert.ok(elapsedMs >= 190, `answered after ${elapsedMs} ms`);
    seen.saw(
      'too slow',
      verbatim('GET /.../sleep/900'),
      'none',
      verbatim('504 PROVIDER_TIMEOUT'),
      verbatim(problem.detail),
    );
  });

  test('no stack, address or name of a service reaches the caller', () => assertNoLeak(gateway, FAILURE_CASES.length));

  test('README.md says the same', () => seen.check());
}

function testGoFailures(): void {
  const seen = new Observations('failures go', ['case', 'sent', 'came back', 'detail']);
  let started: ProviderAndGateway;
  let gateway: GatewayUnderTest;
  const cases: readonly (readonly [title: string, route: CallRoute, answer: string])[] = [
    ['an error', goRoute('fail', ['String'], [{ value: 'out of stock' }]), '500 PROVIDER_EXCEPTION'],
    ['an error with a stack', goRoute('failWithStackInMessage'), '500 PROVIDER_EXCEPTION'],
    ['a panic', goRoute('panic'), '500 PROVIDER_EXCEPTION'],
    ['unknown method', goRoute('nope'), '502 PROVIDER_REFUSED'],
    ['an argument too few', goRoute('add', ['int'], [{ value: 1 }]), '502 PROVIDER_REFUSED'],
    [
      'unknown service',
      { ...goRoute('noArguments'), path: '/unknown', service: 'wrong-interface' },
      '503 PROVIDER_NONE',
    ],
    [
      'too slow',
      { ...goRoute('sleep', ['int'], [{ value: 900 }]), settings: { timeoutMs: 200 } },
      '504 PROVIDER_TIMEOUT',
    ],
  ];

  before(async () => {
    started = await startProviderAndGateway(
      'go',
      cases.map(([, route]) => route),
    );
    gateway = started.gateway;
  });

  after(() => started?.stop());

  for (const [title, route, answer] of cases) {
    test(title, async () => {
      const problem = await gateway.problem(route.path);
      assert.equal(`${problem.status} ${problem.code}`, answer, problem.detail);
      seen.saw(title, verbatim(`GET /.../${route.method}`), verbatim(answer), verbatim(problem.detail));
    });
  }

  test('no stack, address or name of a service reaches the caller', () => assertNoLeak(gateway, cases.length));

  test('README.md says the same', () => seen.check());
}

function assertNoLeak({ answered }: GatewayUnderTest, atLeast: number): void {
  assert.ok(answered.length >= atLeast);
  for (const text of answered) assert.doesNotMatch(text, LEAKS);
}

function javaRoutes(): CallRoute[] {
  const failures = FAILURE_CASES.map(({ method, types, arguments: values }) => ({
    service: 'plain',
    method,
    parameters: types,
    args: values.map((value) => ({ value })),
  }));
  const mapped = MAPPED.map(([method]) => failures.find((failure) => failure.method === method)!);
  return [
    ...failures.map((failure) => ({ ...failure, path: `/failure/${failure.method}` })),
    ...mapped.map((failure) => ({ ...failure, path: `/mapped/${failure.method}`, route: { errors: MAPPING } })),
    ...REFUSAL_CASES.map(({ call }, index) => ({ ...call, path: `/refusal/${index}` })),
    { path: '/alive', service: 'plain', method: 'noArguments' },
    { path: '/sleep/:ms', service: 'plain', method: 'sleep', parameters: ['int'], args: ['path.ms'] },
    {
      path: '/impatient',
      service: 'plain',
      method: 'sleep',
      parameters: ['int'],
      args: [{ value: 900 }],
      route: { timeoutMs: 200 },
    },
  ];
}

function goRoute(method: string, parameters: readonly string[] = [], args: CallRoute['args'] = []): CallRoute {
  return { path: `/${method}`, service: 'plain', method, parameters, args };
}

/** The message without stack and without end. */
function publicMessage({ method, message }: FailureCase): string {
  if (method === 'failWithBigMessage') return 'x'.repeat(MAX_MESSAGE);
  if (message instanceof RegExp) return 'wrapped: java.lang.IllegalStateException: secret of host 10.1.2.3';
  return message ?? '';
}

function statusOf(item: RefusalCase, name: JavaPeerName): number {
  return item.dubboStatusOn?.[name] ?? item.dubboStatus;
}
