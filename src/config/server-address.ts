import { isHostName, isIpv4, isIpv6 } from './provider-address.ts';

/** Where a server of a registry listens. */
export interface ServerAddress {
  /** Host name, IPv4 or IPv6 address, the latter without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A server that cannot be used. The message does not repeat it. */
export class ServerAddressError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServerAddressError';
  }
}

/**
 * Reads `host`, `host:port` or `[IPv6]:port`.
 *
 * @param defaultPort counts where no port is said
 * @throws ServerAddressError
 */
export function parseServerAddress(text: string, defaultPort: number): ServerAddress {
  const match = /^(\[[^\]]*\]|[^:/@\s]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw new ServerAddressError('a server is written host:port');
  const host = match[1]!.replace(/^\[(.*)\]$/, '$1');
  const port = Number(match[2] ?? defaultPort);
  if (port < 1 || port > 65_535) throw new ServerAddressError('the port is a number from 1 to 65535');
  const isAddress = match[1]!.startsWith('[') ? isIpv6(host) : isIpv4(host) || isHostName(host);
  if (!isAddress) throw new ServerAddressError('the host is no name, IPv4 address or [IPv6 address]');
  return { host, port };
}

/** What is wrong with the address of a server, in words; undefined if nothing is. */
export function serverAddressProblem(text: string): string | undefined {
  try {
    parseServerAddress(text, 1);
    return undefined;
  } catch (error) {
    if (error instanceof ServerAddressError) return error.message;
    throw error;
  }
}
