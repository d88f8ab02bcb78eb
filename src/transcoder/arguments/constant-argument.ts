import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import type { RequestView } from '../request-view.ts';
import type { CompiledMembers } from './compiled-argument.ts';
import { ConversionError } from './conversion-error.ts';
import type { ObjectConverter } from './object-converter.ts';
import type { ValueConverter } from './value-converter.ts';

/** A value of the configuration. */
export class ConstantArgument implements CompiledMembers {
  readonly #doc: JsonDocument;
  readonly #converter: ValueConverter;

  constructor(doc: JsonDocument, converter: ValueConverter) {
    this.#doc = doc;
    this.#converter = converter;
  }

  present(): boolean {
    return true;
  }

  write(_request: RequestView, out: HessianWriter): boolean {
    this.#converter.fromJson(this.#doc, this.#doc.root, out);
    return true;
  }

  writeMembers(_request: RequestView, out: HessianWriter, written: Set<string>, last: boolean): void {
    writeDocumentMembers(this.#doc, this.#doc.root, out, this.#converter as ObjectConverter, written, last);
  }
}

/**
 * Writes the members of an object whose names are not in `written`; null has none. A `class` key is checked even where
 * it is passed over. Throws `ConversionError` for any other value.
 */
export function writeDocumentMembers(
  doc: JsonDocument,
  node: number,
  out: HessianWriter,
  form: ObjectConverter,
  written: Set<string>,
  last: boolean,
): void {
  const kind = doc.kind(node);
  if (kind === JsonKind.Null) return;
  if (kind !== JsonKind.Object) throw new ConversionError('an object', doc, node);
  const end = doc.end(node);
  for (let key = doc.firstMember(node); key < end; key = doc.nextMember(key, end)) {
    if (written.size > 0 || !last) {
      const name = doc.stringValue(key);
      if (written.has(name)) {
        form.checkMember(doc, key);
        continue;
      }
      if (!last) written.add(name);
    }
    form.writeMember(doc, key, out);
  }
}
