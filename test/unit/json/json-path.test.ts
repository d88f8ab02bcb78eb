import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJson } from '../../../src/json/json-document.ts';
import { formatJsonPath, pathTo } from '../../../src/json/json-path.ts';
import { JsonKind } from '../../../src/json/json-tape.ts';

describe('pathTo', () => {
  it('gives back the way to every value and key of a document', () => {
    const doc = parseJson(
      Buffer.from('{"a":1,"d":0,"b":[[],[{"c":true},"x"],{}],"é":{"":null},"d":{"e":[[1,2]]}}'),
      64,
    );
    let seen = 0;
    const visit = (node: number, path: (string | number)[]): void => {
      seen++;
      assert.deepEqual(pathTo(doc, node), path);
      if (doc.kind(node) === JsonKind.Array) {
        let index = 0;
        for (let child = doc.firstChild(node); child < doc.end(node); child = doc.next(child)) {
          visit(child, [...path, index++]);
        }
      } else if (doc.kind(node) === JsonKind.Object) {
        const end = doc.end(node);
        for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end)) {
          const steps = [...path, doc.stringValue(key)];
          assert.deepEqual(pathTo(doc, key), steps);
          visit(doc.memberValue(key), steps);
        }
      }
    };
    visit(doc.root, []);
    assert.equal(seen, 16);
  });
});

describe('formatJsonPath', () => {
  it('writes names after a point, odd names in brackets, indexes in brackets', () => {
    assert.equal(formatJsonPath('$', []), '$');
    assert.equal(formatJsonPath('$', ['items', 3, 'price']), '$.items[3].price');
    assert.equal(formatJsonPath('body', ['odd name', '', 'a"b', 'x-y', '1']), 'body["odd name"][""]["a\\"b"].x-y["1"]');
  });
});
