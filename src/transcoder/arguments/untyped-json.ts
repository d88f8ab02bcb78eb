import * as Forms from '../../hessian/hessian-forms.ts';
import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import * as Tape from '../../json/json-tape.ts';
import { type AllowedClasses, checkClassKey } from './class-key.ts';
import { ConversionError } from './conversion-error.ts';
import { decimalNumber } from './decimal-text.ts';
import { longFromText, shortInteger, writeLong } from './integer-text.ts';
import { putShortText, SHORT_TEXT_ROOM } from './short-text.ts';
import { writeLongString } from './write-json-string.ts';

// A name of another module is looked up at each use; a constant of this one becomes a part of the compiled code.
const { CLOSES_SHIFT, END, EXTRA, FLAG_DEAD, FLAG_ESCAPES, FLAG_FRACTION, FLAG_KEY, FLAG_NON_ASCII } = Tape;
const { FLAG_SHORT_NUMBER, INFO, KIND_MASK, MAX_SHORT_STRING_BYTES, nextNode, RECORD, SCALE_MASK, SCALE_SHIFT } = Tape;
const { START, UNKNOWN_UNITS } = Tape;
const { Array: ARRAY, False: FALSE, Number: NUMBER, Object: OBJECT, String: STRING, True: TRUE } = Tape.JsonKind;
const { putDouble, putInt, putListHead } = Forms;

const NOT_PLAIN = FLAG_ESCAPES | FLAG_NON_ASCII;
const SHORT_DECIMAL = FLAG_SHORT_NUMBER | FLAG_FRACTION;
const POWERS_OF_TEN = Float64Array.from({ length: 10 }, (_, exponent) => 10 ** exponent);
const CLASS_KEY_BYTES = 5;

/**
 * Writes the values and keys from `node` up to `end` as their JSON is: integers as int, long, or beyond 64 bits a string
 * of their digits; numbers with fraction or exponent as double; arrays as untyped lists, objects as untyped maps.
 *
 * The tape is walked from front to end, without recursion.
 */
export function writeUntypedJson(
  doc: JsonDocument,
  node: number,
  end: number,
  allowed: AllowedClasses,
  out: HessianWriter,
): void {
  const { bytes, tape, words } = doc;
  const writer = out.out;
  let { buffer, position, view } = writer;
  /** Maps that have begun and not ended. */
  let open = 0;
  for (let at = node; at < end; at += RECORD) {
    if (position + SHORT_TEXT_ROOM > buffer.length) {
      writer.position = position;
      writer.ensure(SHORT_TEXT_ROOM);
      buffer = writer.buffer;
      view = writer.view;
    }
    const info = tape[at + INFO]!;
    const start = tape[at + START]!;
    switch (info & KIND_MASK) {
      case STRING: {
        const length = tape[at + END]! - start;
        let units = tape[at + EXTRA]!;
        if ((info & FLAG_KEY) !== 0) {
          if ((info & FLAG_DEAD) !== 0) {
            at = nextNode(tape, at + RECORD) - RECORD;
            continue;
          }
          if (length === CLASS_KEY_BYTES || (info & FLAG_ESCAPES) !== 0) checkClassKey(doc, at, allowed);
          units = (info & NOT_PLAIN) !== 0 || length > MAX_SHORT_STRING_BYTES ? UNKNOWN_UNITS : length;
        }
        if (units !== UNKNOWN_UNITS) {
          position = putShortText(words, start, length, units, buffer, view, position);
        } else {
          writer.position = position;
          writeLongString(doc, at, out);
          buffer = writer.buffer;
          view = writer.view;
          position = writer.position;
        }
        break;
      }
      case NUMBER: {
        if ((info & SHORT_DECIMAL) === FLAG_SHORT_NUMBER) {
          position = putInt(buffer, position, tape[at + EXTRA]!);
        } else if ((info & SHORT_DECIMAL) === SHORT_DECIMAL) {
          // One division of exact numbers rounds right.
          const power = POWERS_OF_TEN[(info >>> SCALE_SHIFT) & SCALE_MASK]!;
          position = putDouble(buffer, position, tape[at + EXTRA]! / power);
        } else if ((info & FLAG_FRACTION) !== 0) {
          const value = decimalNumber(bytes, start, tape[at + END]!);
          if (!Number.isFinite(value)) throw new ConversionError('a number within the range of a double', doc, at);
          position = putDouble(buffer, position, value);
        } else {
          writer.position = position;
          writeInteger(doc, at, out);
          buffer = writer.buffer;
          view = writer.view;
          position = writer.position;
        }
        break;
      }
      case OBJECT:
        buffer[position++] = 0x48;
        open++;
        break;
      case ARRAY:
        position = putListHead(buffer, position, tape[at + END]!);
        break;
      case TRUE:
        buffer[position++] = 0x54;
        break;
      case FALSE:
        buffer[position++] = 0x46;
        break;
      default:
        buffer[position++] = 0x4e;
    }
    // Objects that end here; those around `node` are not ours.
    for (let closes = info >>> CLOSES_SHIFT; closes > 0 && open > 0; closes--) {
      if (position === buffer.length) {
        writer.position = position;
        writer.ensure(closes);
        buffer = writer.buffer;
        view = writer.view;
      }
      buffer[position++] = 0x5a;
      open--;
    }
  }
  writer.position = position;
}

/** An integer of any length. */
function writeInteger(doc: JsonDocument, node: number, out: HessianWriter): void {
  const value = shortInteger(doc.bytes, doc.start(node), doc.stop(node));
  if (value === (value | 0)) {
    out.int(value);
    return;
  }
  if (!Number.isNaN(value)) {
    out.longNumber(value);
    return;
  }
  const long = longFromText(doc.numberText(node));
  if (long === undefined) out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
  else writeLong(long, out);
}
