import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  ConfigFileError,
  moveIntoPlace,
  removeBeside,
  replaceableFile,
  writeBeside,
} from '../../../src/gateway/config-file.ts';

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-file-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const says = (pattern: RegExp) => (error: unknown) => error instanceof ConfigFileError && pattern.test(error.message);

describe('a file that is replaced', () => {
  it('keeps its mode, and nothing stays beside it', async (context) => {
    const folder = folderOf(context);
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, 'old');
    chmodSync(file, 0o640);
    const before = await replaceableFile(file);
    const staged = await writeBeside(file, 'new', before);
    assert.deepEqual([staged, readFileSync(file, 'utf8')], [join(folder, '.gateway.yaml.tmp'), 'old']);
    await moveIntoPlace(staged, file);
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.equal(statSync(file).mode & 0o7777, 0o640);
    assert.deepEqual(readdirSync(folder), ['gateway.yaml']);
    assert.notEqual((await replaceableFile(file)).stamp, before.stamp);
  });

  it('is written beside whatever was left there, and not through a link', async (context) => {
    const folder = folderOf(context);
    const file = join(folder, 'gateway.yaml');
    const victim = join(folder, 'victim');
    writeFileSync(file, 'old');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(folder, '.gateway.yaml.tmp'));
    const staged = await writeBeside(file, 'new', await replaceableFile(file));
    assert.deepEqual([readFileSync(victim, 'utf8'), readFileSync(staged, 'utf8')], ['mine', 'new']);
    await removeBeside(staged);
    await removeBeside(staged);
    assert.deepEqual(readdirSync(folder).sort(), ['gateway.yaml', 'victim']);
  });

  it('is a plain file that may be written', async (context) => {
    const folder = folderOf(context);
    const file = join(folder, 'gateway.yaml');
    await assert.rejects(replaceableFile(file), says(/^its file is gone$/));
    writeFileSync(file, 'old');
    chmodSync(file, 0o444);
    await assert.rejects(replaceableFile(file), says(/read-only/));
    await assert.rejects(replaceableFile(folder), says(/directory of several files/));
    symlinkSync('gateway.yaml', join(folder, 'link.yaml'));
    await assert.rejects(replaceableFile(join(folder, 'link.yaml')), says(/ConfigMap/));
    mkdirSync(join(folder, 'sub'));
    await assert.rejects(
      writeBeside(join(folder, 'none', 'x.yaml'), 'x', { mode: 0o600, owner: 0, group: 0, stamp: '' }),
      says(/^its file is gone$/),
    );
  });
});
