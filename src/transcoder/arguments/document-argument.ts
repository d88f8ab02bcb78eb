import { GatewayError } from '../../errors/gateway-error.ts';
import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import { type JsonDocument, NO_NODE } from '../../json/json-document.ts';
import type { RequestView } from '../request-view.ts';
import { type AbsentRule, isNeverAbsent, writeAbsent } from './absent-rule.ts';
import { argumentError, missingArgument } from './argument-error.ts';
import type { CompiledMembers } from './compiled-argument.ts';
import { writeDocumentMembers } from './constant-argument.ts';
import type { ObjectConverter } from './object-converter.ts';
import type { DocumentSource } from './request-text.ts';
import { formatSource } from './source-text.ts';
import type { ValueConverter } from './value-converter.ts';

/** A place in the body or in the caller's claims. JSON null is a value: neither absent nor replaced by the default. */
export class DocumentArgument implements CompiledMembers {
  readonly #source: DocumentSource;
  readonly #converter: ValueConverter;
  readonly #absent: AbsentRule;

  /** @param converter an `ObjectConverter` where the argument is a part of `merge` */
  constructor(source: DocumentSource, converter: ValueConverter, absent: AbsentRule) {
    this.#source = source;
    this.#converter = converter;
    this.#absent = absent;
  }

  present(request: RequestView): boolean {
    if (isNeverAbsent(this.#absent)) return true;
    const doc = this.#document(request);
    return doc !== undefined && doc.at(this.#source.path) !== NO_NODE;
  }

  write(request: RequestView, out: HessianWriter): boolean {
    const doc = this.#document(request);
    const node = doc === undefined ? NO_NODE : doc.at(this.#source.path);
    if (node === NO_NODE) {
      if (doc === undefined) this.#refuseAnonymous();
      return writeAbsent(this.#absent, formatSource(this.#source), request, out);
    }
    try {
      this.#converter.fromJson(doc!, node, out);
    } catch (error) {
      throw argumentError(error, this.#source);
    }
    return true;
  }

  writeMembers(request: RequestView, out: HessianWriter, written: Set<string>, last: boolean): void {
    const doc = this.#document(request);
    const node = doc === undefined ? NO_NODE : doc.at(this.#source.path);
    if (node === NO_NODE) {
      if (doc === undefined) this.#refuseAnonymous();
      const { fallback, required } = this.#absent;
      if (fallback !== undefined) fallback.writeMembers(request, out, written, last);
      else if (required) throw missingArgument(formatSource(this.#source));
      return;
    }
    try {
      writeDocumentMembers(doc!, node, out, this.#converter as ObjectConverter, written, last);
    } catch (error) {
      throw argumentError(error, this.#source);
    }
  }

  #document(request: RequestView): JsonDocument | undefined {
    return this.#source.kind === 'body' ? request.body : request.claims;
  }

  /** Required claims of a caller that nothing verified are a matter of identity, not of input. */
  #refuseAnonymous(): void {
    const { fallback, required } = this.#absent;
    if (this.#source.kind === 'jwt' && required && fallback === undefined) {
      throw new GatewayError('UNAUTHENTICATED', `the route needs ${formatSource(this.#source)} of a verified caller`);
    }
  }
}
