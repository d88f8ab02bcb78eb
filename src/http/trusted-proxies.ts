import { BlockList, isIP, isIPv4 } from 'node:net';

/** Tells the client's address from those of the proxies in front. */
export interface TrustedProxies {
  /**
   * The address of the client. The connection's own address, unless that is a trusted proxy: then the first address of
   * `X-Forwarded-For`, read from the right, that is not one. Reading stops at what is not an address, since nothing
   * left of it can be believed.
   *
   * @param remoteAddress as `plainAddress` gives it
   * @param forwardedFor the joined header, undefined when absent
   */
  clientAddress(remoteAddress: string, forwardedFor: string | undefined): string;
}

/**
 * @param ranges addresses and CIDR ranges, IPv4 and IPv6, as `server.trustedProxies` has them
 * @throws TypeError naming the entry that is neither
 */
export function createTrustedProxies(ranges: readonly string[]): TrustedProxies {
  return ranges.length === 0 ? TRUSTS_NOBODY : new BlockListProxies(ranges);
}

/** The one spelling of an address: without the `::ffff:` of an IPv4 address seen through an IPv6 socket. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  if (address.startsWith('::ffff:')) {
    const mapped = address.slice(7);
    if (isIPv4(mapped)) return mapped;
  }
  return address;
}

const TRUSTS_NOBODY: TrustedProxies = { clientAddress: (remoteAddress) => remoteAddress };

class BlockListProxies implements TrustedProxies {
  readonly #trusted = new BlockList();

  constructor(ranges: readonly string[]) {
    for (const range of ranges) addRange(this.#trusted, range);
  }

  clientAddress(remoteAddress: string, forwardedFor: string | undefined): string {
    let nearest = remoteAddress;
    if (forwardedFor === undefined || !this.#isTrusted(nearest)) return nearest;
    let end = forwardedFor.length;
    while (end > 0) {
      const comma = forwardedFor.lastIndexOf(',', end - 1);
      const address = addressOf(forwardedFor.slice(comma + 1, end));
      if (address === undefined) return nearest;
      nearest = address;
      if (!this.#isTrusted(address)) return nearest;
      end = comma;
    }
    return nearest;
  }

  #isTrusted(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

function addRange(list: BlockList, range: string): void {
  const slash = range.indexOf('/');
  const address = plainAddress(slash === -1 ? range : range.slice(0, slash));
  const prefix = slash === -1 ? undefined : range.slice(slash + 1);
  const version = isIP(address);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (version !== 0 && prefix === undefined) list.addAddress(address, family);
  else if (version !== 0 && isPrefix(prefix!, version)) list.addSubnet(address, Number(prefix), family);
  else throw new TypeError(`"${range}" is not an IP address or CIDR range`);
}

function isPrefix(text: string, version: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= (version === 4 ? 32 : 128);
}

/** The address in one entry of `X-Forwarded-For`, which may carry a port. */
function addressOf(entry: string): string | undefined {
  let text = entry.trim();
  if (text.startsWith('[')) {
    const bracket = text.indexOf(']');
    if (bracket === -1) return undefined;
    text = text.slice(1, bracket);
  } else {
    const colon = text.indexOf(':');
    if (colon !== -1 && colon === text.lastIndexOf(':')) text = text.slice(0, colon);
  }
  return isIP(text) === 0 ? undefined : plainAddress(text.toLowerCase());
}
