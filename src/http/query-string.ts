import { GatewayError } from '../errors/gateway-error.ts';

/** Parameters of one query; more are refused, so that a request cannot make the gateway hash a million names. */
const MAX_PARAMETERS = 1_000;

const NO_VALUES: readonly string[] = [];

/**
 * The parameters of a query, decoded as forms encode them (`+` is a space; WHATWG URL, section 5.1). `a` without `=`
 * has the empty value; empty parts between `&` are skipped.
 */
export class QueryString {
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  /**
   * @param raw what follows the `?`, as received
   * @throws GatewayError REQUEST_TARGET on bad percent-encoding or too many parameters
   */
  constructor(raw: string) {
    let start = 0;
    while (start < raw.length) {
      const ampersand = raw.indexOf('&', start);
      const end = ampersand === -1 ? raw.length : ampersand;
      if (end > start) this.#add(raw, start, end);
      start = end + 1;
    }
  }

  /** The first value; undefined when the parameter is absent. */
  first(name: string): string | undefined {
    const index = this.#names.indexOf(name);
    return index === -1 ? undefined : this.#values[index];
  }

  /** All values in order; empty when the parameter is absent. */
  all(name: string): readonly string[] {
    let index = this.#names.indexOf(name);
    if (index === -1) return NO_VALUES;
    const values: string[] = [];
    for (; index !== -1; index = this.#names.indexOf(name, index + 1)) values.push(this.#values[index]!);
    return values;
  }

  #add(raw: string, start: number, end: number): void {
    if (this.#names.length === MAX_PARAMETERS) {
      throw new GatewayError('REQUEST_TARGET', `The query has more than ${MAX_PARAMETERS} parameters.`);
    }
    const equals = raw.indexOf('=', start);
    const nameEnd = equals === -1 || equals > end ? end : equals;
    this.#names.push(decode(raw.slice(start, nameEnd)));
    this.#values.push(nameEnd === end ? '' : decode(raw.slice(nameEnd + 1, end)));
  }
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new GatewayError('REQUEST_TARGET', 'The query is not valid percent-encoded UTF-8.');
  }
}
