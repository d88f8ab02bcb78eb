import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GatewayUnderTest } from '../support/gateway-under-test.ts';
import { BAD_INPUT_CASES } from './cases/bad-input-cases.ts';
import { CALL_CASES } from './cases/call-cases.ts';
import { COMPARISON_CASES, GO_COMPARISON_CASES } from './cases/comparison-cases.ts';
import { type HttpCase, requestLine } from './cases/http-case.ts';
import type { CallRoute } from './gateway/call-route.ts';
import { Observations, verbatim } from './gateway/observations.ts';
import { type ProviderAndGateway, startProviderAndGateway } from './gateway/provider-and-gateway.ts';
import { expectedAnswer, shownAnswer } from './gateway/shown-answer.ts';
import { type PeerName, selectedPeers } from './peers/peer-names.ts';

/** Overloads, sources, attachments, wrong input, and the calls that other gateways get wrong. */
for (const name of selectedPeers()) {
  describe(`calls over HTTP to ${name === 'go' ? 'dubbo-go' : `Dubbo ${name}`}`, () => testCalls(name));
}

const ATTACHMENTS: CallRoute = {
  path: '/attachments',
  service: 'plain',
  method: 'attachments',
  call: { attachments: { 'trace-id': 'header.x-trace', user: { value: 'ann' }, 'order-id': 'query.order' } },
};

function testCalls(name: PeerName): void {
  const callCases = name === 'go' ? [] : CALL_CASES;
  const comparisonCases = name === 'go' ? GO_COMPARISON_CASES : COMPARISON_CASES;
  const calls = new Observations(`calls ${name}`, ['call', 'sent', 'came back']);
  const badInput = new Observations(`bad input ${name}`, ['input', 'parameter', 'sent', 'came back']);
  const comparison = new Observations(`comparison ${name}`, ['call', 'other gateways', 'Sluice']);
  let started: ProviderAndGateway;
  let gateway: GatewayUnderTest;

  before(async () => {
    const cases = [...callCases, ...BAD_INPUT_CASES, ...comparisonCases];
    const routes = cases.map((item) => ({ ...item.call, path: `${pathOf(item)}${item.pattern ?? ''}` }));
    started = await startProviderAndGateway(name, [...routes, ATTACHMENTS]);
    gateway = started.gateway;
  });

  after(() => started?.stop());

  for (const item of callCases) {
    test(item.title, async () => {
      calls.saw(item.title, verbatim(requestLine(item)), verbatim(await answered(item)));
    });
  }

  if (name !== 'go') {
    test('only attachments that the route names reach the method', async () => {
      const headers = { 'x-trace': 'abc', token: 't', group: 'g', 'x-other': 'o', 'trace-id': 'forged' };
      const received = await gateway.json<Record<string, string>>('/attachments?order=7', { headers });
      assert.deepEqual(
        [received['trace-id'], received.user, received['order-id'], received['x-other'], received.group],
        ['abc', 'ann', '7', undefined, undefined],
      );
      assert.notEqual(received.token, 't');
      calls.saw(
        'attachments of header, constant and query',
        verbatim('GET /...?order=7 x-trace: abc'),
        verbatim('trace-id=abc user=ann order-id=7'),
      );
    });
  }

  for (const item of BAD_INPUT_CASES) {
    test(`${item.title} is refused and never sent`, async () => {
      const sentBefore = callsSent();
      const answer = await answered(item);
      await gateway.idle();
      assert.equal(callsSent(), sentBefore);
      badInput.saw(item.title, verbatim(item.call.parameters?.[0] ?? ''), verbatim(item.json ?? ''), verbatim(answer));
    });
  }

  for (const item of comparisonCases) {
    test(`${item.title}, unlike other gateways`, async () => {
      const answer = await answered(item);
      comparison.saw(item.title, item.others, verbatim(answer));
    });
  }

  test('README.md says the same', () => {
    calls.check();
    badInput.check();
    comparison.check();
  });

  /** Sends the case's request and holds what came back against it. */
  async function answered(item: HttpCase): Promise<string> {
    const { json, headers = {} } = item;
    const target = `${pathOf(item)}${item.target ?? ''}`;
    const reply = await gateway.send(target, { headers, ...(json === undefined ? {} : { json }) });
    const answer = shownAnswer(reply);
    assert.equal(answer, expectedAnswer(item.answer), reply.text.slice(0, 1_000));
    if (item.answerHeader !== undefined) assert.equal(reply.headers[item.answerHeader[0]], item.answerHeader[1]);
    if (item.detail !== undefined) assert.match((JSON.parse(reply.text) as { detail: string }).detail, item.detail);
    return answer;
  }

  function callsSent(): number {
    return gateway.rpc.stats().reduce((sum, { counters }) => sum + counters.sent, 0);
  }

  function pathOf(item: HttpCase): string {
    return `/${[...callCases, ...BAD_INPUT_CASES, ...comparisonCases].indexOf(item)}`;
  }
}
