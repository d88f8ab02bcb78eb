import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ContentCoding } from '../../../src/http/accept-encoding.ts';
import {
  BodyCompressor,
  MAX_BYTES_ON_LOOP,
  MAX_RUNNING,
  MAX_RUNNING_BYTES,
} from '../../../src/http/body-compressor.ts';
import { type BodyCodec, zlibCodec } from '../../../src/http/zlib-codec.ts';

const LARGE = MAX_BYTES_ON_LOOP + 1;

/** JSON of at least so many bytes. */
function jsonBody(bytes: number): Buffer {
  const items: object[] = [];
  for (let length = 0; length < bytes; length += 40)
    items.push({ id: items.length, name: `item ${items.length}`, ok: true });
  return Buffer.from(JSON.stringify(items));
}

function decode(bytes: Buffer, coding: ContentCoding): Buffer {
  return coding === 'br' ? brotliDecompressSync(bytes) : gunzipSync(bytes);
}

function compress(compressor: BodyCompressor, body: Buffer, coding: ContentCoding): Promise<Buffer | undefined> {
  return new Promise((resolve) => compressor.compress(body, coding, resolve));
}

/** A codec whose pool finishes when the test says so. */
class ManualCodec implements BodyCodec {
  readonly running: ((error: Error | null, compressed: Buffer) => void)[] = [];

  compressNow(): Buffer {
    return Buffer.from('small');
  }

  compress(_body: Buffer, _coding: ContentCoding, done: (error: Error | null, compressed: Buffer) => void): void {
    this.running.push(done);
  }

  finish(error: Error | null = null): void {
    this.running.shift()!(error, Buffer.from('large'));
  }
}

describe('a body', () => {
  for (const coding of ['br', 'gzip'] as const) {
    it(`is the same again after ${coding}, at any size`, async () => {
      const compressor = new BodyCompressor(zlibCodec);
      for (const bytes of [60, 512, 1_024, 4_096, MAX_BYTES_ON_LOOP, LARGE, 65_536, 300_000, 2_000_000]) {
        const body = jsonBody(bytes);
        const compressed = await compress(compressor, body, coding);
        assert.ok(compressed !== undefined && compressed.length < body.length, `${bytes} bytes`);
        assert.ok(decode(compressed, coding).equals(body), `${bytes} bytes`);
      }
    });

    it(`of any text is the same again after ${coding}`, () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1, maxLength: 500, unit: 'grapheme' }), (text) => {
          const body = Buffer.from(text);
          assert.ok(decode(zlibCodec.compressNow(body, coding), coding).equals(body));
        }),
        { numRuns: 100 },
      );
    });

    it(`that cannot become smaller by ${coding} is left as it is`, async () => {
      const compressor = new BodyCompressor(zlibCodec);
      assert.equal(await compress(compressor, randomBytes(2_000), coding), undefined);
      assert.equal(await compress(compressor, randomBytes(20_000), coding), undefined);
      assert.equal(compressor.counts.skippedNoGain, 2);
      assert.equal(compressor.counts.compressed, 0);
      assert.equal(compressor.counts.bytesIn, 0);
    });
  }

  it('is counted before and after', async () => {
    const compressor = new BodyCompressor(zlibCodec);
    const bodies = [jsonBody(2_000), jsonBody(20_000)];
    let bytesOut = 0;
    for (const body of bodies) bytesOut += (await compress(compressor, body, 'gzip'))!.length;
    assert.deepEqual(compressor.counts, {
      compressed: 2,
      bytesIn: bodies[0]!.length + bodies[1]!.length,
      bytesOut,
      skippedBusy: 0,
      skippedNoGain: 0,
      failed: 0,
    });
  });

  it('is compressed at once when it is small, on the pool when it is not', () => {
    const codec = new ManualCodec();
    const compressor = new BodyCompressor(codec);
    const done: string[] = [];
    compressor.compress(Buffer.alloc(MAX_BYTES_ON_LOOP), 'br', (body) => done.push(String(body)));
    assert.deepEqual(done, ['small']);
    compressor.compress(Buffer.alloc(LARGE), 'br', (body) => done.push(String(body)));
    assert.deepEqual(done, ['small']);
    codec.finish();
    assert.deepEqual(done, ['small', 'large']);
  });

  it('is left as it is when zlib fails, which is counted', () => {
    const codec = new ManualCodec();
    codec.compressNow = () => {
      throw new RangeError('no memory');
    };
    const compressor = new BodyCompressor(codec);
    const done: unknown[] = [];
    compressor.compress(Buffer.alloc(2_000), 'gzip', (body) => done.push(body));
    compressor.compress(Buffer.alloc(LARGE), 'gzip', (body) => done.push(body));
    codec.finish(new Error('no memory'));
    assert.deepEqual(done, [undefined, undefined]);
    assert.equal(compressor.counts.failed, 2);
    assert.equal(compressor.counts.skippedNoGain, 0);
  });
});

describe('too many bodies', () => {
  it('are left as they are, at once, until one is done', () => {
    const codec = new ManualCodec();
    const compressor = new BodyCompressor(codec);
    let plain = 0;
    const compressLarge = () => compressor.compress(Buffer.alloc(LARGE), 'br', (body) => (plain += body ? 0 : 1));
    for (let i = 0; i < MAX_RUNNING + 5; i += 1) compressLarge();
    assert.equal(codec.running.length, MAX_RUNNING);
    assert.equal(plain, 5);
    assert.equal(compressor.counts.skippedBusy, 5);
    codec.finish();
    compressLarge();
    assert.equal(codec.running.length, MAX_RUNNING);
    assert.equal(plain, 5);
    codec.finish(new Error('no memory'));
    compressLarge();
    assert.equal(plain, 6, 'the one that failed is sent as it is, the next one takes its place');
    assert.equal(codec.running.length, MAX_RUNNING);
  });

  it('do not keep small ones from being compressed', () => {
    const compressor = new BodyCompressor(new ManualCodec());
    for (let i = 0; i < MAX_RUNNING; i += 1) compressor.compress(Buffer.alloc(LARGE), 'br', () => {});
    const done: string[] = [];
    compressor.compress(Buffer.alloc(2_000), 'br', (body) => done.push(String(body)));
    assert.deepEqual(done, ['small']);
  });

  it('are those with too many bytes together, but a larger one may be alone', () => {
    const codec = new ManualCodec();
    const compressor = new BodyCompressor(codec);
    const start = (bytes: number) => compressor.compress(Buffer.alloc(bytes), 'br', () => {});
    start(2 * MAX_RUNNING_BYTES);
    start(LARGE);
    assert.equal(codec.running.length, 1);
    codec.finish();
    start(MAX_RUNNING_BYTES - LARGE);
    start(LARGE);
    start(LARGE);
    assert.equal(codec.running.length, 2);
    assert.equal(compressor.counts.skippedBusy, 2);
  });
});
