import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { RequestView } from '../request-view.ts';
import type { CompiledArgument, CompiledMembers } from './compiled-argument.ts';
import type { ObjectConverter } from './object-converter.ts';

/** A field of an object of sources. */
export interface CompiledField {
  readonly name: string;
  readonly argument: CompiledArgument;
}

/** An object of sources. A field whose source is absent and not required is left out, so that Java's default stays. */
export class ObjectArgument implements CompiledMembers {
  readonly #fields: readonly CompiledField[];
  readonly #form: ObjectConverter;

  constructor(fields: readonly CompiledField[], form: ObjectConverter) {
    this.#fields = fields;
    this.#form = form;
  }

  present(): boolean {
    return true;
  }

  write(request: RequestView, out: HessianWriter): boolean {
    this.#form.writeStart(out);
    for (const field of this.#fields) writeField(field, this.#form, request, out);
    out.mapEnd();
    return true;
  }

  writeMembers(request: RequestView, out: HessianWriter, written: Set<string>): void {
    for (const field of this.#fields) {
      if (!written.has(field.name) && writeField(field, this.#form, request, out)) written.add(field.name);
    }
  }
}

/**
 * Several objects in one: of a key that is there twice the value of the later part counts. Parts are written from the
 * last to the first, and what is written already is passed over, so nothing is collected first.
 */
export class MergeArgument implements CompiledMembers {
  /** From the last to the first. */
  readonly #parts: readonly CompiledMembers[];
  readonly #form: ObjectConverter;

  constructor(parts: readonly CompiledMembers[], form: ObjectConverter) {
    this.#parts = parts.toReversed();
    this.#form = form;
  }

  present(): boolean {
    return true;
  }

  write(request: RequestView, out: HessianWriter): boolean {
    this.#form.writeStart(out);
    this.writeMembers(request, out, new Set(), true);
    out.mapEnd();
    return true;
  }

  writeMembers(request: RequestView, out: HessianWriter, written: Set<string>, last: boolean): void {
    const end = this.#parts.length - 1;
    for (let i = 0; i <= end; i++) this.#parts[i]!.writeMembers(request, out, written, last && i === end);
  }
}

function writeField(field: CompiledField, form: ObjectConverter, request: RequestView, out: HessianWriter): boolean {
  if (!field.argument.present(request)) return false;
  form.writeKey(field.name, out);
  return field.argument.write(request, out);
}
