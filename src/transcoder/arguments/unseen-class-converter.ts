import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ClassConverter } from './class-converter.ts';
import type { AllowedClasses } from './class-key.ts';
import type { JsonValueConverter } from './json-value-converter.ts';

const ENUM_FIELDS = ['name'];

/**
 * A class that is not declared, where the provider does not see it: an object names its class, and its members follow the
 * JSON. A text can only be the name of an enum constant, and is sent as that constant. Anything else follows the JSON.
 */
export class UnseenClassConverter extends ClassConverter {
  override readonly acceptsText = true;
  readonly #className: string;
  readonly #untyped: JsonValueConverter;

  constructor(untyped: JsonValueConverter, className: string, allowed: AllowedClasses) {
    super(untyped, className, allowed);
    this.#className = className;
    this.#untyped = untyped;
  }

  override fromJson(doc: JsonDocument, node: number, out: HessianWriter): void {
    const kind = doc.kind(node);
    if (kind === JsonKind.String) this.fromText(doc.stringValue(node), out);
    else if (kind === JsonKind.Object) super.fromJson(doc, node, out);
    else this.#untyped.fromJson(doc, node, out);
  }

  override fromText(text: string, out: HessianWriter): void {
    out.objectStart(this.#className, ENUM_FIELDS);
    out.string(text);
  }
}
