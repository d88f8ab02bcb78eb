import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ScalarConverter } from './scalar-converter.ts';
import { writeJsonString } from './write-json-string.ts';

/** java.lang.String and char[]: JSON numbers and booleans become their text, because Dubbo takes no number there. */
export class StringConverter extends ScalarConverter {
  constructor() {
    super('a string', false);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.String) writeJsonString(doc, node, out);
    else if (kind === JsonKind.Number) out.stringUtf8(doc.bytes, doc.start(node), doc.stop(node));
    else if (kind === JsonKind.True || kind === JsonKind.False) out.string(kind === JsonKind.True ? 'true' : 'false');
    else return false;
    return true;
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    out.string(text);
    return true;
  }
}

/** char and Character: one UTF-16 unit. */
export class CharConverter extends ScalarConverter {
  constructor(primitive: boolean) {
    super('one character', primitive);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    return doc.kind(node) === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    if (text.length !== 1) return false;
    out.string(text);
    return true;
  }
}

/** boolean and Boolean: true, false or exactly these words. */
export class BooleanConverter extends ScalarConverter {
  constructor(primitive: boolean) {
    super('true or false', primitive);
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    const kind = doc.kind(node);
    if (kind === JsonKind.String) return this.writeText(doc.stringValue(node), out);
    if (kind !== JsonKind.True && kind !== JsonKind.False) return false;
    out.boolean(kind === JsonKind.True);
    return true;
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    if (text !== 'true' && text !== 'false') return false;
    out.boolean(text === 'true');
    return true;
  }
}

/** java.lang.Class: the provider would load the class it names, so only classes the route allows. */
export class ClassNameConverter extends ScalarConverter {
  readonly #allowed: ReadonlySet<string> | undefined;

  constructor(allowed: ReadonlySet<string> | undefined) {
    super('the name of a class that the route allows', false);
    this.#allowed = allowed;
  }

  protected override writeJson(doc: JsonDocument, node: number, out: HessianWriter): boolean {
    return doc.kind(node) === JsonKind.String && this.writeText(doc.stringValue(node), out);
  }

  protected override writeText(text: string, out: HessianWriter): boolean {
    if (this.#allowed !== undefined && !this.#allowed.has(text)) return false;
    out.string(text);
    return true;
  }
}
