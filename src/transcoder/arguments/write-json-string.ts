import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { UNKNOWN_UNITS } from '../../json/json-tape.ts';
import { writeLongText } from './long-text.ts';
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
  const start = doc.start(node);
  const stop = doc.stop(node);
  if (doc.isAscii(node) && !doc.hasEscapes(node)) out.stringAscii(doc.bytes, start, stop);
  else writeLongText(doc.words, start, stop, out.out);
}
