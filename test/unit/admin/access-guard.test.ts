import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AccessGuard } from '../../../src/admin/access-guard.ts';
import { AccessToken } from '../../../src/admin/access-token.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';

const TOKEN = '0123456789abcdef';
const PASSES = 'passes';

const open = new AccessGuard({ host: 'Admin.Internal.', allowedHosts: ['ops.example.com', 'Box'], token: undefined });

type Headers = readonly (readonly [name: string, value: string])[];

/** What the guard says to headers: `passes`, or the code of its refusal. */
function verdict(guard: AccessGuard, headers: Headers, target = '/admin/v1/bulkheads'): string {
  try {
    guard.check({ target, rawHeaders: headers.flat(), client: '10.0.0.1' }, 0);
    return PASSES;
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.code;
  }
}

function hostVerdict(host: string): string {
  return verdict(open, [['Host', host]]);
}

describe('AccessGuard', () => {
  it('lets addresses, localhost, the own name and the configured names pass, with any port', () => {
    const hosts = [
      '127.0.0.1',
      '127.0.0.1:9090',
      '10.20.30.40:1',
      '[::1]',
      '[::1]:9090',
      '[2001:DB8::7]',
      'localhost',
      'LOCALHOST:9090',
      'localhost.:9090',
      'admin.internal',
      'admin.internal:9090',
      'ops.example.com:443',
      'OPS.Example.Com.',
      'box',
    ];
    for (const host of hosts) assert.equal(hostVerdict(host), PASSES, host);
  });

  it('refuses every other name: a page can point its own at this machine', () => {
    const hosts = [
      'attacker.example',
      'localhost.attacker.example:9090',
      'notlocalhost',
      '127.0.0.1.nip.io',
      '127.0.0.1.attacker.example',
      'ops.example.com.attacker.example',
      'example.com',
      'a.box',
      '2130706433',
      '127.1',
      '0x7f.0.0.1',
      '256.0.0.1',
      'local%68ost',
      'xn--lcalhost-yza',
    ];
    for (const host of hosts) assert.equal(hostVerdict(host), 'FORBIDDEN', host);
  });

  it('refuses what is no host at all', () => {
    const hosts = [
      '',
      ':9090',
      ' ',
      'localhost:',
      'localhost:123456',
      'localhost:80:80',
      'localhost:http',
      'user@localhost',
      'localhost/x',
      'localhost#x',
      'localhost, attacker.example',
      '[::1',
      '::1',
      '[localhost]',
      '[::1]attacker.example',
      'localhost\\attacker.example',
    ];
    for (const host of hosts) assert.equal(hostVerdict(host), 'REQUEST_TARGET', JSON.stringify(host));
    assert.equal(hostVerdict('[1.2.3.4.5]'), 'FORBIDDEN');
  });

  it('wants exactly one Host header', () => {
    assert.equal(verdict(open, []), 'REQUEST_TARGET');
    const twice: Headers = [
      ['Host', 'localhost'],
      ['X-Other', '1'],
      ['hOST', 'attacker.example'],
    ];
    assert.equal(verdict(open, twice), 'REQUEST_TARGET');
    assert.equal(verdict(open, twice.toReversed()), 'REQUEST_TARGET');
  });

  it('wants a path, not a URL that has a host of its own', () => {
    for (const target of ['http://attacker.example/admin/v1/bulkheads', '*', 'localhost:80', '']) {
      assert.equal(verdict(open, [['Host', 'localhost']], target), 'REQUEST_TARGET', target);
    }
  });

  it('names the key of the configuration that lets a host pass', () => {
    const refused = { target: '/', rawHeaders: ['Host', 'gateway.example'], client: '' };
    assert.throws(() => open.check(refused, 0), /server\.admin\.allowedHosts/);
  });

  it('lets pages of its own origin pass only', () => {
    const cases: readonly (readonly [host: string, origin: string, expected: string])[] = [
      ['localhost:9090', 'http://localhost:9090', PASSES],
      ['localhost:9090', 'https://localhost:9090', PASSES],
      ['LocalHost:9090', 'http://localhost:9090', PASSES],
      ['localhost', 'http://localhost', PASSES],
      ['localhost:80', 'http://localhost', PASSES],
      ['localhost:443', 'https://localhost', PASSES],
      ['[::1]:9090', 'http://[::1]:9090', PASSES],
      ['localhost:9090', 'http://localhost:3000', 'FORBIDDEN'],
      ['localhost:9090', 'http://localhost', 'FORBIDDEN'],
      ['localhost', 'http://localhost:9090', 'FORBIDDEN'],
      ['localhost:443', 'http://localhost', 'FORBIDDEN'],
      ['localhost:9090', 'http://127.0.0.1:9090', 'FORBIDDEN'],
      ['localhost:9090', 'https://attacker.example', 'FORBIDDEN'],
      ['localhost:9090', 'http://localhost:9090.attacker.example', 'FORBIDDEN'],
      ['localhost:9090', 'http://localhost:9090/', 'FORBIDDEN'],
      ['localhost:9090', 'null', 'FORBIDDEN'],
      ['localhost:9090', '', 'FORBIDDEN'],
      ['localhost:9090', 'localhost:9090', 'FORBIDDEN'],
      ['localhost:9090', 'chrome-extension://abcdef', 'FORBIDDEN'],
      ['localhost:9090', 'file://', 'FORBIDDEN'],
    ];
    for (const [host, origin, expected] of cases) {
      const headers: Headers = [
        ['Host', host],
        ['Origin', origin],
      ];
      assert.equal(verdict(open, headers), expected, `${host} ${origin}`);
    }
    const both: Headers = [
      ['Host', 'localhost'],
      ['Origin', 'http://localhost'],
      ['Origin', 'http://attacker.example'],
    ];
    assert.equal(verdict(open, both), 'FORBIDDEN');
  });

  it('refuses what a browser says comes from elsewhere', () => {
    const sites = {
      none: PASSES,
      'same-origin': PASSES,
      'same-site': 'FORBIDDEN',
      'cross-site': 'FORBIDDEN',
      '': 'FORBIDDEN',
    };
    for (const [site, expected] of Object.entries(sites)) {
      const headers: Headers = [
        ['Host', 'localhost'],
        ['Sec-Fetch-Site', site],
      ];
      assert.equal(verdict(open, headers), expected, site);
    }
    const both: Headers = [
      ['Host', 'localhost'],
      ['Sec-Fetch-Site', 'none'],
      ['sec-fetch-site', 'cross-site'],
    ];
    assert.equal(verdict(open, both), 'FORBIDDEN');
  });

  it('asks for the token last, whoever calls by whatever name', () => {
    const guard = new AccessGuard({ host: '0.0.0.0', allowedHosts: [], token: new AccessToken(TOKEN, () => {}) });
    const right: Headers = [['Authorization', `Bearer ${TOKEN}`]];
    assert.equal(verdict(guard, [['Host', '127.0.0.1']]), 'UNAUTHENTICATED');
    assert.equal(verdict(guard, [['Host', '127.0.0.1'], ...right]), PASSES);
    assert.equal(verdict(guard, [['Host', 'attacker.example'], ...right]), 'FORBIDDEN');
    const foreign: Headers = [['Host', '127.0.0.1'], ['Origin', 'http://attacker.example'], ...right];
    assert.equal(verdict(guard, foreign), 'FORBIDDEN');
    assert.equal(verdict(guard, [['Host', '127.0.0.1'], ...right, ...right]), 'UNAUTHENTICATED');
  });

  it('never lets a name pass that is not its own, whatever the characters', () => {
    const guard = new AccessGuard({ host: '127.0.0.1', allowedHosts: [], token: undefined });
    fc.assert(
      fc.property(fc.domain(), fc.nat(99_999), (name, port) => {
        assert.equal(verdict(guard, [['Host', `${name}:${port}`]]), 'FORBIDDEN');
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (host) => {
        const said = verdict(guard, [['Host', host]]);
        if (said === PASSES) assert.match(host, /^(localhost\.?|\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])(:\d{1,5})?$/i);
      }),
    );
  });
});
