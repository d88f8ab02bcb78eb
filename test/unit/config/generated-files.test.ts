import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { referenceFile, schemaFile } from '../../../config/generate.ts';
import { DEFAULT_QUARANTINE } from '../../../src/config/bulkhead-schema.ts';
import { configJsonSchema, type JsonSchema, writtenSchema } from '../../../src/config/json-schema.ts';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { schemaKeys } from '../../../src/config/schema-keys.ts';

const CONFIG = new URL('../../../config/', import.meta.url);
const AGAIN = 'run: npx tsx config/generate.ts';

describe('generated files', () => {
  it('gateway.schema.json is what the schema gives', () => {
    assert.equal(readFileSync(new URL('gateway.schema.json', CONFIG), 'utf8'), schemaFile(), AGAIN);
  });

  it('README.md has the tables that the schema gives', () => {
    const current = readFileSync(new URL('README.md', CONFIG), 'utf8');
    assert.equal(current, referenceFile(current), AGAIN);
    assert.match(current, /\| `maxBodyBytes` +\| size +\| `1MiB` /);
    assert.match(current, /\| `bulkhead` +\| `off` or map +\|/);
    assert.match(current, /\| `slowRatio` +\| number above 0 up to 1 +\| `0.5` /);
    assert.match(current, /\| `probeShare` +\| number 0 to 1 +\|/);
    assert.match(current, /\| `token` +\| text +\| `""` /);
  });

  it('README.md has each table once, and links to it elsewhere', () => {
    const current = readFileSync(new URL('README.md', CONFIG), 'utf8');
    const again = 'The same keys as [`services.NAME.quarantine`](#servicesnamequarantine).';
    assert.ok(current.includes(`### \`services.NAME.methods.NAME.quarantine\`\n\n${again}\n`));
  });

  it('refuses a reference without the marks', () => {
    assert.throws(() => referenceFile('# Configuration\n'), /generated part "precedence"/);
  });
});

describe('configJsonSchema', () => {
  it('explains every key and says every default', () => {
    const unexplained: string[] = [];
    const visit = (schema: JsonSchema, path: string): void => {
      for (const [key, child] of Object.entries(schema.properties ?? {})) {
        if (child.description === undefined) unexplained.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      for (const branch of schema.anyOf ?? []) visit(branch, path);
      if (schema.items !== undefined) visit(schema.items, path);
      if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, path);
    };
    visit(writtenSchema(), '');
    assert.deepEqual(unexplained, []);
    const { defaults } = gatewaySchema.parse({});
    for (const key of Object.keys(defaults)) {
      assert.notEqual(writtenSchema().properties!.defaults!.properties![key]!.default, undefined, key);
    }
  });

  it('lets variables stand for numbers, words and switches', () => {
    const schema = configJsonSchema() as JsonSchema;
    const variable = { type: 'string', pattern: '\\$\\{' };
    const { level, requests } = schema.properties!.log!.properties!;
    const { port } = schema.properties!.server!.properties!.http!.properties!;
    const { maxBodyBytes } = schema.properties!.server!.properties!.limits!.properties!;
    for (const property of [level, requests, port, maxBodyBytes]) {
      assert.equal(property!.anyOf!.filter((branch) => branch.pattern === variable.pattern).length, 1);
    }
  });
});

