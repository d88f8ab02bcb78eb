import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeNacosPayload,
  encodeNacosPayload,
  NacosPayloadError,
} from '../../../../src/registry/nacos/nacos-payload.ts';

describe('encodeNacosPayload', () => {
  it('writes metadata with type and headers, and the body as JSON in an Any', () => {
    const bytes = encodeNacosPayload('HealthCheckRequest', {}, { accessToken: 't' });
    const type = `1a12${Buffer.from('HealthCheckRequest').toString('hex')}`;
    const header = `3a100a0b${Buffer.from('accessToken').toString('hex')}120174`;
    assert.equal(bytes.toString('hex'), `1226${type}${header}1a0412027b7d`);
  });

  it('is read back, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'binary' }),
        fc.dictionary(fc.string(), fc.string({ maxLength: 300 })),
        fc.dictionary(fc.string(), fc.string()),
        (type, body, headers) => {
          const { json, ...read } = decodeNacosPayload(encodeNacosPayload(type, body, headers));
          assert.equal(read.type, Buffer.from(type).toString());
          assert.equal(json.toString(), Buffer.from(JSON.stringify(body)).toString());
        },
      ),
    );
  });
});

describe('decodeNacosPayload', () => {
  it('skips fields it does not know, of each form', () => {
    const known = encodeNacosPayload('AnyRequest', { a: 1 }, {});
    // Field 9: a number, 8 bytes, a text, 4 bytes.
    const unknown = Buffer.from('48ff01490102030405060708' + '4a03616263' + '4d01020304', 'hex');
    const { type, json } = decodeNacosPayload(Buffer.concat([unknown, known, unknown]));
    assert.equal(type, 'AnyRequest');
    assert.equal(json.toString(), '{"a":1}');
  });

  it('refuses what is cut off, and what names no type', () => {
    const bytes = encodeNacosPayload('AnyRequest', { a: 1 }, {});
    for (let length = 1; length < bytes.length; length++) {
      // Between the two fields a message ends as it may.
      if (length === bytes[1]! + 2) continue;
      assert.throws(() => decodeNacosPayload(bytes.subarray(0, length)), NacosPayloadError);
    }
    assert.throws(() => decodeNacosPayload(Buffer.alloc(0)), /names no type/);
    assert.throws(() => decodeNacosPayload(Buffer.from('0b', 'hex')), /no known form/);
  });

  it('reads or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          assert.notEqual(decodeNacosPayload(Buffer.from(bytes)).type, '');
        } catch (error) {
          assert.ok(error instanceof NacosPayloadError);
        }
      }),
    );
  });
});
