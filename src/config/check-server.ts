import { isIpv4, isIpv6 } from './provider-address.ts';
import type { Reporter } from './reporter.ts';
import type { GatewayConfig } from './schema.ts';

/** Checks listeners, trusted proxies and limits that depend on each other. */
export function checkServer(server: GatewayConfig['server'], reporter: Reporter): void {
  const { http, admin, limits } = server;
  if (http.port !== 0 && http.port === admin.port && sameAddress(http.host, admin.host)) {
    const message = 'http and admin listen on the same address and port; give one of them another port';
    reporter.report(['server', 'admin', 'port'], message);
  }
  for (const [index, entry] of server.trustedProxies.entries()) {
    if (isNetwork(entry)) continue;
    const path = ['server', 'trustedProxies', index];
    reporter.report(path, `expected an IP address or a range such as 10.0.0.0/8, found ${reporter.show(path)}`);
  }
  if (limits.headersTimeoutMs > limits.requestTimeoutMs) {
    const message = `headersTimeoutMs (${limits.headersTimeoutMs}) is longer than requestTimeoutMs (${limits.requestTimeoutMs}), which covers it`;
    const path = ['server', 'limits', 'headersTimeoutMs'];
    const isSecret = reporter.isSecret(path) || reporter.isSecret(['server', 'limits', 'requestTimeoutMs']);
    reporter.report(path, isSecret ? 'headersTimeoutMs is longer than requestTimeoutMs, which covers it' : message);
  }
}

const WILDCARDS: readonly string[] = ['0.0.0.0', '::', ''];

function sameAddress(left: string, right: string): boolean {
  return left === right || WILDCARDS.includes(left) || WILDCARDS.includes(right);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
  if (bits === -1 || more.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
