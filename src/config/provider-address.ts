/** Where a provider listens. */
export interface ProviderAddress {
  /** Host name or IP address, in lower case and without brackets. */
  readonly host: string;
  readonly port: number;
  /** `host:port`, an IPv6 host in brackets: equal for equal addresses. */
  readonly key: string;
}

/** Thrown for text that is not `dubbo://host:port`. The message says what is wrong and what was expected. */
export class ProviderAddressError extends Error {
  constructor(text: string, reason: string) {
    super(`${JSON.stringify(text.slice(0, 200))} is not a provider address: ${reason}`);
    this.name = 'ProviderAddressError';
  }
}

const SCHEME = 'dubbo://';

/**
 * Reads `dubbo://host:port`. The host is a name, an IPv4 address, or an IPv6 address in brackets; it is resolved only
 * when a connection is opened. Names may also hold `_`, and an IPv4 address may be one decimal number, since Dubbo
 * providers register both.
 *
 * @throws ProviderAddressError
 */
export function parseProviderAddress(text: string): ProviderAddress {
  const separator = text.indexOf('://');
  if (separator < 0) throw new ProviderAddressError(text, `expected dubbo://host:port, for example ${suggest(text)}`);
  if (text.slice(0, separator + 3).toLowerCase() !== SCHEME) {
    throw new ProviderAddressError(text, `only the protocol "dubbo" is known, got "${text.slice(0, separator)}"`);
  }
  let rest = text.slice(SCHEME.length);
  if (rest.endsWith('/')) rest = rest.slice(0, -1);
  if (/[/?#@\s]/.test(rest)) throw new ProviderAddressError(text, 'expected nothing but host and port after dubbo://');
  const colon = rest.lastIndexOf(':');
  if (colon < 0 || rest.endsWith(']')) throw new ProviderAddressError(text, 'the port is missing, expected host:port');
  const port = parsePort(text, rest.slice(colon + 1));
  const hostText = rest.slice(0, colon);
  if (hostText.startsWith('[')) {
    const host = parseIpv6(text, hostText);
    return { host, port, key: `[${host}]:${port}` };
  }
  if (hostText.includes(':')) {
    throw new ProviderAddressError(text, 'an IPv6 address stands in brackets, as in dubbo://[::1]:20880');
  }
  const host = parseHostName(text, hostText);
  return { host, port, key: `${host}:${port}` };
}

function suggest(text: string): string {
  return /^[\w.-]+:\d+$/.test(text) ? `${SCHEME}${text}` : 'dubbo://127.0.0.1:20880';
}

function parsePort(text: string, digits: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) {
    throw new ProviderAddressError(text, `the port must be a number from 1 to 65535, got "${digits.slice(0, 20)}"`);
  }
  return port;
}

function parseHostName(text: string, hostText: string): string {
  const host = hostText.toLowerCase();
  if (host === '') throw new ProviderAddressError(text, 'the host is missing, expected host:port');
  if (host.length > 253 || !/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/.test(host)) {
    throw new ProviderAddressError(text, `"${hostText.slice(0, 100)}" is not a host name`);
  }
  if (/^\d+(\.\d+)+$/.test(host) && !isIpv4(host)) {
    throw new ProviderAddressError(text, `"${host}" is not an IPv4 address`);
  }
  return host;
}

function isIpv4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => part.length <= 3 && Number(part) <= 255);
}

function parseIpv6(text: string, bracketed: string): string {
  const url = URL.canParse(`http://${bracketed}/`) ? new URL(`http://${bracketed}/`) : undefined;
  if (url === undefined || !url.hostname.startsWith('[')) {
    throw new ProviderAddressError(text, `"${bracketed.slice(0, 100)}" is not an IPv6 address in brackets`);
  }
  return url.hostname.slice(1, -1);
}
