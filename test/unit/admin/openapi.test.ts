import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { indexAnswer } from '../../../src/admin/answers/index-answer.ts';
import { ERROR_CODES } from '../../../src/errors/error-codes.ts';
import { type AdminHarness, API, KEYS, startAdmin } from './admin-harness.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>;
type Schema = Readonly<Record<string, unknown>>;

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

function documentOf(admin: AdminHarness): Promise<Document> {
  return admin.json(`${API}/openapi.json`);
}

function operations({ paths }: Document): [path: string, method: string, operation: Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
  );
}

describe('openapi.json', () => {
  it('has every endpoint that the index lists, each under a name of its own', async (context) => {
    const admin = await startAdmin(context);
    const document = await documentOf(admin);
    assert.match(document.openapi, /^3\.1\./);
    assert.match(document.info.version, /^\d+\.\d+\.\d+/);
    const { endpoints, version } = indexAnswer.parse(await admin.json(API));
    assert.equal(version, document.info.version);
    const listed = endpoints.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(
      operations(document)
        .map(([path, method]) => `${method.toUpperCase()} ${path}`)
        .sort(),
      [...listed].sort(),
    );
    for (const path of [
      'bulkheads',
      'services',
      'providers',
      'connections',
      'routes',
      'plans',
      'config',
      'openapi.json',
    ]) {
      assert.ok(listed.includes(`GET ${API}/${path}`), path);
    }
    for (const action of ['quarantine', 'release', 'pin', 'unpin']) {
      assert.ok(listed.includes(`POST ${API}/methods/{key}/${action}`), action);
    }
    const ids = operations(document).map(([, , { operationId }]) => operationId);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('has what the README lists', async (context) => {
    const { paths } = await documentOf(await startAdmin(context));
    const readme = readFileSync(new URL('../../../src/admin/README.md', import.meta.url), 'utf8');
    const listed = [...readme.matchAll(/^\| `(GET|POST|PUT) (\/admin\/[^`]+)`/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    assert.deepEqual(
      listed.sort(),
      operations({ paths } as Document)
        .map(([path, method]) => `${method.toUpperCase()} ${path}`)
        .sort(),
    );
  });

  it('refers to schemas that are there, and leaves none out', async (context) => {
    const document = await documentOf(await startAdmin(context));
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!));
    assert.equal(
      [...text.matchAll(/"\$ref"/g)].length,
      [...text.matchAll(/"\$ref":"#\/components\/schemas\//g)].length,
    );
    assert.deepEqual([...referred].sort(), Object.keys(document.components.schemas).sort());
    assert.doesNotMatch(text, /"\$id"|"\$schema"|"\$defs"/);
  });

  it('names parameters, bodies and the errors of each status', async (context) => {
    const { paths } = await documentOf(await startAdmin(context));
    const quarantine = paths[`${API}/methods/{key}/quarantine`]!.post!;
    assert.deepEqual(
      quarantine.parameters?.map(({ name, in: place, required }) => [name, place, required]),
      [['key', 'path', true]],
    );
    assert.deepEqual(Object.keys(quarantine.requestBody!.content), ['application/json']);
    assert.equal(quarantine.responses['200']!.content['application/json']!.schema.$ref, '#/components/schemas/Method');
    assert.equal(quarantine.responses['404']!.description, 'METHOD_UNKNOWN');
    assert.match(quarantine.responses['400']!.description, /REQUEST_INVALID/);
    const query = paths[`${API}/bulkheads`]!.get!.parameters;
    assert.deepEqual(
      query?.map(({ name, in: place, required }) => [name, place, required]),
      [
        ['state', 'query', false],
        ['limit', 'query', false],
        ['after', 'query', false],
      ],
    );
    for (const [path, , { responses, summary }] of operations({ paths } as Document)) {
      assert.match(summary, /^[A-Z].*[^.]$/, path);
      for (const [status, { description, content }] of Object.entries(responses)) {
        if (status === '200') continue;
        assert.deepEqual(Object.keys(content), ['application/problem+json']);
        for (const code of description.split(', ')) {
          assert.equal(String(ERROR_CODES[code as keyof typeof ERROR_CODES].status), status, `${path} ${code}`);
        }
      }
    }
  });

  it('describes answers as they are: every member, and no other', async (context) => {
    const admin = await startAdmin(context);
    admin.bulkheads.methods.method(KEYS[0], admin.view.clock.nowMs());
    const { components } = await documentOf(admin);
    const bulkheads = await admin.json<Record<string, unknown[]>>(`${API}/bulkheads`);
    for (const [name, value, ofGroups] of [
      ['Bulkheads', bulkheads, ['missingWorkers']],
      ['Method', bulkheads.methods![0], []],
    ] as const) {
      const { properties, required, additionalProperties } = components.schemas[name]!;
      const members = Object.keys(value as object);
      assert.deepEqual(members.toSorted(), (required as string[]).toSorted());
      assert.deepEqual([...members, ...ofGroups].sort(), Object.keys(properties as object).sort());
      assert.equal(additionalProperties, false);
    }
  });
});