describe('the JSON Schema in an editor', () => {
  const accepts = (value: unknown): boolean => isValid(value, configJsonSchema() as JsonSchema);

  it('accepts every configuration that is shipped, variables unresolved', () => {
    const names = readdirSync(CONFIG, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    assert.ok(names.length >= 10);
    for (const name of names) assert.ok(accepts(parse(readFileSync(new URL(name, CONFIG), 'utf8'))), name);
  });

  it('takes `off`, a map or a variable where a section can be switched off, and nothing else', () => {
    const places: readonly ((value: unknown) => unknown)[] = [
      (value) => ({ admission: value }),
      (value) => ({ bulkhead: value }),
      (value) => ({ bulkhead: { quarantine: value } }),
      (value) => ({ services: { a: { interface: 'A', providers: ['p'], quarantine: value } } }),
      (value) => ({ services: { a: { interface: 'A', providers: ['p'], methods: { b: { quarantine: value } } } } }),
    ];
    for (const place of places) {
      for (const value of ['off', {}, `\${SWITCH:-off}`])
        assert.ok(accepts(place(value)), JSON.stringify(place(value)));
      for (const value of ['on', false, 5, [], null, { none: 1 }]) {
        assert.ok(!accepts(place(value)), JSON.stringify(place(value)));
      }
    }
  });

  it('judges numbers and lets variables stand for them, inside sections that can be off', () => {
    const quarantine = (rules: object): unknown => ({ bulkhead: { quarantine: rules } });
    for (const slowRatio of [0.5, 1, `\${RATIO}`]) assert.ok(accepts(quarantine({ slowRatio })));
    for (const slowRatio of [0, 1.5, '50%', true]) assert.ok(!accepts(quarantine({ slowRatio })));
    assert.ok(accepts(quarantine({ timeouts: `\${N}`, windowMs: 100 })));
    assert.ok(!accepts(quarantine({ windowMs: 99 })));
  });

  it('says keys and defaults inside sections that can be off', () => {
    const map = (schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> =>
      schema!.anyOf!.find(({ properties }) => properties !== undefined)!.properties!;
    const { bulkhead, admission } = (configJsonSchema() as JsonSchema).properties!;
    assert.deepEqual(
      Object.entries(map(admission)).map(([key, { default: fallback }]) => [key, fallback]),
      Object.entries({ maxInFlight: 8000, maxInFlightBytes: '256MiB', maxWaitMs: 3000, maxQueue: 20000 }),
    );
    for (const [key, rule] of Object.entries(map(map(bulkhead).quarantine))) {
      assert.equal(rule.default, DEFAULT_QUARANTINE[key as keyof typeof DEFAULT_QUARANTINE], key);
    }
  });
});

/** Judges a value as editors do, for the part of JSON Schema that the configuration needs. */
function isValid(value: unknown, schema: JsonSchema): boolean {
  const { anyOf, type, enum: words, const: word, minimum, maximum, exclusiveMinimum, pattern } = schema;
  if (anyOf !== undefined && !anyOf.some((branch) => isValid(value, branch))) return false;
  if (type !== undefined && ![type].flat().includes(kindOf(value)) && !(type === 'number' && Number.isInteger(value)))
    return false;
  if (words !== undefined && !words.includes(value)) return false;
  if (word !== undefined && word !== value) return false;
  if (typeof value === 'number') {
    return value >= (minimum ?? value) && value <= (maximum ?? value) && value > (exclusiveMinimum ?? value - 1);
  }
  if (typeof value === 'string') return pattern === undefined || new RegExp(pattern, 'u').test(value);
  if (Array.isArray(value)) return schema.items === undefined || value.every((item) => isValid(item, schema.items!));
  if (typeof value !== 'object' || value === null) return true;
  if ((schema.required ?? []).some((key) => !Object.hasOwn(value, key))) return false;
  return Object.entries(value).every(([key, item]) => {
    if (Object.hasOwn(schema.properties ?? {}, key)) return isValid(item, schema.properties![key]!);
    const { additionalProperties: rest } = schema;
    return typeof rest === 'object' ? isValid(item, rest) : rest !== false;
  });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

describe('schemaKeys', () => {
  it('knows the keys of each map and the maps of each key', () => {
    const keys = schemaKeys();
    assert.ok(keys.keysAt(['routes', 3, 'match']).includes('path'));
    assert.ok(keys.keysAt(['routes', 0, 'response', 'dates']).includes('zone'));
    assert.ok(keys.keysAt(['services', 'any', 'methods', 'other']).includes('oneway'));
    assert.deepEqual(keys.keysAt(['types', 'com.acme.User']), []);
    assert.deepEqual(keys.keysAt(['nothing', 'here']), []);
    assert.deepEqual(keys.mapsWith('args'), ['routes[].call', 'routes[].split[].call', 'routes[].mirror.call']);
    assert.deepEqual(keys.mapsWith('constructor'), []);
  });

  it('knows the keys of maps inside a section that can be off', () => {
    const keys = schemaKeys();
    assert.ok(keys.keysAt(['bulkhead', 'normal']).includes('maxMethodShare'));
    assert.ok(keys.keysAt(['services', 'a', 'methods', 'b', 'quarantine']).includes('slowCallMs'));
  });

  it('names the map that is nearest to where a key was written', () => {
    const keys = schemaKeys();
    assert.deepEqual(keys.ownersNear(['bulkhead'], 'slowCallMs'), ['bulkhead.quarantine']);
    assert.deepEqual(keys.ownersNear(['services', 'a', 'methods', 'b'], 'slowCallMs'), [
      'services.*.methods.*.quarantine',
    ]);
    assert.deepEqual(keys.ownersNear(['routes', 0], 'args'), ['routes[].call']);
    assert.deepEqual(keys.ownersNear(['log'], 'maxInFlight'), ['admission', 'routes[].mirror']);
    assert.deepEqual(keys.ownersNear([], 'nothing'), []);
  });

  it('says what a number may be', () => {
    const keys = schemaKeys();
    assert.equal(keys.schemaAt(['bulkhead', 'quarantine', 'slowRatio'])?.maximum, 1);
    assert.equal(keys.schemaAt(['server', 'limits', 'maxBodyBytes'])?.type, 'integer');
    assert.equal(keys.schemaAt(['nothing', 'here']), undefined);
  });
});
