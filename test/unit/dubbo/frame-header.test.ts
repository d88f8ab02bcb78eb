import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  FRAME_HEADER_BYTES,
  isTwoWay,
  readBodyBytes,
  readIdHigh,
  readIdLow,
  safeRequestId,
  writeFrameHeader,
  writeRequestId,
} from '../../../src/dubbo/frame-header.ts';

test('writes the header as Dubbo does', () => {
  const buffer = Buffer.alloc(FRAME_HEADER_BYTES + 1, 0xff);
  writeFrameHeader(buffer, 1, 0xc2, 0, 0, 100, 166);
  assert.equal(buffer.toString('hex'), 'ffdabbc2000000000000000064000000a6');
  assert.equal(isTwoWay(buffer, 1), true);
  writeFrameHeader(buffer, 0, 0x82, 0, 0, 0, 0);
  assert.equal(isTwoWay(buffer, 0), false);
});

test('reads back any 64-bit id and length', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), (id, length) => {
      const buffer = Buffer.alloc(FRAME_HEADER_BYTES);
      const idHigh = Number(BigInt.asIntN(32, id >> 32n));
      const idLow = Number(BigInt.asIntN(32, id));
      writeFrameHeader(buffer, 0, 0x02, 20, idHigh, idLow, length);
      assert.equal(buffer.readBigInt64BE(4), id);
      assert.equal(readIdHigh(buffer, 0), idHigh);
      assert.equal(readIdLow(buffer, 0), idLow);
      assert.equal(readBodyBytes(buffer, 0), length);
    }),
  );
});

test('knows its own ids again, and no others', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (id) => {
      const buffer = Buffer.alloc(FRAME_HEADER_BYTES);
      writeRequestId(buffer, 0, id);
      assert.equal(buffer.readBigInt64BE(4), BigInt(id));
      assert.equal(safeRequestId(readIdHigh(buffer, 0), readIdLow(buffer, 0)), id);
    }),
  );
  assert.equal(safeRequestId(-1, 1), -1);
  assert.equal(safeRequestId(0x20_0000, 0), -1);
  assert.equal(safeRequestId(0x1f_ffff, -1), Number.MAX_SAFE_INTEGER);
});
