import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { NO_CHANGES } from '../../../src/gateway/config-changes.ts';
import type { ConfigFollower } from '../../../src/gateway/config-follower.ts';
import { ConfigReplacement } from '../../../src/gateway/config-replacement.ts';
import type { LiveConfiguration } from '../../../src/gateway/live-configuration.ts';
import type { LoadedConfig } from '../../../src/gateway/read-config-files.ts';

const FOUND = { severity: 'error', file: '', line: 1, column: 2, path: 'log', message: 'wrong' } as const;

/** A file with a follower that does as a test says. */
class FakeFollower {
  readonly folder = mkdtempSync(join(tmpdir(), 'fake-follower-'));
  readonly file = join(this.folder, 'gateway.yaml');
  readonly files = {
    path: this.file,
    files: [this.file],
    secretFiles: [],
    secretPaths: [],
    fingerprint: 'a'.repeat(64),
  };
  isClosed = false;
  read = async (path: string): Promise<LoadedConfig> => ({
    ...this.files,
    config: gatewaySchema.parse({}),
    diagnostics: [],
    fingerprint: path === this.file ? this.files.fingerprint : 'b'.repeat(64),
  });
  apply: ConfigFollower['apply'] = async () => ({ changes: NO_CHANGES, diagnostics: [] });

  constructor(context: TestContext) {
    writeFileSync(this.file, 'old');
    context.after(() => rmSync(this.folder, { recursive: true }));
  }

  replacement(): ConfigReplacement {
    const live = { generations: { source: 'file', number: 1 } } as unknown as LiveConfiguration;
    return new ConfigReplacement(live, this as unknown as ConfigFollower);
  }

  /** The text of the file, and the names beside it. */
  get state(): [string, string[]] {
    return [readFileSync(this.file, 'utf8'), readdirSync(this.folder)];
  }
}

const failsWith = (code: string) => (error: unknown) => error instanceof GatewayError && error.code === code;

describe('ConfigReplacement', () => {
  it('puts the old file back where the new one cannot be served after all', async (context) => {
    const follower = new FakeFollower(context);
    follower.apply = async () => {
      assert.equal(follower.state[0], 'new');
      return { changes: undefined, diagnostics: [FOUND] };
    };
    await assert.rejects(follower.replacement().replace('new', '*'), failsWith('CONFIG_INVALID'));
    assert.deepEqual(follower.state, ['old', ['gateway.yaml']]);
  });

  it('leaves nothing behind where the text cannot be read in time', async (context) => {
    const follower = new FakeFollower(context);
    const { read } = follower;
    follower.read = (path) => (path === follower.file ? read(path) : Promise.reject(new Error('too much time')));
    await assert.rejects(follower.replacement().replace('new', ['a'.repeat(32)]), failsWith('CONFIG_INVALID'));
    assert.deepEqual(follower.state, ['old', ['gateway.yaml']]);
  });

  it('does not overwrite a file that changes while the new one is read', async (context) => {
    const follower = new FakeFollower(context);
    const { read } = follower;
    follower.read = async (path) => {
      if (path !== follower.file) writeFileSync(follower.file, 'by hand');
      return read(path);
    };
    await assert.rejects(follower.replacement().replace('new', '*'), failsWith('PRECONDITION_FAILED'));
    assert.deepEqual(follower.state, ['by hand', ['gateway.yaml']]);
  });

  it('changes nothing while the gateway stops', async (context) => {
    const follower = new FakeFollower(context);
    const { read } = follower;
    follower.read = async (path) => {
      follower.isClosed = path !== follower.file;
      return read(path);
    };
    const replacement = follower.replacement();
    await assert.rejects(replacement.replace('new', '*'), failsWith('GATEWAY_STOPPING'));
    await assert.rejects(replacement.replace('new', '*'), failsWith('GATEWAY_STOPPING'));
    assert.deepEqual(follower.state, ['old', ['gateway.yaml']]);
  });

  it('takes the next one when one has failed', async (context) => {
    const follower = new FakeFollower(context);
    const replacement = follower.replacement();
    const { read } = follower;
    follower.read = async (path) => ({ ...(await read(path)), config: undefined, diagnostics: [FOUND] });
    await assert.rejects(replacement.replace('new', '*'), failsWith('CONFIG_INVALID'));
    follower.read = read;
    const answer = await replacement.replace('new', '*');
    assert.deepEqual([answer.generation, answer.entityTag], [1, 'a'.repeat(32)]);
    assert.deepEqual(follower.state, ['new', ['gateway.yaml']]);
  });
});
