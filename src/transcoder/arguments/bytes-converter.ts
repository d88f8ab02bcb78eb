import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ConversionError } from './conversion-error.ts';
import { shortInteger } from './integer-text.ts';
import { ScalarConverter } from './scalar-converter.ts';

/**
 * byte[]: base64 text of RFC 4648, standard or URL-safe alphabet, with or without padding; or a JSON array of integers
 * from -128 to 255. Sent as binary.
 */
export class BytesConverter extends ScalarConverter {
  constructor() {
    super('base64 text or an array of bytes', false);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.String) return this.writeText(doc.stringValue(node), out);
    if (kind !== JsonKind.Array) return false;
    const bytes = Buffer.allocUnsafe(doc.childCount(node));
    const end = doc.end(node);
    let index = 0;
    for (let child = doc.firstChild(node); child < end; child = doc.next(child)) bytes[index++] = byteAt(doc, child);
    out.binary(bytes, 0, bytes.length);
    return true;
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    if (!isBase64(text)) return false;
    const bytes = Buffer.from(text, 'base64');
    out.binary(bytes, 0, bytes.length);
    return true;
  }
}

function byteAt(doc: JsonDocument, node: number): number {
  if (doc.kind(node) === JsonKind.Number && doc.isIntegerText(node)) {
    const value = shortInteger(doc.bytes, doc.start(node), doc.stop(node));
    if (value >= -128 && value <= 255) return value & 0xff;
  }
  throw new ConversionError('a byte (-128 to 255)', doc, node);
}

/** Node's decoder skips what it does not know, so the text is checked first. */
function isBase64(text: string): boolean {
  let end = text.length;
  if (end % 4 === 0 && end > 0 && text.charCodeAt(end - 1) === 0x3d) end -= text.charCodeAt(end - 2) === 0x3d ? 2 : 1;
  if (end % 4 === 1) return false;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    const known =
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x2b ||
      code === 0x2f ||
      code === 0x2d ||
      code === 0x5f;
    if (!known) return false;
  }
  return true;
}
