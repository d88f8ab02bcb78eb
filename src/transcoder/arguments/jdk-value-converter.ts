import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import type { JdkValueForm } from './jdk-value-form.ts';
import { ScalarConverter } from './scalar-converter.ts';

/** A class of the JDK with a form of its own (`jdk-value-forms.ts`). */
export class JdkValueConverter extends ScalarConverter {
  readonly #form: JdkValueForm;

  constructor(form: JdkValueForm) {
    super(form.expected, false);
    this.#form = form;
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const { also, write } = this.#form;
    switch (doc.kind(node)) {
      case JsonKind.String:
        return write(doc.stringValue(node), out);
      case JsonKind.Number:
        return also === 'numbers' && write(doc.numberText(node), out);
      case JsonKind.True:
        return also === 'booleans' && write('true', out);
      case JsonKind.False:
        return also === 'booleans' && write('false', out);
      default:
        return false;
    }
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    return this.#form.write(text, out);
  }
}
