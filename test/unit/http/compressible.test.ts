import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCompressible } from '../../../src/http/compressible.ts';

const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'];

describe('an answer', () => {
  it('may be compressed when it is text', () => {
    const types = [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON ;charset=utf-8',
      'application/problem+json',
      'application/atom+xml',
      'image/svg+xml',
      'text/plain',
      'application/xml',
      'application/x-ndjson',
    ];
    for (const type of types) assert.equal(isCompressible(['Content-Type', type]), true, type);
  });

  it('may not when its type is compressed by nature, unknown or absent', () => {
    for (const type of [
      'image/png',
      'video/mp4',
      'application/zip',
      'application/gzip',
      'application/pdf',
      '',
      'json',
    ]) {
      assert.equal(isCompressible(['Content-Type', type]), false, type);
    }
    assert.equal(isCompressible([]), false);
    assert.equal(isCompressible(['X-Type', 'application/json']), false);
  });

  it('may not when a header speaks of its present bytes', () => {
    const headers = [
      ['content-encoding', 'gzip'],
      ['Content-Encoding', 'identity'],
      ['content-range', 'bytes 0-9/10'],
      ['content-digest', 'sha-256=:AA==:'],
      ['Repr-Digest', 'sha-256=:AA==:'],
      ['digest', 'sha-256=AA=='],
      ['Content-MD5', 'AA=='],
      ['etag', '"1"'],
    ];
    for (const header of headers) {
      assert.equal(isCompressible([...JSON_TYPE, ...header]), false, header.join(': '));
      assert.equal(isCompressible([...header, ...JSON_TYPE]), false, header.join(': '));
    }
    assert.equal(isCompressible([...JSON_TYPE, 'ETag', 'W/"1"']), true);
  });

  it('may not when nobody is to transform it', () => {
    assert.equal(isCompressible([...JSON_TYPE, 'Cache-Control', 'public, No-Transform']), false);
    assert.equal(isCompressible([...JSON_TYPE, 'Cache-Control', 'public, max-age=60']), true);
  });
});
