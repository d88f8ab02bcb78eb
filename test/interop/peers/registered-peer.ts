import type { JavaPeerName } from './peer-names.ts';
import type { RegistryServerProcess } from './registry-server-process.ts';
import { type Peer, startPeer } from './start-peer.ts';

/** 127.0.0.1: Dubbo refuses to register a loopback address in its usual form. */
export const LOOPBACK = '2130706433';

/** A way to register, and the Dubbo version that does it. */
export interface Registration {
  readonly peer: JavaPeerName;
  /** Java system properties. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Starts a provider that registers at a server, with further properties. */
export function startRegistered(
  { peer, properties }: Registration,
  server: RegistryServerProcess,
  more: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  return startPeer(peer, {
    properties: { ...properties, ...more, 'dubbo.registry.address': server.url, DUBBO_IP_TO_REGISTRY: LOOPBACK },
  });
}
