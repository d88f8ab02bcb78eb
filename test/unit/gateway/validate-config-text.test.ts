import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { validationAnswer } from '../../../src/admin/answers/config-answers.ts';
import { maskSecrets } from '../../../src/config/mask-secrets.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { GatewayConfig } from '../../../src/config/schema.ts';
import { NO_CHANGES } from '../../../src/gateway/config-changes.ts';
import { validateConfigText } from '../../../src/gateway/validate-config-text.ts';

const RIGHT = `
services:
  s: { interface: demo.S, providers: ["dubbo://127.0.0.1:1"], methods: { m: { parameters: [int] } } }
routes:
  - { id: r, match: { path: /r }, call: { service: s, method: m, args: [{ value: 5 }] } }
`;

/** What `next` would change of a configuration that is served. */
function changesOf(served: string, next: string, environment: Record<string, string> = {}) {
  const { config, secretPaths } = parseConfig(served, '', environment);
  assert.ok(config);
  const { changes } = validateConfigText(next, maskSecrets(config, secretPaths) as GatewayConfig);
  return changes;
}

function validate(text: string) {
  return validationAnswer.parse(validateConfigText(text));
}

describe('validateConfigText()', () => {
  it('finds nothing wrong with what is right, YAML or JSON', () => {
    const fine = { valid: true, errors: 0, warnings: 0, diagnostics: [], changes: null };
    for (const text of [RIGHT, '', '{}', '{"services":{},"routes":[]}']) assert.deepEqual(validate(text), fine, text);
  });

  it('compares the part that is served, whose tags have to be there', () => {
    const call = 'call: { service: s, method: m, args: [{ value: 5 }] }';
    const route = (id: string, tag: string) => `  - { id: ${id}, tags: [${tag}], match: { path: /${id} }, ${call} }\n`;
    const both = `${RIGHT}${route('a', 'trade')}${route('b', 'other')}`;
    const only = { only: ['trade'], except: [] };
    const served = parseConfig(both, '', {}).config!;
    const part = { ...served, routes: served.routes.filter(({ id }) => id === 'a') };
    assert.deepEqual(validateConfigText(both, part, only).changes, NO_CHANGES);
    const { changes } = validateConfigText(`${both}${route('c', 'trade')}`, part, only);
    assert.deepEqual(changes?.routes, { added: ['c'], removed: [], changed: [] });
    const wrong = validateConfigText(`${RIGHT}${route('a', 'trad')}`, part, only);
    assert.deepEqual([wrong.valid, wrong.changes], [false, null]);
    assert.deepEqual(
      wrong.diagnostics.map(({ message, suggestion }) => [message, suggestion]),
      [['only: no route has the tag "trade"', 'trad']],
    );
  });

  it('finds what is wrong with its place, also what only shows when routes are compiled', () => {
    const wrong = validate(`${RIGHT}log: { levl: info }`);
    assert.deepEqual(wrong.diagnostics[0], {
      severity: 'error',
      line: 6,
      column: 8,
      path: 'log.levl',
      message: 'unknown key "levl"',
      suggestion: 'level',
    });
    const compiled = validate(RIGHT.replace('value: 5', 'value: five'));
    assert.deepEqual([compiled.valid, compiled.errors, compiled.diagnostics[0]?.line], [false, 1, 5]);
    assert.equal(compiled.diagnostics[0]?.path, 'routes[0].call.args[0]');
  });

  it('looks at no variable and no file, but checks all else', () => {
    process.env.SLUICE_TEST_SECRET = 'hunter2';
    for (const variable of [`\${SLUICE_TEST_SECRET}`, `\${SLUICE_TEST_SECRET:?x}`, `\${file:/etc/passwd}`]) {
      const { valid, diagnostics } = validate(`${RIGHT}defaults: { application: "${variable}", timeoutMs: 5 }\n`);
      assert.deepEqual(
        [valid, diagnostics.map(({ severity, line, message }) => `${severity} ${line} ${message}`)],
        [true, [`warning 6 ${variable} is not known here, so this value is not checked`]],
      );
      const also = validate(`${RIGHT}defaults: { application: "${variable}", timeoutMs: x }\n`);
      assert.deepEqual([also.valid, also.errors, also.warnings], [false, 1, 1]);
    }
    delete process.env.SLUICE_TEST_SECRET;
    const name = `defaults: { application: "\${SLUICE_TEST_SECRET:-\${x}" }`;
    assert.doesNotMatch(JSON.stringify(validate(name)), /hunter2/);
  });

  it('uses a default, which needs no variable', () => {
    assert.deepEqual(validate(`defaults: { timeoutMs: \${T:-5} }`).diagnostics, []);
    assert.equal(validate(`defaults: { timeoutMs: \${T:-x} }`).errors, 1);
  });

  it('says what would change', () => {
    const route = `\n  - { id: more, match: { path: /more }, call: { service: s, method: m, args: [{ value: 5 }] } }\n`;
    const next = `${RIGHT.replace('path: /r', 'path: /new').trimEnd()}${route}server: { http: { port: 1 } }\n`;
    assert.deepEqual(changesOf(RIGHT, next), {
      routes: { added: ['more'], removed: [], changed: ['r'] },
      services: { added: [], removed: [], changed: [] },
      sections: ['server'],
      restartRequired: ['server.http.port'],
    });
    assert.deepEqual(changesOf(RIGHT, RIGHT), NO_CHANGES);
    assert.equal(changesOf(RIGHT, `${RIGHT}log: { level: loud }`), null);
  });

  it('compares no variable and no secret, of neither configuration', () => {
    const withValues = (application: string, token: string) =>
      `${RIGHT}defaults: { application: "${application}" }\nserver: { admin: { token: "${token}" } }\n`;
    const variable = `\${APPLICATION}`;
    const served = withValues(variable, 'hunter2-hunter2-hunter2');
    const guesses = [withValues('shop', 'hunter2-hunter2-hunter2'), withValues('other', 'another-token-of-16')];
    for (const guess of [...guesses, served, withValues(`\${OTHER:-x}`, `\${file:/etc/hostname}`)]) {
      assert.deepEqual(changesOf(served, guess, { APPLICATION: 'shop' }), NO_CHANGES, guess);
    }
    const literal = withValues('shop', '');
    assert.deepEqual(changesOf(literal, withValues(variable, '')), NO_CHANGES);
    assert.deepEqual(changesOf(literal, withValues('other', ''))?.sections, ['defaults']);
  });

  it('shows a bounded part of any number of mistakes', () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => `"${'k'.repeat(2_000)}${index}": 1`);
    const { errors, diagnostics } = validate(`{${keys.join(', ')}}`);
    assert.deepEqual([errors, diagnostics.length], [5_000, 200]);
    assert.ok(JSON.stringify(diagnostics).length < 200 * 4_000);
  });
});
