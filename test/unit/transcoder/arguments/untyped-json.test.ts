import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ByteWriter } from '../../../../src/bytes/byte-writer.ts';
import { HessianWriter } from '../../../../src/hessian/hessian-writer.ts';
import { type JsonDocument, parseJson } from '../../../../src/json/json-document.ts';
import { JsonKind, RECORD } from '../../../../src/json/json-tape.ts';
import { ClassKeyError, ConversionError } from '../../../../src/transcoder/arguments/conversion-error.ts';
import { writeUntypedJson } from '../../../../src/transcoder/arguments/untyped-json.ts';
import { writeReferenceJson } from '../../../support/reference/reference-untyped-json.ts';

const NO_CLASSES: ReadonlySet<string> = new Set();

function parse(text: string): JsonDocument {
  return parseJson(Buffer.from(text), 64);
}

/** With a buffer that is too small at first, so that it grows at every place. */
function untyped(doc: JsonDocument, node = doc.root, end = doc.next(node)): string {
  const out = new HessianWriter(new ByteWriter(1));
  writeUntypedJson(doc, node, end, NO_CLASSES, out);
  return out.out.take().toString('hex');
}

function reference(doc: JsonDocument, node = doc.root): string {
  const out = new HessianWriter(new ByteWriter());
  writeReferenceJson(doc, node, out);
  return out.out.take().toString('hex');
}

describe('writeUntypedJson', () => {
  it('writes the same bytes as the obvious way, for all of a document and for every value of it', () => {
    const text = fc.oneof(
      fc.json({ maxDepth: 6, stringUnit: 'binary' }),
      fc
        .array(fc.constantFrom('{"a":1,"b":{"a":2},"a":{"x":[],"x":{}}}', '[{},[{}],{"e":{"f":{}}}]', '{"":"","":{}}'))
        .map((parts) => `[${parts.join(',')}]`),
    );
    fc.assert(
      fc.property(text, (json) => {
        const doc = parse(json);
        const check = (node: number): void => {
          assert.equal(untyped(doc, node), reference(doc, node), json);
          const end = doc.next(node);
          if (doc.kind(node) === JsonKind.Array) {
            for (let child = doc.firstChild(node); child < end; child = doc.next(child)) check(child);
          } else if (doc.kind(node) === JsonKind.Object) {
            for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end))
              check(doc.memberValue(key));
          }
        };
        check(doc.root);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes strings of each length and script in their shortest form', () => {
    for (const unit of ['x', 'é', '中', '😀', '\\n', '\\ud83d']) {
      for (const length of [
        0, 1, 15, 16, 26, 27, 31, 32, 39, 40, 79, 80, 81, 82, 511, 512, 1023, 1024, 32_768, 32_769,
      ]) {
        const json = JSON.stringify(unit.repeat(length)).replaceAll('\\\\', '\\');
        for (const text of [`[${json}]`, json, `[${json},1]${' '.repeat(256)}`]) {
          const doc = parse(text);
          assert.equal(untyped(doc), reference(doc), `${length} x ${unit}`);
        }
      }
    }
  });

  it('writes numbers at every edge of their forms', () => {
    const edges = [7, 8, 15, 16, 47, 48, 127, 128, 2047, 2048, 32_767, 32_768, 262_143, 262_144, 2 ** 31 - 1, 2 ** 31];
    const texts = edges
      .flatMap((edge) => [edge, edge + 1, -edge, -edge - 1])
      .flatMap((edge) => [
        `${edge}`,
        `${edge}.0`,
        `${edge}.5`,
        `${edge}e3`,
        `${edge}.125`,
        `${edge}.0001`,
        `${edge}000000000000`,
      ]);
    const more = '0 -0 0.0 -0.0 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809';
    const doc = parse(`[${[...texts, ...more.split(' '), '999999999999999', '1000000000000000'].join(',')}]`);
    assert.equal(untyped(doc), reference(doc));
  });

  it('ends only the objects that it has begun', () => {
    const doc = parse('{"a":{"b":{"c":1}}}');
    const member = doc.firstMember(doc.root);
    const inner = doc.at(['a', 'b']);
    assert.equal(untyped(doc, inner), '480163915a');
    assert.equal(untyped(doc, inner + 2 * RECORD, inner + 3 * RECORD), '91');
    assert.equal(untyped(doc, member, doc.end(doc.root)), '0161480162480163915a5a');
  });

  it('names the value that is out of range, and the key that would choose a class', () => {
    const doc = parse('{"a":[1,1e400]}');
    assert.throws(
      () => untyped(doc),
      (error) => error instanceof ConversionError && error.node === doc.at(['a', 1]),
    );
    for (const key of ['class', '\\u0063lass']) {
      const withClass = parse(`[{"glass":1,"${key}":"com.acme.User"}]`);
      assert.throws(
        () => untyped(withClass),
        (error) => error instanceof ClassKeyError && withClass.stringValue(error.node) === 'class',
      );
    }
    assert.doesNotThrow(() => untyped(parse('["class",{"clasp":1}]')));
  });

  it('looks for class keys only among the members that count', () => {
    assert.throws(() => untyped(parse('{"class":1,"class":2}')), ClassKeyError);
    const doc = parse('{"a":{"class":1},"a":2}');
    assert.equal(untyped(doc), reference(doc));
  });
});
