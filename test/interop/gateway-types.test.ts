import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HttpCaller } from '../support/http-caller.ts';
import { GO_CASES } from './cases/go-cases.ts';
import { answerOf, rawAnswerOf, receivedBy, type TypeCase, titleOf } from './cases/type-case.ts';
import { TYPE_CASES } from './cases/type-cases.ts';
import type { CallRoute } from './gateway/call-route.ts';
import { Observations, verbatim } from './gateway/observations.ts';
import { type ProviderAndGateway, startProviderAndGateway } from './gateway/provider-and-gateway.ts';
import { expectedAnswer, shownAnswer } from './gateway/shown-answer.ts';
import { type PeerName, selectedPeers } from './peers/peer-names.ts';

/** The only class that a caller of these routes may name, where the type is `java.lang.Class`. */
const ALLOWED_CLASSES = ['java.lang.String'];
const FIELD_OWNERS = ['TimeValues', 'JdkValues'];

/**
 * Every type, from an HTTP client through the gateway to a real provider and back: which value of which class arrived,
 * and which JSON the client gets.
 */
for (const name of selectedPeers()) {
  describe(`each type over HTTP to ${titleOfPeer(name)}`, () => testTypes(name));
}

function testTypes(name: PeerName): void {
  const cases: readonly TypeCase[] = name === 'go' ? GO_CASES : TYPE_CASES;
  // Dubbo 2.6 knows no raw.return, and dubbo-go takes it for `true`.
  const hasRaw = name !== '2.6.12' && name !== 'go';
  const columns = ['Java type', 'sent', 'received', 'came back', ...(hasRaw ? ['came back raw'] : [])];
  const seen = new Observations(`types ${name}`, columns);
  let started: ProviderAndGateway;
  let http: HttpCaller;

  before(async () => {
    started = await startProviderAndGateway(name, routesOf(cases, hasRaw));
    http = started.gateway;
  });

  after(() => started?.stop());

  for (const item of cases) {
    test(titleOf(item), async () => {
      const received = await describedAs(item);
      const answer = await echo('echo', item);
      assertAnswer(answer, isUnanswerable(item) ? '502 PROVIDER_REFUSED' : answerOf(item, name));
      const cells = [verbatim(item.javaType), verbatim(item.json), received, verbatim(answer)];
      if (hasRaw) {
        const raw = await echo('raw', item);
        assertAnswer(raw, rawAnswerOf(item, name));
        cells.push(verbatim(raw));
      }
      seen.saw(...cells);
    });
    if (textOf(item) !== undefined) {
      test(`${titleOf(item)} from the path and the query`, () => testText(item, textOf(item)!));
    }
    if (item.field !== undefined) {
      test(`${titleOf(item)} as the field ${item.field}`, () => testField(item, item.field!));
    }
  }

  test('README.md says the same', () => seen.check());

  function isUnanswerable({ unanswerableOn, refusedOn }: TypeCase): boolean {
    return name !== 'go' && (unanswerableOn?.includes(name) === true || refusedOn?.[name] !== undefined);
  }

  /** What the provider received, for the table. */
  async function describedAs(item: TypeCase): Promise<string> {
    const path = `/describe/${item.name}`;
    if (name !== 'go' && item.refusedOn?.[name] !== undefined) {
      const problem = await http.problem(path, { json: item.json });
      assert.deepEqual([problem.status, problem.code], [502, 'PROVIDER_REFUSED']);
      return `${problem.status} ${problem.code}`;
    }
    const received = await http.json<string>(path, { json: item.json });
    assert.equal(received, receivedBy(item, name));
    return verbatim(received);
  }

  async function echo(kind: 'echo' | 'raw', item: TypeCase): Promise<string> {
    return shownAnswer(await http.send(`/${kind}/${item.name}`, { json: item.json }));
  }

  async function testText(item: TypeCase, text: string): Promise<void> {
    const encoded = encodeURIComponent(text);
    for (const path of [`/path/${item.name}/${encoded}`, `/query/${item.name}?value=${encoded}`]) {
      assert.equal(await http.json<string>(path), receivedBy(item, name), path);
    }
  }

  async function testField(item: TypeCase, path: string): Promise<void> {
    const [owner, field] = path.split('.') as [string, string];
    const received = await http.json<string>(`/describe/${owner}`, { json: `{"${field}":${item.json}}` });
    assert.equal(received, `com.acme.interop.${owner} {${field}=${receivedBy(item, name)}}`);
  }
}

/** A null result has no body. */
function assertAnswer(answer: string, expected: string): void {
  assert.equal(answer, expected === 'null' ? '204' : expectedAnswer(expected));
}

function routesOf(cases: readonly TypeCase[], hasRaw: boolean): CallRoute[] {
  const byName = new Map(cases.map((item) => [item.name, item]));
  const routes: CallRoute[] = [];
  for (const item of byName.values()) {
    const describing = callOf('plain', 'describe', item.name, item.javaType);
    const echoing = callOf('plain', 'echo', item.name, item.javaType);
    routes.push({ ...describing, path: `/describe/${item.name}` }, { ...echoing, path: `/echo/${item.name}` });
    if (hasRaw) routes.push({ ...echoing, service: 'raw', path: `/raw/${item.name}` });
    if (!cases.some((other) => other.name === item.name && textOf(other) !== undefined)) continue;
    routes.push(
      { ...describing, path: `/path/${item.name}/:value`, args: ['path.value'] },
      { ...describing, path: `/query/${item.name}`, args: ['query.value'] },
    );
  }
  for (const owner of FIELD_OWNERS) {
    if (byName.has(owner) || !cases.some((item) => item.field?.startsWith(`${owner}.`))) continue;
    routes.push({
      ...callOf('plain', 'describe', owner, `com.acme.interop.${owner}`),
      path: `/describe/${owner}`,
    });
  }
  return routes;
}

function callOf(service: string, verb: string, name: string, javaType: string): Omit<CallRoute, 'path'> {
  return {
    service,
    method: `${verb}${name}`,
    parameters: [javaType],
    args: ['body'],
    call: { allowedClasses: ALLOWED_CLASSES },
  };
}

/** What a client writes into a path or query for the value; undefined for what is no scalar. */
function textOf(item: TypeCase): string | undefined {
  if (item.javaType === 'java.lang.Object' || /^[[{n]/.test(item.json) || item.json === '""') return undefined;
  return item.json.startsWith('"') ? (JSON.parse(item.json) as string) : item.json;
}

function titleOfPeer(name: PeerName): string {
  return name === 'go' ? 'dubbo-go' : `Dubbo ${name}`;
}
