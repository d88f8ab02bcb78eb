import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  elementType,
  erasedTypeName,
  formatJavaType,
  type JavaType,
  JavaTypeError,
  parseJavaType,
} from '../../../src/java/java-type.ts';

describe('parseJavaType', () => {
  it('reads primitives, classes, arrays and type arguments', () => {
    assert.deepEqual(parseJavaType('long'), { name: 'long', typeArguments: [], dimensions: 0 });
    assert.deepEqual(parseJavaType('byte[][]'), { name: 'byte', typeArguments: [], dimensions: 2 });
    assert.equal(
      formatJavaType(parseJavaType('java.util.Map< java.lang.String,com.acme.Item[] >[]')),
      'java.util.Map<java.lang.String, com.acme.Item[]>[]',
    );
  });

  it('takes short names for the classes everybody writes', () => {
    assert.equal(parseJavaType('String').name, 'java.lang.String');
    assert.equal(formatJavaType(parseJavaType('List<BigDecimal>')), 'java.util.List<java.math.BigDecimal>');
  });

  it('takes a wildcard for its bound', () => {
    assert.equal(formatJavaType(parseJavaType('List<?>')), 'java.util.List<java.lang.Object>');
    assert.equal(formatJavaType(parseJavaType('List<? extends com.acme.A>')), 'java.util.List<com.acme.A>');
  });

  it('says where a type text is wrong', () => {
    for (const [text, offset] of [
      ['', 0],
      ['List<', 5],
      ['List<int', 8],
      ['int[', 3],
      ['com..acme', 3],
      ['long x', 5],
      ['List<int>>', 9],
    ] as const) {
      assert.throws(
        () => parseJavaType(text),
        (error) => error instanceof JavaTypeError && error.offset === offset,
        text,
      );
    }
  });

  it('refuses endless nesting instead of overflowing the stack', () => {
    assert.throws(() => parseJavaType('a.B<'.repeat(100_000)), JavaTypeError);
    assert.throws(() => parseJavaType('? extends '.repeat(100_000)), JavaTypeError);
  });

  it('reads back what it formats', () => {
    const { type } = fc.letrec<{ type: JavaType }>((tie) => ({
      type: fc.record({
        name: fc.constantFrom('int', 'java.util.List', 'com.acme.A$B', 'T'),
        typeArguments: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('type'), { maxLength: 2 })),
        dimensions: fc.nat(3),
      }),
    }));
    fc.assert(
      fc.property(type, (value) => {
        const text = formatJavaType(value);
        assert.equal(formatJavaType(parseJavaType(text)), text);
      }),
    );
  });
});

describe('erasedTypeName', () => {
  it('cuts type arguments and keeps brackets', () => {
    assert.equal(erasedTypeName(parseJavaType('List<String>[]')), 'java.util.List[]');
    assert.equal(erasedTypeName(elementType(parseJavaType('int[][]'))), 'int[]');
  });
});

describe('wildcards', () => {
  it('mark what stands behind them as unseen', () => {
    const [bound] = parseJavaType('List<? extends List<com.acme.User>>').typeArguments;
    assert.equal(bound!.unseen, true);
    assert.equal(bound!.typeArguments[0]!.unseen, true);
    assert.equal(parseJavaType('List<com.acme.Outer$Inner>').typeArguments[0]!.unseen, undefined);
  });
});
