import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatDiagnostics } from '../../../src/config/format-diagnostics.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = join(ROOT, 'test/support/broken');
const SECRET = 'hunter2hunter2';

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** What is printed for each file is kept beside it; UPDATE_GOLDEN=1 writes it anew. */
describe('broken configurations', () => {
  it('are at least 25 different ones', () => {
    assert.ok(names.length >= 25);
  });

  for (const name of names) {
    it(`explains ${name}`, () => {
      const path = join(FOLDER, name);
      const result = loadConfig(path, { SECRET });
      const text = formatDiagnostics(result.diagnostics, path, { relative: (file) => relative(ROOT, file) });
      assert.ok(result.diagnostics.length > 0);
      assert.ok(!text.includes('hunter2'), 'a secret is shown');
      const hasErrors = result.diagnostics.some(({ severity }) => severity === 'error');
      assert.equal(result.config === undefined, hasErrors);
      const golden = path.replace(/\.yaml$/, '.txt');
      if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, 'utf8'));
    });
  }
});
