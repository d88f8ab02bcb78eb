import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { QuarantineConfig, QuarantineOverride } from '../../../src/config/bulkhead-schema.ts';
import { DEFAULT_QUARANTINE } from '../../../src/config/bulkhead-schema.ts';
import { quarantineRules } from '../../../src/config/resolve-quarantine.ts';

const GLOBAL: QuarantineConfig = { ...DEFAULT_QUARANTINE, timeouts: 7, slowCallMs: 1_500 };

const cases: readonly {
  title: string;
  levels: [QuarantineConfig | 'off', QuarantineOverride, QuarantineOverride];
  expected: ReturnType<typeof quarantineRules>;
}[] = [
  {
    title: 'nothing said: the global rules',
    levels: [GLOBAL, undefined, undefined],
    expected: { ...GLOBAL, enabled: true },
  },
  {
    title: 'the service wins over the global rules, key by key',
    levels: [GLOBAL, { slowCallMs: 5_000 }, undefined],
    expected: { ...GLOBAL, slowCallMs: 5_000, enabled: true },
  },
  {
    title: 'the method wins over the service, key by key',
    levels: [GLOBAL, { slowCallMs: 5_000, minCalls: 3 }, { slowCallMs: 30_000 }],
    expected: { ...GLOBAL, slowCallMs: 30_000, minCalls: 3, enabled: true },
  },
  {
    title: 'off for the service',
    levels: [GLOBAL, 'off', undefined],
    expected: { ...GLOBAL, enabled: false },
  },
  {
    title: 'off for one method of a service with rules',
    levels: [GLOBAL, { slowCallMs: 5_000 }, 'off'],
    expected: { ...GLOBAL, slowCallMs: 5_000, enabled: false },
  },
  {
    title: 'on again for one method of a service that is off',
    levels: [GLOBAL, 'off', { timeouts: 2 }],
    expected: { ...GLOBAL, timeouts: 2, enabled: true },
  },
  {
    title: 'on again with an empty map',
    levels: [GLOBAL, 'off', {}],
    expected: { ...GLOBAL, enabled: true },
  },
  {
    title: 'off everywhere: complete rules all the same',
    levels: ['off', undefined, undefined],
    expected: { ...DEFAULT_QUARANTINE, enabled: false },
  },
  {
    title: 'off globally and on for one method: over the defaults',
    levels: ['off', undefined, { probeShare: 0 }],
    expected: { ...DEFAULT_QUARANTINE, probeShare: 0, enabled: true },
  },
  {
    title: 'off globally, on for the service, off again for the method',
    levels: ['off', { timeouts: 1 }, 'off'],
    expected: { ...DEFAULT_QUARANTINE, timeouts: 1, enabled: false },
  },
];

for (const { title, levels, expected } of cases) {
  test(`quarantine rules: ${title}`, () => {
    assert.deepEqual(quarantineRules(...levels), expected);
  });
}

const KEYS = Object.keys(DEFAULT_QUARANTINE) as (keyof QuarantineConfig)[];
const value = fc.integer({ min: 1, max: 1_000 });
const complete: fc.Arbitrary<QuarantineConfig> = fc
  .array(value, { minLength: KEYS.length, maxLength: KEYS.length })
  .map((values) => Object.fromEntries(KEYS.map((key, index) => [key, values[index]])) as QuarantineConfig);
const partial: fc.Arbitrary<QuarantineOverride> = fc.dictionary(
  fc.constantFrom(...KEYS),
  fc.option(value, { nil: undefined }),
  { noNullPrototype: true },
);
const override = fc.oneof(fc.constant(undefined), fc.constant('off' as const), partial);

test('quarantine rules are complete, and each value is that of the most exact level that has one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant('off' as const), complete), override, override, (global, service, method) => {
      const inputs = structuredClone([global, service, method]);
      const rules = quarantineRules(global, service, method);
      const mostExact = [method, service, global].find((level) => level !== undefined);
      assert.deepEqual(Object.keys(rules).sort(), [...KEYS, 'enabled'].sort());
      assert.equal(rules.enabled, mostExact !== 'off');
      for (const key of KEYS) {
        const said = [method, service, global].map((level) => (level === 'off' ? undefined : level?.[key]));
        assert.equal(rules[key], said.find((one) => one !== undefined) ?? DEFAULT_QUARANTINE[key], key);
      }
      assert.deepEqual([global, service, method], inputs);
    }),
  );
});
