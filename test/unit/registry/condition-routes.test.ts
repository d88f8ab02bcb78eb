import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyConditionRoutes,
  type ConditionRoute,
  readConditionRoute,
} from '../../../src/registry/condition-routes.ts';
import { parseDubboUrl } from '../../../src/registry/dubbo-url.ts';
import { type ProviderRecord, providerInstance } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';

function provider(host: string, port: number, version = '') {
  const record: ProviderRecord = {
    ...{ address: { host, port, key: `${host}:${port}` }, version, group: '', application: 'shop', token: '' },
    settings: NO_SETTINGS,
  };
  return providerInstance(record);
}

const PROVIDERS = [provider('10.0.0.1', 20880), provider('10.0.0.2', 20880), provider('10.1.0.1', 20881)];

function route(rule: string, query = '', problems: string[] = []): ConditionRoute | undefined {
  const url = `route://0.0.0.0/x.Y?category=routers&router=condition&rule=${encodeURIComponent(rule)}&${query}`;
  return readConditionRoute(parseDubboUrl(url)!, (problem) => problems.push(problem));
}

function left(...routes: (ConditionRoute | undefined)[]): string[] {
  const read = routes.filter((one) => one !== undefined);
  return applyConditionRoutes(PROVIDERS, read)
    .filter(({ isDisabled }) => !isDisabled)
    .map(({ address }) => address.key);
}

describe('condition routes', () => {
  it('let providers by host, port and address, with one star', () => {
    assert.deepEqual(left(route('=> host = 10.0.0.1')), ['10.0.0.1:20880']);
    assert.deepEqual(left(route('=> host != 10.0.0.1')), ['10.0.0.2:20880', '10.1.0.1:20881']);
    assert.deepEqual(left(route('=> host = 10.0.*')), ['10.0.0.1:20880', '10.0.0.2:20880']);
    assert.deepEqual(left(route('=> host = 10.0.* & host != 10.0.0.2')), ['10.0.0.1:20880']);
    assert.deepEqual(left(route('=> port = 20881,20882')), ['10.1.0.1:20881']);
    assert.deepEqual(left(route('=> address = 10.0.0.2:20880')), ['10.0.0.2:20880']);
    assert.deepEqual(left(route('=> application = shop')).length, 3);
  });

  it('that would leave nobody do nothing unless they are forced', () => {
    assert.equal(left(route('=> host = 9.9.9.9')).length, 3);
    assert.equal(left(route('=> host = 9.9.9.9', 'force=true')).length, 0);
  });

  it('without a right side let nobody be called', () => {
    assert.equal(left(route('=> ')).length, 0);
    assert.equal(left(route('true => false')).length, 0);
  });

  it('spare a version of which they would leave nobody', () => {
    const mixed = [provider('10.0.0.1', 1, '1'), provider('10.0.0.2', 1, '1'), provider('10.0.0.2', 1, '2')];
    const states = applyConditionRoutes(mixed, [route('=> host = 10.0.0.1')!]).map(({ isDisabled }) => isDisabled);
    assert.deepEqual(states, [false, true, false]);
  });

  it('are applied one after the other by priority', () => {
    const first = route('=> host = 10.0.*', 'priority=9');
    assert.deepEqual(left(route('=> port = 20881', 'priority=1'), first), ['10.0.0.1:20880', '10.0.0.2:20880']);
  });

  it('that cannot be followed are left out, and said to be', () => {
    const cases: [string, string][] = [
      ['method = find* => host = 10.0.0.1', 'depends on the call'],
      ['host = 1.2.3.4 => host = 10.0.0.1', 'depends on the call'],
      ['=> host = $host', 'is not known'],
      ['=> region = hz', 'is not known'],
      ['=> constructor = x', 'is not known'],
      ['nothing', 'has no "=>"'],
    ];
    for (const [rule, expected] of cases) {
      const problems: string[] = [];
      const read = route(rule, '', problems);
      assert.equal(read, undefined, rule);
      assert.match(problems[0]!, new RegExp(expected));
    }
    const problems: string[] = [];
    const script = parseDubboUrl('script://0.0.0.0/x.Y?rule=evil')!;
    assert.equal(
      readConditionRoute(script, (problem) => problems.push(problem)),
      undefined,
    );
    assert.equal(problems.length, 1);
  });

  it('that are switched off are nothing', () => {
    assert.equal(route('=> host = 10.0.0.1', 'enabled=false'), undefined);
  });
});
