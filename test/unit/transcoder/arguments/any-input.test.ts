import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/errors/gateway-error.ts';
import { HessianReader } from '../../../../src/hessian/hessian-reader.ts';
import { readTree } from '../../../../src/hessian/hessian-tree.ts';
import { JDK_VALUE_FORMS } from '../../../../src/transcoder/arguments/jdk-value-forms.ts';
import { BODY, merge, object, plan, query, run, source, type Types } from './argument-cases.ts';

const TYPES: Types = {
  'a.Node<T>': {
    value: 'T',
    next: 'a.Node<T>',
    list: 'List<T>',
    map: 'Map<Integer, T>',
    at: 'java.time.ZonedDateTime',
  },
};
const SCALARS = [
  'int',
  'Long',
  'double',
  'boolean',
  'char',
  'String',
  'BigDecimal',
  'BigInteger',
  'byte[]',
  'Date',
  'Object',
];
const TYPE_NAMES = [
  ...SCALARS,
  ...JDK_VALUE_FORMS.keys(),
  ...SCALARS.map((name) => `${name}[]`),
  'Map<UUID, List<Object>>',
  'Map<Integer, a.Node<Long>>',
  'a.Node<Date>',
  'a.Node<a.Node<byte[]>>',
];

/** Texts near to what some type takes. */
const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.stringMatching(/^-?\d{1,25}(\.\d{1,5})?(e[+-]?\d{1,7})?$/),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.stringMatching(/^[-+P\dTYMWDHSZ:.[\]/]{1,20}$/),
  fc.uuid(),
  fc.base64String({ maxLength: 12 }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('value', 'next', 'list', 'map', 'at', 'class', '1'), text), tie('json'), {
      maxKeys: 5,
    }),
  ),
}));

describe('any input', () => {
  const plans = TYPE_NAMES.map((type) => plan(BODY, type, TYPES));

  it('gives one whole Hessian value or a GatewayError, for any JSON and any type', () => {
    fc.assert(
      fc.property(json, fc.nat(plans.length - 1), (value, index) => {
        const body = JSON.stringify(value);
        expectWholeValue(() => run(plans[index]!, { body }));
      }),
      { numRuns: 3000 },
    );
  });

  it('does so for any text', () => {
    const textPlans = [...SCALARS, ...JDK_VALUE_FORMS.keys()].map((type) => plan(query('x'), type));
    fc.assert(
      fc.property(text, fc.nat(textPlans.length - 1), (value, index) => {
        expectWholeValue(() => run(textPlans[index]!, { query: { x: [value] } }));
      }),
      { numRuns: 3000 },
    );
  });

  it('does so for merged sources', () => {
    const part = source({ kind: 'body', path: ['value'] }, { required: false });
    const merged = plan(merge(BODY, part, object({ next: part, value: query('x') })), 'a.Node<Object>', TYPES);
    fc.assert(
      fc.property(json, text, (value, x) => {
        expectWholeValue(() => run(merged, { body: JSON.stringify(value), query: { x: [x] } }));
      }),
      { numRuns: 1000 },
    );
  });
});

function expectWholeValue(write: () => Buffer): void {
  let bytes: Buffer;
  try {
    bytes = write();
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    assert.ok(error.status === 400 && error.detail.length < 500);
    return;
  }
  const reader = new HessianReader();
  reader.reset(bytes);
  readTree(reader);
  assert.equal(reader.position, reader.end);
}
