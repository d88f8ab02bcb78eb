import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { RequestView } from '../request-view.ts';
import { type AbsentRule, isNeverAbsent, writeAbsent } from './absent-rule.ts';
import { argumentError } from './argument-error.ts';
import type { CompiledArgument } from './compiled-argument.ts';
import { readText, type TextSource } from './request-text.ts';
import { formatSource } from './source-text.ts';
import type { ValueConverter } from './value-converter.ts';

/** A path parameter, query parameter, header, cookie, `client.ip` or `request.id`. */
export class TextArgument implements CompiledArgument {
  readonly #source: TextSource;
  readonly #converter: ValueConverter;
  readonly #absent: AbsentRule;

  constructor(source: TextSource, converter: ValueConverter, absent: AbsentRule) {
    this.#source = source;
    this.#converter = converter;
    this.#absent = absent;
  }

  present(request: RequestView): boolean {
    return isNeverAbsent(this.#absent) || readText(this.#source, request) !== undefined;
  }

  write(request: RequestView, out: HessianWriter): boolean {
    const text = readText(this.#source, request);
    if (text === undefined) return writeAbsent(this.#absent, formatSource(this.#source), request, out);
    try {
      this.#converter.fromText(text, out);
    } catch (error) {
      throw argumentError(error, this.#source);
    }
    return true;
  }
}

/** All values of a query parameter; none at all counts as absent. */
export class TextListArgument implements CompiledArgument {
  readonly #source: TextSource & { kind: 'query' };
  readonly #converter: ValueConverter;
  readonly #absent: AbsentRule;

  constructor(source: TextSource & { kind: 'query' }, converter: ValueConverter, absent: AbsentRule) {
    this.#source = source;
    this.#converter = converter;
    this.#absent = absent;
  }

  present(request: RequestView): boolean {
    return isNeverAbsent(this.#absent) || request.queryAll(this.#source.name).length > 0;
  }

  write(request: RequestView, out: HessianWriter): boolean {
    const texts = request.queryAll(this.#source.name);
    if (texts.length === 0) return writeAbsent(this.#absent, formatSource(this.#source), request, out);
    try {
      this.#converter.fromTextList(texts, out);
    } catch (error) {
      throw argumentError(error, this.#source);
    }
    return true;
  }
}
