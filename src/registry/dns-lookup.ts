import { lookup } from 'node:dns/promises';

/** The addresses of a host name, at least one, each once. Rejects where there is none. */
export type LookupHost = (name: string) => Promise<readonly string[]>;

/**
 * Asks the system, as `getaddrinfo` does: its hosts file, then DNS. An IPv4 address and an IPv6 address of a name are most
 * often two ways to one instance, which would count twice: where there are both, those of IPv4 are taken, which Dubbo's
 * providers register by themselves.
 */
export const lookupHost: LookupHost = async (name) => {
  const found = await lookup(name, { all: true });
  const isIpv4 = found.some(({ family }) => family === 4);
  const family = isIpv4 ? 4 : 6;
  return [...new Set(found.filter((record) => record.family === family).map(({ address }) => address))];
};
