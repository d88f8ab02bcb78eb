import { isHostName, isIpv4, isIpv6 } from '../../config/provider-address.ts';

/** Where a Nacos server listens. */
export interface NacosServer {
  /** An IPv6 address without brackets. */
  readonly host: string;
  /** Of its HTTP interface; that of gRPC follows from it. */
  readonly port: number;
}

/** A server that cannot be used. The message does not repeat it. */
export class NacosServerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NacosServerError';
  }
}

const DEFAULT_PORT = 8848;
/** Nacos listens for gRPC clients this far above its HTTP port, and it cannot be told otherwise. */
const GRPC_OFFSET = 1_000;

/**
 * Reads `host`, `host:port` or `[IPv6]:port`; the port is 8848 if it is not said.
 *
 * @throws NacosServerError
 */
export function parseNacosServer(text: string): NacosServer {
  const match = /^(\[[^\]]*\]|[^:/@\s]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw new NacosServerError('a server is written host:port');
  const host = match[1]!.replace(/^\[(.*)\]$/, '$1');
  const port = Number(match[2] ?? DEFAULT_PORT);
  if (port < 1 || port > 65_535) throw new NacosServerError('the port is a number from 1 to 65535');
  const isAddress = match[1]!.startsWith('[') ? isIpv6(host) : isIpv4(host) || isHostName(host);
  if (!isAddress) throw new NacosServerError('the host is no name, IPv4 address or [IPv6 address]');
  return { host, port };
}

/** `host:port` of its gRPC interface, an IPv6 host in brackets. */
export function grpcTarget({ host, port }: NacosServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port + GRPC_OFFSET}`;
}
