import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperatorRules } from '../../../src/registry/operator-rules.ts';
import type { ProviderRecord } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';

const INTERFACE = 'demo.Shop';

function record(port: number, version = '', application = 'shop'): ProviderRecord {
  const address = { host: 'h', port, key: `h:${port}` };
  return { address, version, group: '', application, token: '', settings: NO_SETTINGS };
}

const RECORDS = [record(1), record(2), record(3, '2'), record(4, '', 'other')];

/** Ports of the providers that take calls by rules. */
function ports(documents: Readonly<Record<string, string>>, problems: string[] = []): number[] {
  const rules = new OperatorRules(INTERFACE);
  for (const [name, text] of Object.entries(documents)) {
    rules.readDocument(name, text, (problem) => problems.push(`${name}: ${problem}`));
  }
  return rules
    .apply(RECORDS)
    .filter(({ isDisabled }) => !isDisabled)
    .map(({ address }) => address.port);
}

describe('the rules of operators', () => {
  it('stand in documents for each version and group and for each application', () => {
    assert.deepEqual(
      [...new OperatorRules(INTERFACE).documentNames(RECORDS.slice(1, 3))],
      [
        'demo.Shop::.configurators',
        'demo.Shop::.condition-router',
        'demo.Shop:2:.configurators',
        'demo.Shop:2:.condition-router',
        'shop.configurators',
        'shop.tag-router',
        'shop.condition-router',
      ],
    );
    assert.deepEqual([...new OperatorRules(INTERFACE).documentNames([record(1, '', '')])].length, 2);
  });

  it('let providers be called by conditions, for whom the document is', () => {
    const text = 'configVersion: v3.0\nforce: true\nconditions: ["=> port != 1", "=> port != 3"]';
    assert.deepEqual(ports({ 'demo.Shop::.condition-router': text }), [2, 3, 4]);
    assert.deepEqual(ports({ 'demo.Shop:2:.condition-router': text }), [1, 2, 4]);
    assert.deepEqual(ports({ 'shop.condition-router': text }), [2, 4]);
    assert.deepEqual(ports({ 'demo.Shop:2:.condition-router': text.replace('true', 'false') }), [1, 2, 3, 4]);
    assert.deepEqual(ports({ 'shop.condition-router': `enabled: false\n${text}` }), [1, 2, 3, 4]);
    assert.deepEqual(ports({ 'shop.condition-router': '' }), [1, 2, 3, 4]);
  });

  it('say by name which of them cannot be followed, and the others hold', () => {
    const problems: string[] = [];
    const mixed = 'conditions: ["=> port != 1", "method=find* => port = 9", "region=$region", "=> cpu = 7"]';
    assert.deepEqual(ports({ 'shop.condition-router': mixed }, problems), [2, 3, 4]);
    const newer = 'configVersion: v3.1\nforce: true\nconditions: [{ from: { match: "a=b" }, to: [{ match: "c=d" }] }]';
    assert.deepEqual(ports({ 'demo.Shop::.condition-router': newer }, problems), [1, 2, 3, 4]);
    assert.deepEqual(
      ports({ 'other.condition-router': `conditions: ["${'x'.repeat(20_000)} => "]` }, problems).length,
      4,
    );
    const tags = 'configVersion: v3.0\ntags: [{ name: gray, match: [{ key: env, value: { exact: gray } }] }]';
    assert.deepEqual(ports({ 'shop.tag-router': tags }, problems), [1, 2, 3, 4]);
    assert.deepEqual(problems, [
      'shop.condition-router: a route that depends on the call or on who makes it is left out',
      'shop.condition-router: its rule has no "=>"',
      'shop.condition-router: the condition "cpu = 7" is not known, the route is left out',
      'demo.Shop::.condition-router: a condition that is no text (configVersion "v3.1") is left out',
      'other.condition-router: a route of more than 16384 characters is left out',
      'shop.tag-router: the "match" of a tag is left out; only its addresses count',
    ]);
  });

  it('are taken back with their document', () => {
    const rules = new OperatorRules(INTERFACE);
    const weights = () => rules.apply(RECORDS).map(({ weight }) => weight);
    rules.readDocument('shop.configurators', 'configs: [{ parameters: { weight: 5 } }]', assert.fail);
    assert.deepEqual(weights(), [5, 5, 5, 5]);
    rules.forgetDocument('shop.configurators');
    assert.deepEqual(weights(), [100, 100, 100, 100]);
  });
});
