import { isHostName, isIpv4, isIpv6 } from '../../config/provider-address.ts';
import { ZookeeperServerError } from './zookeeper-registry-options.ts';
import type { ZookeeperServer } from './zookeeper-session.ts';

const DEFAULT_PORT = 2181;

/**
 * Reads `host`, `host:port` or `[IPv6]:port`; the port is 2181 if it is not said.
 *
 * @throws ZookeeperServerError
 */
export function parseZookeeperServer(text: string): ZookeeperServer {
  const match = /^(\[[^\]]*\]|[^:/@\s]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) throw new ZookeeperServerError('a server is written host:port');
  const host = match[1]!.replace(/^\[(.*)\]$/, '$1');
  const port = Number(match[2] ?? DEFAULT_PORT);
  if (port < 1 || port > 65_535) throw new ZookeeperServerError('the port is a number from 1 to 65535');
  const isAddress = match[1]!.startsWith('[') ? isIpv6(host) : isIpv4(host) || isHostName(host);
  if (!isAddress) throw new ZookeeperServerError('the host is no name, IPv4 address or [IPv6 address]');
  return { host, port };
}
