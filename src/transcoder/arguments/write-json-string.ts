import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { UNKNOWN_UNITS } from '../../json/json-tape.ts';
import { putShortText, SHORT_TEXT_ROOM } from './short-text.ts';

/** Writes a JSON string. Without escapes its bytes are copied; no JavaScript string is made. */
export function writeJsonString(doc: JsonDocument, node: number, out: HessianWriter): void {
  const units = doc.units(node);
  if (units === UNKNOWN_UNITS) {
    writeLongString(doc, node, out);
    return;
  }
  const start = doc.start(node);
  const writer = out.out;
  writer.ensure(SHORT_TEXT_ROOM);
  const length = doc.stop(node) - start;
  writer.position = putShortText(doc.words, start, length, units, writer.buffer, writer.view, writer.position);
}

/** Writes a JSON string or key of any length. */
export function writeLongString(doc: JsonDocument, node: number, out: HessianWriter): void {
  if (doc.hasEscapes(node)) out.string(doc.stringValue(node));
  else if (doc.isAscii(node)) out.stringAscii(doc.bytes, doc.start(node), doc.stop(node));
  else out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
}
