import type { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import type { JsonDocument } from '../../../src/json/json-document.ts';
import { JsonKind } from '../../../src/json/json-tape.ts';

/** What a number beyond the range of a double is for this writer. */
export class OutOfRange extends Error {}

/** A JSON value as untyped Hessian, in the most obvious way: value by value, every text a JavaScript string. */
export function writeReferenceJson(doc: JsonDocument, node: number, out: HessianWriter): void {
  switch (doc.kind(node)) {
    case JsonKind.Null:
      out.nullValue();
      return;
    case JsonKind.True:
    case JsonKind.False:
      out.boolean(doc.kind(node) === JsonKind.True);
      return;
    case JsonKind.Number:
      writeNumber(doc.numberText(node), out);
      return;
    case JsonKind.String:
      out.string(doc.stringValue(node));
      return;
    case JsonKind.Array: {
      out.listStart(doc.childCount(node));
      const end = doc.end(node);
      for (let child = doc.firstChild(node); child < end; child = doc.next(child)) writeReferenceJson(doc, child, out);
      return;
    }
    case JsonKind.Object: {
      out.untypedMapStart();
      const end = doc.end(node);
      for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end)) {
        out.string(doc.stringValue(key));
        writeReferenceJson(doc, doc.memberValue(key), out);
      }
      out.mapEnd();
    }
  }
}

function writeNumber(text: string, out: HessianWriter): void {
  if (!/^-?\d+$/.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new OutOfRange(text);
    out.double(value);
    return;
  }
  const value = BigInt(text);
  if (BigInt.asIntN(32, value) === value) out.int(Number(value));
  else if (BigInt.asIntN(64, value) === value) {
    out.long(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
  } else out.string(text);
}
