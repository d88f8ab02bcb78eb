import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { formatConfigPath } from '../../../src/config/diagnostic.ts';
import { fingerprintOfFiles, loadConfig } from '../../../src/config/load-config.ts';
import { maskSecrets } from '../../../src/config/mask-secrets.ts';

const USERS = 'services: { users: { interface: a.B, providers: ["dubbo://127.0.0.1:1"] } }\n';

describe('loadConfig', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: string | Uint8Array): string {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  it('has the fingerprint of what the files say, of the secret ones too', () => {
    const token = write('stamped/secret', 'first');
    const part = write('stamped/conf/a.yaml', USERS.replace(' } }', `, token: "\${file:${token}}" } }`));
    const path = join(part, '..');
    const { fingerprint, secretFiles } = loadConfig(path, {});
    assert.deepEqual(secretFiles, [token]);
    assert.equal(fingerprintOfFiles(path, secretFiles), fingerprint);
    write('stamped/secret', 'other');
    assert.notEqual(fingerprintOfFiles(path, secretFiles), fingerprint);
    write('stamped/secret', 'first');
    write('stamped/conf/b.yaml', 'log: { level: warn }');
    assert.notEqual(fingerprintOfFiles(path, secretFiles), fingerprint);
    assert.equal(fingerprintOfFiles(path, [...secretFiles, join(path, 'none')]), undefined);
    assert.equal(fingerprintOfFiles(join(path, 'none'), []), undefined);
  });

  it('reads a file with variables and secret files', () => {
    const token = write('secrets/token', 's3cret\n');
    const path = write('one.yaml', USERS.replace(' } }', `, token: "\${file:${token}}" } }`));
    const { config, files, secretPaths } = loadConfig(path, {});
    assert.equal(config!.services.users!.token, 's3cret');
    assert.deepEqual(files, [path]);
    assert.deepEqual(secretPaths, ['services.users.token']);
    const shown = JSON.stringify(maskSecrets(config, secretPaths));
    assert.ok(!shown.includes('s3cret') && shown.includes('"token":"***"') && shown.includes('a.B'));
  });

  it('names a secret file also where it is not there', () => {
    const token = join(folder, 'secrets/later');
    const path = write('later.yaml', USERS.replace(' } }', `, token: "\${file:${token}}" } }`));
    const before = loadConfig(path, {});
    assert.equal(before.config, undefined);
    assert.deepEqual(before.secretFiles, [token]);
    write('secrets/later', 's3cret');
    assert.notEqual(loadConfig(path, {}).fingerprint, before.fingerprint);
  });

  it('reads a directory as Kubernetes mounts a ConfigMap, each file once', () => {
    write('map/..2026_01_31/a.yaml', USERS);
    write('map/..2026_01_31/b.yml', 'log: { level: warn }\n');
    symlinkSync('..2026_01_31', join(folder, 'map/..data'));
    symlinkSync('..data/a.yaml', join(folder, 'map/a.yaml'));
    symlinkSync('..data/b.yml', join(folder, 'map/b.yml'));
    write('map/notes.txt', 'no: [yaml');
    write('map/.hidden.yaml', 'no: [yaml');
    const { config, files } = loadConfig(join(folder, 'map'), {});
    assert.deepEqual(files, [join(folder, 'map/a.yaml'), join(folder, 'map/b.yml')]);
    assert.equal(config!.log.level, 'warn');
  });

  it('reports what cannot be read, without an exception', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const binary = write('binary.yaml', Uint8Array.of(0x61, 0xff, 0xfe));
    for (const [path, message] of [
      [join(folder, 'none.yaml'), /does not exist/],
      [empty, /no \.yaml or \.yml file/],
      [binary, /not UTF-8/],
    ] as const) {
      const { config, diagnostics } = loadConfig(path, {});
      assert.equal(config, undefined);
      assert.match(diagnostics[0]!.message, message);
      assert.equal(diagnostics[0]!.file, path);
    }
  });

  it('still checks the files of a directory that can be read', () => {
    write('mixed/a.yaml', 'lgo: {}\n');
    mkdirSync(join(folder, 'mixed/b.yaml'));
    const { config, diagnostics } = loadConfig(join(folder, 'mixed'), {});
    assert.equal(config, undefined);
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ['cannot be read: it is a directory', 'unknown key "lgo"'],
    );
  });

  it('names the file of a secret that cannot be read, and takes none that is too big', () => {
    const big = write('big', 'x'.repeat(70_000));
    const path = write('two.yaml', `log: { level: "\${file:${big}}", requests: "\${file:/none}" }\n`);
    const { diagnostics } = loadConfig(path, {});
    assert.match(diagnostics[0]!.message, /at most 65536/);
    assert.match(diagnostics[1]!.message, /\/none\}: it does not exist/);
  });
});

describe('maskSecrets', () => {
  it('masks paths inside lists and keeps what is not set', () => {
    const config = { list: ['a', { b: 'c' }], token: undefined, password: 1, __proto__: null };
    assert.deepEqual(maskSecrets(config, ['list[1].b']), {
      list: ['a', { b: '***' }],
      token: undefined,
      password: '***',
    });
  });

  it('masks values below keys that name a secret, and nothing else below them', () => {
    const attachments = { 'x-token': { value: 'a' }, secret: { from: 'header.b', default: 'c' }, user: { value: 'd' } };
    assert.deepEqual(maskSecrets({ attachments, services: { 'token-service': { interface: 'e' } } }, []), {
      attachments: {
        'x-token': { value: '***' },
        secret: { from: 'header.b', default: '***' },
        user: { value: 'd' },
      },
      services: { 'token-service': { interface: 'e' } },
    });
  });

  it('finds paths with any key', () => {
    const keys = ['a', 'a.b', 'a[0]', '"', '$x-y', '__proto__', ''];
    const config = Object.fromEntries(keys.map((key) => [key, [{ [key]: 'shown' }, 'hidden']]));
    const paths = keys.map((key) => formatConfigPath([key, 1]));
    const expected = Object.fromEntries(keys.map((key) => [key, [{ [key]: 'shown' }, '***']]));
    assert.deepEqual(maskSecrets(config, paths), expected);
  });
});
