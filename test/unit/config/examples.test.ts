import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/load-config.ts';

const CONFIG = fileURLToPath(new URL('../../../config/', import.meta.url));
const EXAMPLES = join(CONFIG, 'examples');

describe('the configuration that is shipped', () => {
  for (const name of ['gateway.yaml', ...readdirSync(EXAMPLES).map((entry) => join('examples', entry))]) {
    it(`loads ${name} without a warning`, () => {
      const { config, diagnostics } = loadConfig(join(CONFIG, name), {});
      assert.deepEqual(diagnostics, []);
      assert.ok(config !== undefined && config.routes.length > 0);
    });
  }

  it('starts every example with a comment that says what it shows', () => {
    for (const name of readdirSync(EXAMPLES)) {
      const path = join(EXAMPLES, name);
      const files = statSync(path).isDirectory() ? readdirSync(path).map((file) => join(path, file)) : [path];
      for (const file of files) assert.match(readFileSync(file, 'utf8'), /^# [A-Z]/, file);
    }
  });

  it('merges the split files in the order of their names', () => {
    const { config, files } = loadConfig(join(EXAMPLES, 'split-files'), {});
    assert.equal(files.length, 3);
    assert.deepEqual(Object.keys(config!.services), ['orders', 'users']);
    assert.deepEqual(
      config!.routes.map(({ id }) => id),
      ['get-order', 'get-user'],
    );
    assert.deepEqual(config!.server.trustedProxies, ['10.0.0.0/8']);
  });

  it('listens where the documentation says', () => {
    const { server } = loadConfig(join(CONFIG, 'gateway.yaml'), {}).config!;
    assert.deepEqual([server.http.port, server.admin.port], [8080, 9090]);
  });
});
