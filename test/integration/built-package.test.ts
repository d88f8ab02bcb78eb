import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { builtCommand } from '../support/built-package.ts';

const MANIFEST = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('the command as it is published', () => {
  it('goes with the licences of all packages that are in it', async () => {
    const notices = readFileSync(join(dirname(await builtCommand()), 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of Object.keys(MANIFEST.dependencies)) {
      const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      const { version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
      assert.ok(notices.includes(`${name} ${version}, ${license}\n`), name);
    }
    // One that none of them is without.
    assert.match(notices, /^koa-compose \d+\.\d+\.\d+, MIT\n\n[\s\S]{500}/m);
  });
});
