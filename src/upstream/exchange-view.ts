import type { JsonDocument } from '../json/json-document.ts';
import type { Exchange, RunningCall } from './exchange.ts';

/** A request as a further call of it sees it: the same to read, but what the call notes is not the request's. */
export class ExchangeView implements Exchange {
  provider: string | undefined = undefined;
  pool: string | undefined = undefined;
  routeText: string | undefined = undefined;
  call: RunningCall | undefined = undefined;
  readonly #original: Exchange;

  constructor(original: Exchange) {
    this.#original = original;
  }

  get body(): JsonDocument | undefined {
    return this.#original.body;
  }

  get claims(): JsonDocument | undefined {
    return this.#original.claims;
  }

  get clientIp(): string {
    return this.#original.clientIp;
  }

  get requestId(): string {
    return this.#original.requestId;
  }

  pathParameter(name: string): string | undefined {
    return this.#original.pathParameter(name);
  }

  query(name: string): string | undefined {
    return this.#original.query(name);
  }

  queryAll(name: string): readonly string[] {
    return this.#original.queryAll(name);
  }

  header(name: string): string | undefined {
    return this.#original.header(name);
  }

  cookie(name: string): string | undefined {
    return this.#original.cookie(name);
  }
}
