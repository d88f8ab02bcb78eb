/** Where a provider listens. */
export interface ProviderAddress {
  /** Host name, IPv4 or IPv6 address, in lower case, the latter without brackets. */
  readonly host: string;
  readonly port: number;
  /** `host:port`, an IPv6 host in brackets: equal for equal addresses. */
  readonly key: string;
}

/** An address that cannot be used. The message does not repeat it. */
export class ProviderAddressError extends Error {
  readonly suggestion: string | undefined;

  constructor(message: string, suggestion?: string) {
    super(message);
    this.name = 'ProviderAddressError';
    this.suggestion = suggestion;
  }
}

const FORM = 'dubbo://host:port';

/** Dubbo's default port, shown as an example. */
const USUAL_PORT = 20880;

/** Reads `dubbo://host:port`; the host is a name, an IPv4 address or `[IPv6]`. Throws `ProviderAddressError`. */
export function parseProviderAddress(text: string): ProviderAddress {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw new ProviderAddressError(`a provider is written ${FORM}`, text === '' ? undefined : `dubbo://${text}`);
  }
  if (scheme === 'tri') {
    throw new ProviderAddressError('the Triple protocol (tri://) is not spoken; give the port of the dubbo protocol');
  }
  if (scheme !== 'dubbo')
    throw new ProviderAddressError(`a provider is written ${FORM}; other protocols are not spoken`);
  const rest = text.slice('dubbo://'.length);
  const bare = /^([\da-fA-F:]*:[\da-fA-F:]*):(\d+)$/.exec(rest);
  if (bare !== null) {
    throw new ProviderAddressError('an IPv6 address stands in brackets', `dubbo://[${bare[1]}]:${bare[2]}`);
  }
  const match = /^(\[[^\]]*\]|[^:/?#@\s[\]]*)(?::([^/?#]*))?([/?#].*)?$/s.exec(rest);
  if (match === null || /^:[^:/?#]*:/.test(rest)) {
    throw new ProviderAddressError(`expected ${FORM}`);
  }
  const [, host = '', port, tail] = match;
  if (host === '') throw new ProviderAddressError(`the host is missing, expected ${FORM}`);
  if (port === undefined || port === '') {
    throw new ProviderAddressError(`the port is missing, expected ${FORM}`, `dubbo://${host}:${USUAL_PORT}`);
  }
  if (tail !== undefined && tail !== '/') {
    const message = 'an address ends after the port; version, group and token are keys of the service';
    throw new ProviderAddressError(message, `dubbo://${host}:${port}`);
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new ProviderAddressError('the port is a number from 1 to 65535');
  }
  return providerAddress(readHost(host), Number(port));
}

/** The address of a host as `ProviderAddress` has it, and a port. */
export function providerAddress(host: string, port: number): ProviderAddress {
  return { host, port, key: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` };
}

function readHost(host: string): string {
  if (host.startsWith('[')) {
    const address = host.slice(1, -1);
    // The URL parser writes equal addresses alike.
    if (isIpv6(address)) return new URL(`http://[${address}]/`).hostname.slice(1, -1);
    throw new ProviderAddressError('what stands in brackets is no IPv6 address');
  }
  if (/^[\d.]+$/.test(host)) {
    // Providers that are to register a loopback address do so as one decimal number; the resolver takes it.
    if (isIpv4(host) || /^\d{1,10}$/.test(host)) return host;
    throw new ProviderAddressError('the host is no IPv4 address: four numbers from 0 to 255');
  }
  if (isHostName(host)) return host.toLowerCase();
  throw new ProviderAddressError('the host name has letters, digits, "-", "_" and "." only');
}

/** Whether a text is an IPv4 address in its usual form. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Whether a text is an IPv6 address, without brackets and zone. */
export function isIpv6(text: string): boolean {
  return /^[\da-fA-F:.]{2,45}$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`);
}

/** Whether the host of a provider is a name that stands for addresses. */
export function isNamedHost({ host }: ProviderAddress): boolean {
  return !host.includes(':') && !/^[\d.]+$/.test(host);
}

/** Whether a text can be a host name; underscores are let through, as container networks use them. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^[A-Za-z\d_]([\w-]{0,62})(\.[A-Za-z\d_][\w-]{0,62})*\.?$/.test(text);
}
