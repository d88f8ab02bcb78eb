import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type BodyRules, readBody } from '../../../src/http/body-reader.ts';

function requestWith(headers: Record<string, string>): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, { 'content-type': 'application/json', ...headers });
  return request;
}

async function read(request: IncomingMessage, rules: BodyRules) {
  return readBody(request, new ServerResponse(request), rules);
}

describe('readBody()', () => {
  it('puts pieces of any size together and never goes over its limit', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(20_000), async (chunks, maxBodyBytes) => {
        const request = requestWith({ 'transfer-encoding': 'chunked' });
        const reading = read(request, { maxBodyBytes, isWanted: true });
        const whole = Buffer.concat(chunks);
        // The first piece is a view of a larger buffer, as those of a socket are; its rest must stay as it is.
        const slab = Buffer.alloc(10_000, 0x7e);
        for (const [index, chunk] of chunks.entries()) {
          slab.set(chunk, 5);
          request.push(index === 0 ? slab.subarray(5, 5 + chunk.length) : Buffer.from(chunk));
        }
        request.push(null);
        if (whole.length > maxBodyBytes) {
          await assert.rejects(reading, { code: 'REQUEST_TOO_LARGE' });
          return;
        }
        const { bytes, receivedBytes } = await reading;
        assert.equal(receivedBytes, whole.length);
        assert.deepEqual(
          bytes?.subarray(chunks[0]?.length),
          whole.length === 0 ? undefined : whole.subarray(chunks[0]!.length),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('holds a megabyte in pieces of one byte in little more than a megabyte', async () => {
    const request = requestWith({ 'transfer-encoding': 'chunked' });
    const reading = read(request, { maxBodyBytes: 1 << 20, isWanted: true });
    const slab = Buffer.alloc(65_536, 0x31);
    for (let index = 0; index < 1 << 20; index += 1) {
      const start = index & 0xffff;
      request.emit('data', slab.subarray(start, start + 1));
    }
    request.emit('end');
    const { bytes } = await reading;
    assert.equal(bytes!.length, 1 << 20);
    assert.ok(bytes!.buffer.byteLength <= 2 << 20);
    assert.ok(bytes!.every((byte) => byte === 0x31));
  });

  it('keeps nothing of a body that nobody wants', async () => {
    const request = requestWith({ 'content-length': '5', 'content-type': 'text/plain' });
    const reading = read(request, { maxBodyBytes: 5, isWanted: false });
    request.push(Buffer.from('abcde'));
    request.push(null);
    assert.deepEqual(await reading, { bytes: undefined, receivedBytes: 5 });
  });

  it('reports a client that goes away', async () => {
    const request = requestWith({ 'content-length': '5' });
    const reading = read(request, { maxBodyBytes: 5, isWanted: true });
    request.push(Buffer.from('ab'));
    request.destroy(new Error('aborted'));
    await assert.rejects(reading, { code: 'CLIENT_CLOSED' });
  });
});
