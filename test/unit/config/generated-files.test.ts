import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { referenceFile, schemaFile } from '../../../config/generate.ts';
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

describe('schemaKeys', () => {
  it('knows the keys of each map and the maps of each key', () => {
    const keys = schemaKeys();
    assert.ok(keys.keysAt(['routes', 3, 'match']).includes('path'));
    assert.ok(keys.keysAt(['routes', 0, 'response', 'dates']).includes('zone'));
    assert.ok(keys.keysAt(['services', 'any', 'methods', 'other']).includes('oneway'));
    assert.deepEqual(keys.keysAt(['types', 'com.acme.User']), []);
    assert.deepEqual(keys.keysAt(['nothing', 'here']), []);
    assert.deepEqual(keys.mapsWith('args'), ['routes[].call']);
    assert.deepEqual(keys.mapsWith('constructor'), []);
  });
});
