import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { JsonDocument } from '../json/json-document.ts';
import type { ConditionView } from '../routing/conditions.ts';
import { normalizeHost } from '../routing/host-pattern.ts';
import type { PathParameters } from '../routing/router.ts';
import type { Exchange, RunningCall } from '../upstream/exchange.ts';
import { cookieValue } from './cookie-header.ts';
import { headerText } from './header-text.ts';
import { QueryString } from './query-string.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** An id of the caller is kept if it can do no harm in a log, a header or an attachment. */
const SAFE_REQUEST_ID = /^[A-Za-z0-9._~-]{1,128}$/;

const NO_PARAMETERS: PathParameters = { get: () => undefined };

/** One request as conditions and argument plans read it. Everything is parsed when first asked for. */
export class RequestExchange implements Exchange, ConditionView {
  provider: string | undefined = undefined;
  pool: string | undefined = undefined;
  routeText: string | undefined = undefined;
  call: RunningCall | undefined = undefined;
  body: JsonDocument | undefined = undefined;
  claims: JsonDocument | undefined = undefined;
  readonly requestId: string;
  readonly method: string;
  /** The path as received, without the query. */
  readonly path: string;
  /** Set once the route is known. */
  pathParameters = NO_PARAMETERS;
  readonly #rawQuery: string;
  readonly #headers: IncomingHttpHeaders;
  readonly #remoteAddress: string;
  readonly #trustedProxies: TrustedProxies;
  #query: QueryString | undefined = undefined;
  #host: string | undefined = undefined;
  #clientIp: string | undefined = undefined;

  constructor(
    request: Pick<IncomingMessage, 'url' | 'method' | 'headers'>,
    remoteAddress: string,
    trustedProxies: TrustedProxies,
  ) {
    const target = request.url!;
    const question = target.indexOf('?');
    this.method = request.method!;
    this.path = question === -1 ? target : target.slice(0, question);
    this.#rawQuery = question === -1 ? '' : target.slice(question + 1);
    this.#headers = request.headers;
    this.#remoteAddress = remoteAddress;
    this.#trustedProxies = trustedProxies;
    const givenId = this.#headers['x-request-id'];
    this.requestId = typeof givenId === 'string' && SAFE_REQUEST_ID.test(givenId) ? givenId : randomUUID();
  }

  pathParameter(name: string): string | undefined {
    return this.pathParameters.get(name);
  }

  /** @throws GatewayError REQUEST_TARGET when the query cannot be decoded */
  query(name: string): string | undefined {
    return this.#rawQuery === '' ? undefined : this.#parsedQuery().first(name);
  }

  /** @throws GatewayError REQUEST_TARGET when the query cannot be decoded */
  queryAll(name: string): readonly string[] {
    return this.#parsedQuery().all(name);
  }

  /** Of headers that HTTP allows once only, such as `authorization`, the first. */
  header(name: string): string | undefined {
    // The object has a prototype, which must not be taken for headers.
    const value: unknown = this.#headers[name];
    if (typeof value === 'string') return headerText(value);
    return Array.isArray(value) ? headerText(value.join(', ')) : undefined;
  }

  cookie(name: string): string | undefined {
    const header = this.#headers.cookie;
    return header === undefined ? undefined : cookieValue(headerText(header), name);
  }

  get host(): string {
    this.#host ??= normalizeHost(this.#headers.host ?? '');
    return this.#host;
  }

  get clientIp(): string {
    this.#clientIp ??= this.#trustedProxies.clientAddress(this.#remoteAddress, this.header('x-forwarded-for'));
    return this.#clientIp;
  }

  #parsedQuery(): QueryString {
    this.#query ??= new QueryString(this.#rawQuery);
    return this.#query;
  }
}
