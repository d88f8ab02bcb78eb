import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type AdminAddress, adminAddress } from '../../../src/cli/admin-address.ts';
import { UsageError } from '../../../src/cli/terminal.ts';
import { CapturedTerminal } from '../../support/captured-terminal.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'sluice-address-'));
const TOKEN = 'a-token-of-the-file-0123456789';
after(() => rmSync(FOLDER, { recursive: true }));

function address(options: Record<string, string>, environment: NodeJS.ProcessEnv = {}): AdminAddress | undefined {
  return adminAddress({ options, words: [] }, new CapturedTerminal({ environment }));
}

function file(name: string, admin: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, `server: { admin: ${admin} }\nservices: {}\nroutes: []\n`);
  return path;
}

describe('adminAddress', () => {
  it('is the usual port of this machine where nothing is said', () => {
    assert.deepEqual(address({}), { url: 'http://127.0.0.1:9090', token: undefined });
    assert.deepEqual(address({}, { SLUICE_CONFIG: '', SLUICE_ADMIN_TOKEN: '' }), {
      url: 'http://127.0.0.1:9090',
      token: undefined,
    });
  });

  it('takes a URL, and a token from the words or the environment', () => {
    const url = 'https://ops.example:8443/sluice/';
    assert.deepEqual(address({ url }, { SLUICE_ADMIN_TOKEN: 'secret' }), {
      url: 'https://ops.example:8443/sluice',
      token: 'secret',
    });
    assert.equal(address({ url, token: 'other' }, { SLUICE_ADMIN_TOKEN: 'secret' })?.token, 'other');
    assert.equal(address({ url: 'http://[::1]:9090' })?.url, 'http://[::1]:9090');
  });

  it('takes address and token of the configuration', () => {
    const config = file('token.yaml', `{ host: 10.1.2.3, port: 9191, token: ${TOKEN} }`);
    assert.deepEqual(address({ config }), { url: 'http://10.1.2.3:9191', token: TOKEN });
    assert.deepEqual(address({}, { SLUICE_CONFIG: config }), { url: 'http://10.1.2.3:9191', token: TOKEN });
    assert.equal(address({ config }, { SLUICE_ADMIN_TOKEN: 'given' })?.token, 'given');
  });

  it('connects to this machine where the gateway listens everywhere', () => {
    for (const [host, url] of [
      ['0.0.0.0', 'http://127.0.0.1:9191'],
      ['"::"', 'http://[::1]:9191'],
      ['"::1"', 'http://[::1]:9191'],
      ['localhost', 'http://localhost:9191'],
    ]) {
      const config = file('any.yaml', `{ host: ${host}, port: 9191, token: ${TOKEN} }`);
      assert.equal(address({ config })?.url, url);
    }
  });

  it('sends the token of a configuration to no other address', () => {
    const config = file('token.yaml', `{ token: ${TOKEN} }`);
    assert.deepEqual(address({ config, url: 'http://10.9.9.9:1' }), { url: 'http://10.9.9.9:1', token: undefined });
  });

  it('prints what is wrong with the configuration', () => {
    const terminal = new CapturedTerminal();
    const options = { config: file('broken.yaml', '{ prot: 1 }') };
    assert.equal(adminAddress({ options, words: [] }, terminal), undefined);
    assert.match(terminal.errors, /prot.*did you mean "port"[\s\S]*With --url, no configuration is needed/);
  });

  it('says what is wrong with the words, and never the token', () => {
    const expectations: readonly (readonly [options: Record<string, string>, message: RegExp])[] = [
      [{ url: 'localhost:9090' }, /such as http:\/\/localhost:9090$/],
      [{ url: '10.1.2.3:99' }, /such as http:\/\/10\.1\.2\.3:99$/],
      [{ url: 'nothing' }, /such as http:\/\/127\.0\.0\.1:9090$/],
      [{ url: 'ftp://a' }, /such as http/],
      [{ url: 'http://user:word@a' }, /must not hold a user or a password/],
      [{ url: 'http://a/?token=1' }, /must not have a "\?"/],
      [{ token: 'two words' }, /visible ASCII/],
      [{ token: 'line\nend' }, /visible ASCII/],
      [{ token: '' }, /visible ASCII/],
      [{ config: file('free.yaml', '{ port: 0 }') }, /any free port.*--url/],
    ];
    for (const [options, message] of expectations) {
      assert.throws(
        () => address(options),
        (error) =>
          error instanceof UsageError && message.test(error.message) && !/two words|line|user:word/.test(error.message),
        JSON.stringify(options),
      );
    }
  });
});
