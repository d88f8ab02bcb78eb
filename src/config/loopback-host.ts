import { isIpv4, isIpv6 } from './provider-address.ts';

/** Whether only programs of the same machine reach a host: 127.0.0.0/8, `::1` or `localhost`. */
export function isLoopbackHost(host: string): boolean {
  if (isIpv4(host)) return host.startsWith('127.');
  // The URL parser writes equal addresses alike.
  if (isIpv6(host)) return new URL(`http://[${host}]/`).hostname === '[::1]';
  return host.toLowerCase() === 'localhost';
}
