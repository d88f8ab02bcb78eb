import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTrustedProxies, plainAddress } from '../../../src/http/trusted-proxies.ts';
import { fastestMs } from '../../support/fastest-ms.ts';

describe('createTrustedProxies()', () => {
  const proxies = createTrustedProxies(['10.0.0.0/8', '192.168.1.1', 'fd00::/8', '::1']);

  const cases: [remote: string, forwardedFor: string | undefined, expected: string, name: string][] = [
    ['10.0.0.1', undefined, '10.0.0.1', 'no header'],
    ['10.0.0.1', '203.0.113.7', '203.0.113.7', 'one hop'],
    ['203.0.113.1', '198.51.100.9', '203.0.113.1', 'a header from somebody who is not trusted'],
    ['10.0.0.1', '1.1.1.1, 203.0.113.7, 10.2.2.2', '203.0.113.7', 'forged entries on the left'],
    ['10.0.0.1', '10.3.3.3, 10.2.2.2', '10.3.3.3', 'nothing but proxies'],
    ['10.0.0.1', 'unknown, 10.2.2.2', '10.2.2.2', 'what is not an address'],
    ['10.0.0.1', '', '10.0.0.1', 'an empty header'],
    ['10.0.0.1', ' , ,', '10.0.0.1', 'commas only'],
    ['10.0.0.1', '203.0.113.7:51234', '203.0.113.7', 'a port'],
    ['10.0.0.1', '[2001:db8::1]:443', '2001:db8::1', 'an IPv6 address with port'],
    ['10.0.0.1', '2001:DB8::1', '2001:db8::1', 'an IPv6 address'],
    ['10.0.0.1', '[2001:db8::1', '10.0.0.1', 'an open bracket'],
    ['10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7', 'an IPv4 address written as IPv6'],
    ['10.0.0.1', '203.0.113.7, ::ffff:10.9.9.9', '203.0.113.7', 'a proxy written as IPv6'],
    ['fd00::5', '203.0.113.7', '203.0.113.7', 'a proxy with IPv6'],
    ['::1', '203.0.113.7, 192.168.1.1', '203.0.113.7', 'single addresses'],
    ['192.168.1.2', '203.0.113.7', '192.168.1.2', 'a neighbour of a single address'],
  ];
  for (const [remote, forwardedFor, expected, name] of cases) {
    it(`finds ${expected} with ${name}`, () => {
      assert.equal(proxies.clientAddress(remote, forwardedFor), expected);
    });
  }

  it('trusts nobody when told of nobody', () => {
    assert.equal(createTrustedProxies([]).clientAddress('127.0.0.1', '203.0.113.7'), '127.0.0.1');
  });

  it('names the entry that is no address or range', () => {
    for (const range of ['10.0.0.0/33', 'fd00::/129', 'proxy.local', '10.0.0.0/', '10.0.0.0/x', '']) {
      assert.throws(
        () => createTrustedProxies([range]),
        new TypeError(`"${range}" is not an IP address or CIDR range`),
      );
    }
  });

  it('reads a header of the largest size at once', () => {
    assert.ok(fastestMs(3, () => proxies.clientAddress('10.0.0.1', '10.0.0.2,'.repeat(1_700))) < 200);
  });
});

describe('plainAddress()', () => {
  it('takes the IPv6 spelling off IPv4 addresses only', () => {
    assert.equal(plainAddress('::ffff:127.0.0.1'), '127.0.0.1');
    assert.equal(plainAddress('::ffff:7f00:1'), '::ffff:7f00:1');
    assert.equal(plainAddress('::1'), '::1');
    assert.equal(plainAddress(undefined), '');
  });
});
