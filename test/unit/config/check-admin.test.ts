import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskSecrets } from '../../../src/config/mask-secrets.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { findings } from '../../support/config-findings.ts';

const TOKEN = '0123456789abcdef';

function admin(keys: string, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return findings(`server: { admin: { ${keys} } }`, environment);
}

describe('the admin port without a token', () => {
  it('listens on loopback', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', 'LOCALHOST', '"::1"', '"0:0:0:0:0:0:0:1"']) {
      assert.deepEqual(admin(`host: ${host}`), [], host);
    }
  });

  it('listens nowhere else', () => {
    const hosts = [
      '0.0.0.0',
      '"::"',
      '""',
      '10.0.0.1',
      '128.0.0.1',
      '127.example.com',
      'localhost.example.com',
      '"::2"',
    ];
    for (const host of hosts) assert.deepEqual(admin(`host: ${host}`), ['error server.admin.host'], host);
  });

  it('listens anywhere with a token', () => {
    assert.deepEqual(admin(`host: 0.0.0.0, token: ${TOKEN}`), []);
    assert.deepEqual(admin(`host: 0.0.0.0, token: "\${TOKEN:-}"`, { TOKEN }), []);
  });

  it('has none where the variable is empty, with quotes and without', () => {
    for (const token of [`\${TOKEN:-}`, `"\${TOKEN:-}"`, '""']) {
      assert.deepEqual(admin(`token: ${token}`), [], token);
      assert.deepEqual(admin(`host: 0.0.0.0, token: ${token}`), ['error server.admin.host'], token);
    }
  });

  it('is not judged while token or host is wrong by itself', () => {
    assert.deepEqual(admin('host: 0.0.0.0, token: [a]'), ['error server.admin.token']);
    assert.equal(admin(`host: 0.0.0.0, token: "\${NONE}"`).length, 1, 'the variable alone');
    assert.deepEqual(admin('host: 5'), ['error server.admin.host']);
    assert.deepEqual(findings('server: { admin: 5 }'), ['error server.admin']);
  });
});

describe('the admin token', () => {
  it('has 16 visible characters at least', () => {
    assert.deepEqual(admin(`token: "${TOKEN}"`), []);
    assert.deepEqual(admin('token: "!#$%&~=+/._-:;,?"'), []);
    for (const token of [
      'x',
      TOKEN.slice(1),
      `${TOKEN} `,
      `\\t${TOKEN}`,
      `${TOKEN}\\n`,
      `${TOKEN}ä`,
      `${TOKEN}\\u007f`,
    ]) {
      assert.deepEqual(admin(`token: "${token}"`), ['error server.admin.token'], token);
    }
  });

  it('is never shown, neither in findings nor in a configuration that is printed', () => {
    for (const token of ['hunter2', 'hunter2 hunter2 hunter2']) {
      const { diagnostics } = parseConfig(`server: { admin: { token: ${token} } }`, 'my.yaml', {});
      assert.equal(diagnostics.length, 1);
      assert.ok(!JSON.stringify(diagnostics).includes('hunter2'));
    }
    const { config, secretPaths } = parseConfig(`server: { admin: { token: ${TOKEN} } }`, 'my.yaml', {});
    const masked = maskSecrets(config, secretPaths) as { server: { admin: { token: string; host: string } } };
    assert.deepEqual([masked.server.admin.token, masked.server.admin.host], ['***', '127.0.0.1']);
  });

  it('is shown as missing where there is none', () => {
    const { config, secretPaths } = parseConfig('', 'my.yaml', {});
    const { server } = maskSecrets(config, secretPaths) as { server: { admin: { token: string } } };
    assert.equal(server.admin.token, '');
  });
});

describe('allowed hosts of the admin port', () => {
  it('are names or addresses', () => {
    const hosts = 'gateway, gateway.example.com, my_gateway, GATEWAY.example.com, 10.0.0.1, "::1"';
    assert.deepEqual(admin(`allowedHosts: [${hosts}]`), []);
  });

  it('have no scheme, port, path or pattern', () => {
    const hosts = ['http://a.example', 'a.example:80', 'a.example/x', '"*"', '"*.example"', '""', '"a b"', '"[::1]"'];
    for (const host of hosts) {
      assert.deepEqual(admin(`allowedHosts: [ok, ${host}]`), ['error server.admin.allowedHosts[1]'], host);
    }
  });
});
