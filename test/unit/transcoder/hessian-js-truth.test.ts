import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DecoderV2, EncoderV2 } from 'hessian.js';
import { toJson } from '../../support/transcoding.ts';

/**
 * Values that hessian.js, which shares no code with ours, writes and reads. What it gets wrong is not made: longs past
 * 2^53 (read as text), -0, NaN, keys `__proto__`, `$class` and `$`, classes that end in Exception, `this$0`.
 */
type Foreign =
  | null
  | boolean
  | number
  | string
  | Buffer
  | Date
  | readonly Foreign[]
  | { readonly [key: string]: unknown };

const key = fc
  .oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('constructor', 'class'),
  )
  .filter((name) => !['__proto__', '$class', '$', '$map'].includes(name));

/** What Dubbo writes under `class` is left out of the JSON: a text with a dot may be such a name. */
function looksLikeClass(value: unknown): boolean {
  return typeof value === 'string' && value.includes('.');
}

const number = fc.oneof(
  fc.integer(),
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
);

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('中'.repeat(2_000)));

const foreign: fc.Arbitrary<Foreign> = fc.letrec<{ value: Foreign }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    number.filter((value) => Number.isSafeInteger(value) || !Number.isInteger(value)),
    text,
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.date({ noInvalidDate: true, min: new Date(-1e12), max: new Date(1e13) }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }).filter(({ class: name }) => !looksLikeClass(name)),
    fc
      .tuple(fc.constantFrom('com.acme.A', 'com.acme.B'), tie('value'), tie('value'))
      .map(([name, a, b]) => ({ $class: name, $: name === 'com.acme.A' ? { a, b } : { b, other: a } })),
  ),
})).value;

describe('what hessian.js writes', () => {
  it('becomes the JSON of what it meant', () => {
    fc.assert(
      fc.property(foreign, (value) => {
        const json = toJson(encoded(value));
        assert.deepEqual(JSON.parse(json), meant(value));
      }),
      { numRuns: 800 },
    );
  });

  it('becomes the JSON of what it reads itself', () => {
    fc.assert(
      fc.property(foreign, (value) => {
        const bytes = encoded(value);
        assert.deepEqual(JSON.parse(toJson(bytes)), meant(new DecoderV2(bytes).read() as Foreign));
      }),
      { numRuns: 400 },
    );
  });

  it('with shared values and cycles becomes the same with the sharing undone', () => {
    const shared = { list: [1, 'é', { deep: true }] };
    const value = { a: shared, b: [shared, shared.list], c: { again: shared } };
    assert.deepEqual(JSON.parse(toJson(encoded(value))), value);
    const self: Record<string, unknown> = { name: 'self' };
    self.self = self;
    assert.deepEqual(JSON.parse(toJson(encoded(self))), { name: 'self', self: null });
  });
});

function encoded(value: Foreign): Buffer {
  const encoder = new EncoderV2();
  encoder.write(value);
  return encoder.get();
}

/** The value as JSON has it. */
function meant(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(meant);
  if (typeof value !== 'object' || value === null) return value;
  const fields = '$class' in value && '$' in value ? (value.$ as object) : value;
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, meant(item)]));
}
