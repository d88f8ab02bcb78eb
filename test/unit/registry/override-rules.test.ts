import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDubboUrl } from '../../../src/registry/dubbo-url.ts';
import {
  applyOverrideRules,
  type OverrideRule,
  readOverrideRule,
  sortOverrideRules,
} from '../../../src/registry/override-rules.ts';
import type { ProviderRecord } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';

const PROVIDER: ProviderRecord = {
  address: { host: '10.0.0.1', port: 20880, key: '10.0.0.1:20880' },
  version: '1.0.0',
  group: 'g1',
  application: 'shop',
  token: '',
  settings: { ...NO_SETTINGS, weight: 100 },
};
const OF_PROVIDER = 'version=1.0.0&group=g1';

function rule(url: string, problems: string[] = []): OverrideRule | undefined {
  return readOverrideRule(parseDubboUrl(url)!, (problem) => problems.push(problem));
}

function applied(...urls: string[]) {
  const rules = urls.map((url) => rule(url)).filter((read) => read !== undefined);
  return applyOverrideRules(PROVIDER, sortOverrideRules(rules));
}

describe('override rules', () => {
  it('set weight, tag and disabled for every provider', () => {
    const settings = applied(
      `override://0.0.0.0/x.Y?category=configurators&dynamic=false&weight=200&dubbo.tag=gray&disabled=true&${OF_PROVIDER}`,
    );
    assert.deepEqual([settings.weight, settings.tag, settings.isDisabled], [200, 'gray', true]);
  });

  it('are for a host, a host and port, or addresses', () => {
    const weights = ['10.0.0.1', '10.0.0.2', '10.0.0.1:20880', '10.0.0.1:20881', '0.0.0.0:20880', '0.0.0.0:1'].map(
      (authority) => applied(`override://${authority}/x.Y?weight=7&${OF_PROVIDER}`).weight,
    );
    assert.deepEqual(weights, [7, 100, 7, 100, 7, 100]);
    const listed = ['10.0.0.1:20880,10.0.0.9:1', '10.0.0.9:1', '0.0.0.0'].map(
      (addresses) => applied(`override://0.0.0.0/x.Y?weight=7&providerAddresses=${addresses}&${OF_PROVIDER}`).weight,
    );
    assert.deepEqual(listed, [7, 100, 7]);
  });

  it('are for one version and group, or for any', () => {
    const weights = ['', 'version=1.0.0', OF_PROVIDER, 'version=*&group=*', 'version=2.0.0&group=g1'].map(
      (query) => applied(`override://0.0.0.0/x.Y?weight=7&${query}`).weight,
    );
    assert.deepEqual(weights, [100, 100, 7, 7, 100]);
  });

  it('are for one application, or for any', () => {
    const weights = ['shop', '*', 'other'].map(
      (application) => applied(`override://0.0.0.0/x.Y?weight=7&application=${application}&${OF_PROVIDER}`).weight,
    );
    assert.deepEqual(weights, [7, 7, 100]);
  });

  it('win by host over those for all, then by priority', () => {
    const all = `override://0.0.0.0/x.Y?weight=1&priority=9&${OF_PROVIDER}`;
    const host = `override://10.0.0.1:20880/x.Y?weight=2&${OF_PROVIDER}`;
    const urgent = `override://10.0.0.1:20880/x.Y?weight=3&priority=5&${OF_PROVIDER}`;
    assert.equal(applied(host, all).weight, 2);
    assert.equal(applied(urgent, host, all).weight, 3);
  });

  it('that are absent rules fill in only what is not said', () => {
    const settings = applied(`absent://0.0.0.0/x.Y?weight=7&dubbo.tag=gray&${OF_PROVIDER}`);
    assert.deepEqual([settings.weight, settings.tag], [100, 'gray']);
  });

  it('can give a provider back that was taken out', () => {
    const off = { ...PROVIDER, settings: { ...NO_SETTINGS, isDisabled: true } };
    const rules = [rule(`override://0.0.0.0/x.Y?disabled=false&${OF_PROVIDER}`)!];
    assert.equal(applyOverrideRules(off, rules).isDisabled, false);
  });

  it('are nothing when switched off or when they say nothing that matters', () => {
    assert.equal(rule('override://0.0.0.0/x.Y?weight=7&enabled=false'), undefined);
    assert.equal(rule('override://0.0.0.0/x.Y?timeout=5000&timestamp=5'), undefined);
  });

  it('are left out with a problem when they have a condition that is not known', () => {
    const problems: string[] = [];
    assert.equal(rule('override://0.0.0.0/x.Y?weight=7&~region=hz', problems), undefined);
    assert.deepEqual(problems, ['the condition "~region" is not known, the rule is left out']);
  });

  it('with nonsense for a weight say so', () => {
    const problems: string[] = [];
    assert.equal(rule('override://0.0.0.0/x.Y?weight=many', problems), undefined);
    assert.equal(problems.length, 1);
  });
});
