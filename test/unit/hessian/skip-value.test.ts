import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { DEFAULT_HESSIAN_LIMITS } from '../../../src/hessian/hessian-limits.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { readTree } from '../../../src/hessian/hessian-tree.ts';
import { skipValue, skipValueOf } from '../../../src/hessian/skip-value.ts';
import { body, readerOf } from './bodies.ts';

describe('skipValue', () => {
  it('ends where readTree ends, with the same tables', () => {
    const bytes = body(
      "57 9192 5a 55 01't' 4e 5a 48 01'a' 78 5a 4d 90 5a 43 01'C' 92 01'a' 01'b' 60 21ff 52 0001 'x' 01 'y' 51 90",
    );
    const reading = readerOf(bytes);
    const skipping = readerOf(bytes);
    while (reading.position < reading.end) {
      readTree(reading);
      skipValue(skipping);
      assert.deepEqual(
        [skipping.position, skipping.references.count, skipping.typeCount, skipping.classCount],
        [reading.position, reading.references.count, reading.typeCount, reading.classCount],
      );
    }
    assert.equal(skipping.position, bytes.length);
  });

  it('counts the depth of a part from what the caller says', () => {
    const reader = new HessianReader({ ...DEFAULT_HESSIAN_LIMITS, maxDepth: 3 });
    reader.reset(body('79 78'));
    skipValueOf(reader, reader.next(), 1);
    reader.reset(body('79 78'));
    assert.throws(() => skipValueOf(reader, reader.next(), 2), { fault: 'limit' });
  });

  it('checks text on the way', () => {
    assert.throws(
      () => skipValue(readerOf('7a 91 01 c080')),
      (error) => error instanceof HessianError && error.fault === 'invalid' && error.offset === 3,
    );
  });
});
