import { isIpv4, isIpv6 } from '../config/provider-address.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { AccessToken } from './access-token.ts';

/** What the guard looks at of a request. */
export interface GuardedRequest {
  /** The request target as it was sent. */
  readonly target: string;
  /** Header names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  /** Address of the client. */
  readonly client: string;
}

/** Settings of an {@link AccessGuard}. */
export interface AccessGuardOptions {
  /** The configured host of the listener. */
  readonly host: string;
  /** Further names by which the port may be called. */
  readonly allowedHosts: readonly string[];
  /** Undefined where none is asked for. */
  readonly token: AccessToken | undefined;
}

/**
 * Decides whether a request may reach the admin API. Beside the token it keeps out what a web page of another site makes
 * a browser send: by DNS rebinding, where the Host header has the page's name, and by cross-origin requests, which say so
 * in Origin or Sec-Fetch-Site.
 */
export class AccessGuard {
  readonly #allowedNames: ReadonlySet<string>;
  readonly #token: AccessToken | undefined;

  constructor({ host, allowedHosts, token }: AccessGuardOptions) {
    this.#allowedNames = new Set(['localhost', ...[host, ...allowedHosts].map(normalName)]);
    this.#token = token;
  }

  /**
   * Returns for a request that may pass.
   *
   * @throws GatewayError REQUEST_TARGET, FORBIDDEN, UNAUTHENTICATED or RATE_LIMITED
   */
  check({ target, rawHeaders, client }: GuardedRequest, nowMs: number): void {
    if (!target.startsWith('/')) {
      throw new GatewayError('REQUEST_TARGET', 'The request target must be a path.', CLOSE);
    }
    const hosts = valuesOf(rawHeaders, 'host');
    if (hosts.length !== 1) {
      throw new GatewayError('REQUEST_TARGET', `The request must have one Host header, not ${hosts.length}.`, CLOSE);
    }
    const host = hosts[0]!.toLowerCase();
    this.#checkHost(host);
    checkOrigin(valuesOf(rawHeaders, 'origin'), host);
    checkFetchSite(valuesOf(rawHeaders, 'sec-fetch-site'));
    this.#token?.check(valuesOf(rawHeaders, 'authorization'), client, nowMs);
  }

  #checkHost(host: string): void {
    const name = hostName(host);
    if (name === undefined) throw new GatewayError('REQUEST_TARGET', 'The Host header is no host and port.', CLOSE);
    // An address cannot be rebound: what a browser calls by it is what the user meant.
    if (isIpv4(name) || isIpv6(name) || this.#allowedNames.has(name)) return;
    throw forbidden(
      'The Host header has a name by which this port may not be called; see `server.admin.allowedHosts`.',
    );
  }
}

const CLOSE = { headers: { connection: 'close' } };

function checkOrigin(origins: readonly string[], host: string): void {
  if (origins.every((origin) => isSameOrigin(origin.toLowerCase(), host))) return;
  throw forbidden('The Origin header shows a web page of another origin; the admin API answers none of these.');
}

/** Either scheme will do, as a proxy may add TLS. Browsers leave out the scheme's own port. */
function isSameOrigin(origin: string, host: string): boolean {
  return origin === `http://${withoutPort(host, ':80')}` || origin === `https://${withoutPort(host, ':443')}`;
}

function withoutPort(host: string, port: string): string {
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
}

function checkFetchSite(sites: readonly string[]): void {
  if (sites.every((site) => site === 'same-origin' || site === 'none')) return;
  throw forbidden('The Sec-Fetch-Site header shows a web page of another origin; the admin API answers none of these.');
}

function forbidden(detail: string): GatewayError {
  return new GatewayError('FORBIDDEN', detail);
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === name) values.push(rawHeaders[index + 1]!);
  }
  return values;
}

/** The name in `name`, `name:port`, `[address]` or `[address]:port`; undefined for anything else. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[(?<address>[\da-f:.]+)\]|(?<name>[^\s:[\]@/?#\\]+))(?::\d{1,5})?$/.exec(host);
  const { address, name } = match?.groups ?? {};
  return address ?? (name === undefined ? undefined : normalName(name));
}

/** Lower case, without the dot that stands for the root. */
function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
