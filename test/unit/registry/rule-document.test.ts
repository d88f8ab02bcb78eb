import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyOverrideRules } from '../../../src/registry/override-rules.ts';
import type { ProviderRecord } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';
import { addressTag, readConfiguratorDocument, readTagDocument } from '../../../src/registry/rule-document.ts';

function provider(port: number): ProviderRecord {
  return {
    ...{
      address: { host: '10.0.0.1', port, key: `10.0.0.1:${port}` },
      version: '1.0.0',
      group: 'g',
      application: 'shop',
    },
    token: '',
    settings: NO_SETTINGS,
  };
}

function weight(text: string, port = 20880): number | undefined {
  return applyOverrideRules(
    provider(port),
    readConfiguratorDocument(text, () => {}),
  ).weight;
}

describe('rules as YAML', () => {
  it('set weights for addresses', () => {
    const text = `
configVersion: v2.7
scope: service
key: demo.DemoService
enabled: true
configs:
- addresses: ['10.0.0.1:20880']
  side: provider
  parameters: { weight: 30, timeout: 100 }
`;
    assert.equal(weight(text), 30);
    assert.equal(weight(text, 20881), undefined);
  });

  it('are for everybody where no address is named, and for the providers that a consumer rule names', () => {
    assert.equal(weight('configs: [{ parameters: { weight: 5 } }]'), 5);
    const consumer = (address: string): string =>
      `configs: [{ side: consumer, addresses: ['${address}'], providerAddresses: ['10.0.0.1:20880'], parameters: { weight: 5 } }]`;
    assert.equal(weight(consumer('0.0.0.0')), 5);
    assert.equal(weight(consumer('0.0.0.0'), 20881), undefined);
    assert.equal(weight(consumer('10.0.0.1')), undefined);
  });

  it('are for one application where one is named', () => {
    assert.equal(weight('configs: [{ applications: [shop], parameters: { weight: 5 } }]'), 5);
    assert.equal(weight('configs: [{ applications: [other], parameters: { weight: 5 } }]'), undefined);
  });

  it('are nothing when switched off', () => {
    assert.equal(weight('enabled: false\nconfigs: [{ parameters: { weight: 5 } }]'), undefined);
    assert.equal(weight('configs: [{ enabled: false, parameters: { weight: 5 } }]'), undefined);
    assert.deepEqual(readTagDocument('enabled: false\ntags: [{ name: a, addresses: ["h:1"] }]', () => {}).size, 0);
  });

  it('give tags to addresses', () => {
    const text = `
configVersion: v2.7
force: false
tags:
- name: gray
  addresses: ['10.0.0.1:20880']
- name: blue
  addresses: ['0.0.0.0:20881', '10.0.0.1:20880']
`;
    const tags = readTagDocument(text, () => {});
    assert.deepEqual(
      [20880, 20881, 20882].map((port) => addressTag(tags, provider(port))),
      ['gray', 'blue', undefined],
    );
  });

  it('say what they cannot do', () => {
    const problems: string[] = [];
    const onProblem = (problem: string) => problems.push(problem);
    readConfiguratorDocument('configs: [{ match: { app: x }, parameters: { weight: 5 } }]', onProblem);
    readTagDocument('tags: [{ name: a, match: [{ key: env }] }]', onProblem);
    readConfiguratorDocument('configs: [{ parameters: { weight: many } }]', onProblem);
    assert.equal(problems.length, 3);
  });

  it('do no harm when they are garbage', () => {
    const bomb = `a: &a [x]\nb: &b [*a, *a]\nconfigs: [*b, *b]`;
    for (const text of ['[', '"text"', 'a: b: c', '- 1', bomb, 'x'.repeat(300_000)]) {
      const problems: string[] = [];
      assert.equal(readConfiguratorDocument(text, (problem) => problems.push(problem)).length, 0);
      assert.deepEqual(problems, ['its data is no YAML with rules'], text.slice(0, 20));
    }
    assert.equal(readConfiguratorDocument('', assert.fail).length, 0);
    assert.equal(readConfiguratorDocument('configs: {}', assert.fail).length, 0);
  });
});
