import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { MAX_SHORT_TEXT_BYTES, putShortText, SHORT_TEXT_ROOM, UNKNOWN_UNITS, unitsOfShortText } from './short-text.ts';

/** Writes a JSON string or key. Without escapes its bytes are copied; no JavaScript string is made. */
export function writeJsonString(doc: JsonDocument, node: number, out: HessianWriter): void {
  if (doc.hasEscapes(node)) {
    out.string(doc.stringValue(node));
    return;
  }
  const { bytes } = doc;
  const start = doc.start(node);
  const stop = doc.stop(node);
  const length = stop - start;
  if (length <= MAX_SHORT_TEXT_BYTES) {
    const units = doc.isAscii(node) ? length : unitsOfShortText(bytes, start, stop);
    if (units !== UNKNOWN_UNITS) {
      const writer = out.out;
      writer.ensure(SHORT_TEXT_ROOM);
      writer.position = putShortText(doc, start, length, units, writer.buffer, writer.view, writer.position);
      return;
    }
  }
  if (doc.isAscii(node)) out.stringAscii(bytes, start, stop);
  else out.stringUtf8(bytes, start, stop);
}
