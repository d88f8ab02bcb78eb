import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerAddressError } from '../../../../src/config/server-address.ts';
import { providerServiceNames } from '../../../../src/registry/nacos/nacos-names.ts';
import { grpcTarget, parseNacosServer } from '../../../../src/registry/nacos/nacos-server.ts';

describe('providerServiceNames', () => {
  const names = (version: string, group: string) => providerServiceNames({ interfaceName: 'a.B', version, group });

  it('keeps the colons of empty parts, and adds the name of old releases where it differs', () => {
    assert.deepEqual(names('1.0.0', 'g1'), ['providers:a.B:1.0.0:g1']);
    assert.deepEqual(names('', ''), ['providers:a.B::', 'providers:a.B']);
    assert.deepEqual(names('1.0.0', ''), ['providers:a.B:1.0.0:', 'providers:a.B:1.0.0']);
    assert.deepEqual(names('', 'g1'), ['providers:a.B::g1', 'providers:a.B:g1']);
  });
});

describe('parseNacosServer', () => {
  it('reads names, IPv4 and IPv6 addresses, with and without a port', () => {
    assert.deepEqual(parseNacosServer('nacos.example'), { host: 'nacos.example', port: 8848 });
    assert.deepEqual(parseNacosServer('10.0.0.1:80'), { host: '10.0.0.1', port: 80 });
    assert.deepEqual(parseNacosServer('[::1]:8848'), { host: '::1', port: 8848 });
  });

  it('knows where gRPC is', () => {
    assert.equal(grpcTarget(parseNacosServer('nacos')), 'nacos:9848');
    assert.equal(grpcTarget(parseNacosServer('[::1]:80')), '[::1]:1080');
  });

  it('refuses all else without repeating it', () => {
    for (const text of [
      '',
      'http://secret',
      'a:b',
      'secret:0',
      'secret:70000',
      '[secret]:1',
      'user:secret@host',
      '::1',
    ]) {
      assert.throws(
        () => parseNacosServer(text),
        (error: Error) => error instanceof ServerAddressError && !error.message.includes('secret'),
      );
    }
  });
});
