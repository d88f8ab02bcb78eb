import { parseServerAddress, type ServerAddress } from '../../config/server-address.ts';

const DEFAULT_PORT = 8848;
/** Nacos listens for gRPC clients this far above its HTTP port, and it cannot be told otherwise. */
const GRPC_OFFSET = 1_000;

/**
 * Reads the address of a server's HTTP interface: `host`, `host:port` or `[IPv6]:port`; the port is 8848 if it is not said.
 *
 * @throws ServerAddressError
 */
export function parseNacosServer(text: string): ServerAddress {
  return parseServerAddress(text, DEFAULT_PORT);
}

/** `host:port` of its gRPC interface, an IPv6 host in brackets. */
export function grpcTarget({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port + GRPC_OFFSET}`;
}
