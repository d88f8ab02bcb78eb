import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProviderAddressError, parseProviderAddress } from '../../../src/config/provider-address.ts';

const GOOD: readonly (readonly [text: string, host: string, port: number, key: string])[] = [
  ['dubbo://127.0.0.1:20880', '127.0.0.1', 20880, '127.0.0.1:20880'],
  ['dubbo://127.0.0.1:20880/', '127.0.0.1', 20880, '127.0.0.1:20880'],
  ['DUBBO://Users.Example.com:1', 'users.example.com', 1, 'users.example.com:1'],
  ['dubbo://shop_users-1:65535', 'shop_users-1', 65535, 'shop_users-1:65535'],
  ['dubbo://[::1]:20880', '::1', 20880, '[::1]:20880'],
  ['dubbo://[0:0:0:0:0:0:0:1]:20880', '::1', 20880, '[::1]:20880'],
  ['dubbo://[2001:DB8::A]:20880', '2001:db8::a', 20880, '[2001:db8::a]:20880'],
  ['dubbo://2130706433:20880', '2130706433', 20880, '2130706433:20880'],
];

for (const [text, host, port, key] of GOOD) {
  test(`reads ${text}`, () => {
    assert.deepEqual(parseProviderAddress(text), { host, port, key });
  });
}

const BAD: readonly (readonly [text: string, message: RegExp])[] = [
  ['', /dubbo:\/\/host:port/],
  ['127.0.0.1:20880', /dubbo:\/\/host:port/],
  ['tri://host:50051', /Triple/],
  ['http://host:80', /protocols/],
  ['dubbo://host', /port is missing/],
  ['dubbo://host:', /port is missing/],
  ['dubbo://:20880', /host is missing/],
  ['dubbo://host:0', /1 to 65535/],
  ['dubbo://host:65536', /1 to 65535/],
  ['dubbo://host:20880x', /1 to 65535/],
  ['dubbo://999.1.1.1:20880', /IPv4/],
  ['dubbo://1.2.3:20880', /IPv4/],
  ['dubbo://::1:20880', /brackets/],
  ['dubbo://[::1]', /port is missing/],
  ['dubbo://[::zz]:20880', /IPv6/],
  ['dubbo://[fe80::1%eth0]:20880', /IPv6/],
  ['dubbo://ho st:20880', /dubbo:\/\/host:port/],
  ['dubbo://user@host:20880', /dubbo:\/\/host:port/],
  ['dubbo://host:20880/com.acme.Foo?version=1', /ends after the port/],
  ['dubbo://höst:20880', /host name/],
];

for (const [text, message] of BAD) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseProviderAddress(text),
      (error) => error instanceof ProviderAddressError && message.test(error.message),
    );
  });
}

test('any text is an address or the typed error', () => {
  const piece = fc.constantFrom('dubbo://', '[', ']', ':', '.', '::1', 'a', '9', '20880', '/', '?', '@', '%', 'é', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      let address: ReturnType<typeof parseProviderAddress>;
      try {
        address = parseProviderAddress(pieces.join(''));
      } catch (error) {
        assert.ok(error instanceof ProviderAddressError);
        return;
      }
      assert.ok(address.port >= 1 && address.port <= 65535);
      assert.deepEqual(parseProviderAddress(`dubbo://${address.key}`), address);
    }),
    { numRuns: 2000 },
  );
});
