import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HttpCaller } from '../support/http-caller.ts';
import { RESULT_CASES, type ResultCase } from './cases/result-cases.ts';
import type { CallRoute } from './gateway/call-route.ts';
import { Observations, verbatim } from './gateway/observations.ts';
import { type ProviderAndGateway, startProviderAndGateway } from './gateway/provider-and-gateway.ts';
import { expectedAnswer, shownAnswer } from './gateway/shown-answer.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';

/** Every result, shape and size that the Java service has, with each form of results, as JSON over HTTP. */
for (const name of selectedPeers()) {
  if (name !== 'go') describe(`each result over HTTP from Dubbo ${name}`, () => testResults(name));
}

function testResults(name: JavaPeerName): void {
  const services = name === '2.6.12' ? ['plain'] : ['plain', 'raw'];
  const columns = ['method', 'options', 'came back', ...(services.includes('raw') ? ['came back raw'] : [])];
  const seen = new Observations(`results ${name}`, columns);
  let started: ProviderAndGateway;
  let http: HttpCaller;

  before(async () => {
    started = await startProviderAndGateway(
      name,
      RESULT_CASES.flatMap((_, index) => routesOf(index, services)),
    );
    http = started.gateway;
  });

  after(() => started?.stop());

  for (const [index, item] of RESULT_CASES.entries()) {
    const title = `${item.method}(${item.argument ?? ''})`;
    const options = item.response === undefined ? '' : JSON.stringify(item.response);
    test(`${title} ${options}`.trim(), async () => {
      const cells: string[] = [];
      for (const service of services) {
        const answer = withoutFrames(shownAnswer(await http.send(`/${service}/${index}`)));
        const expected = service === 'raw' ? rawAnswerOf(item, name) : item.answer;
        assert.equal(answer, expectedAnswer(expected), service);
        cells.push(verbatim(answer));
      }
      seen.saw(verbatim(title), verbatim(options), ...cells);
    });
  }

  test('README.md says the same', () => seen.check());
}

function routesOf(index: number, services: readonly string[]): CallRoute[] {
  const { method, argument, response } = RESULT_CASES[index]!;
  return services.map((service) => ({
    path: `/${service}/${index}`,
    service,
    method,
    ...(argument === undefined ? {} : { parameters: ['int'], args: [{ value: argument }] }),
    ...(response === undefined ? {} : { route: { response } }),
  }));
}

function rawAnswerOf(item: ResultCase, name: JavaPeerName): string {
  return item.rawAnswerOn?.[name] ?? item.rawAnswer ?? item.answer;
}

/** How deep a stack is hangs on the machine; its frames must be null. */
function withoutFrames(answer: string): string {
  return answer.replace(/"stackTrace":\[null(?:,null)*\]/, '"stackTrace":[]');
}
