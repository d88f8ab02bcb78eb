import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';

/** Writes a JSON string or key. Without escapes its bytes are copied; no JavaScript string is made. */
export function writeJsonString(doc: JsonDocument, node: number, out: HessianWriter): void {
  if (doc.hasEscapes(node)) out.string(doc.stringValue(node));
  else if (doc.isAscii(node)) out.stringAscii(doc.bytes, doc.start(node), doc.stop(node));
  else out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
}
