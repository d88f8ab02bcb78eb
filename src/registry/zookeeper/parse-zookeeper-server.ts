import { parseServerAddress, type ServerAddress } from '../../config/server-address.ts';

const DEFAULT_PORT = 2181;

/**
 * Reads `host`, `host:port` or `[IPv6]:port`; the port is 2181 if it is not said.
 *
 * @throws ServerAddressError
 */
export function parseZookeeperServer(text: string): ServerAddress {
  return parseServerAddress(text, DEFAULT_PORT);
}
