import type { JsonDocument } from '../../src/json/json-document.ts';
import { JsonKind } from '../../src/json/json-tape.ts';

/** The JavaScript value of a node as `JSON.parse` gives it, built from the tape alone. */
export function toJavaScript(doc: JsonDocument, node: number = doc.root): unknown {
  switch (doc.kind(node)) {
    case JsonKind.Null:
      return null;
    case JsonKind.True:
      return true;
    case JsonKind.False:
      return false;
    case JsonKind.Number:
      return Number(doc.numberText(node));
    case JsonKind.String:
      return doc.stringValue(node);
    case JsonKind.Array: {
      const list: unknown[] = [];
      const end = doc.end(node);
      for (let child = doc.firstChild(node); child < end; child = doc.next(child)) list.push(toJavaScript(doc, child));
      return list;
    }
    case JsonKind.Object: {
      const object: Record<string, unknown> = {};
      const end = doc.end(node);
      for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end)) {
        const value = toJavaScript(doc, doc.memberValue(key));
        Object.defineProperty(object, doc.stringValue(key), {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
      return object;
    }
  }
}
