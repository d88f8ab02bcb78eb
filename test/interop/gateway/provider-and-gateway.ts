import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { freePort } from '../../support/free-port.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway-under-test.ts';
import type { PeerName } from '../peers/peer-names.ts';
import { type Peer, type PeerOptions, startPeer } from '../peers/start-peer.ts';
import { GO_SERVICE, GUARD_TOKEN, INTEROP_SERVICE } from '../probe/interop-service.ts';
import { type CallRoute, configWithRoutes } from './call-route.ts';
import { GO_TYPES, JAVA_TYPES } from './declared-types.ts';

/** A real provider and a gateway in front of it. */
export interface ProviderAndGateway {
  readonly peer: Peer;
  readonly gateway: GatewayUnderTest;
  stop(): Promise<void>;
}

/** What a test wants beside its routes. */
export interface StartOptions extends PeerOptions {
  readonly defaults?: GatewayConfigInput['defaults'];
  /** Further providers of the service `pair`, behind the real one. */
  readonly others?: readonly string[];
}

/** Enough for a machine that does other work; no case of these tests waits for it. */
const TIMEOUT_MS = 9_000;

/** Starts a provider, then a gateway with these routes. */
export async function startProviderAndGateway(
  name: PeerName,
  routes: readonly CallRoute[],
  { defaults, others = [], ...peerOptions }: StartOptions = {},
): Promise<ProviderAndGateway> {
  const peer = await startPeer(name, peerOptions);
  try {
    const gateway = await startGatewayUnderTest(configOf(peer, routes, others, await freePort(), defaults));
    const stop = async () => {
      await gateway.stop();
      await peer.kill();
    };
    return { peer, gateway, stop };
  } catch (error) {
    await peer.kill();
    throw error;
  }
}

/**
 * The services: as exported without version and group (`plain`, and `raw` with raw results), as version 1.0.0 of group g1
 * (`versioned`), with a token (`guarded`), with nobody behind it (`down`), and what a wrong configuration would have.
 */
function configOf(
  peer: Peer,
  routes: readonly CallRoute[],
  others: readonly string[],
  deadPort: number,
  defaults: GatewayConfigInput['defaults'],
): GatewayConfigInput {
  const isGo = peer.name === 'go';
  const plain = { interface: isGo ? GO_SERVICE : INTEROP_SERVICE, providers: [`dubbo://${peer.address}`] };
  return configWithRoutes(
    {
      server: { limits: { maxBodyBytes: '16MiB' } },
      defaults: { timeoutMs: TIMEOUT_MS, ...defaults },
      types: isGo ? GO_TYPES : JAVA_TYPES,
      services: {
        plain,
        raw: { ...plain, generic: 'raw.return' },
        versioned: { ...plain, version: '1.0.0', group: 'g1' },
        guarded: { ...plain, group: 'guarded', token: GUARD_TOKEN },
        'guarded-without-token': { ...plain, group: 'guarded' },
        'guarded-wrong-token': { ...plain, group: 'guarded', token: 'wrong' },
        'wrong-interface': { ...plain, interface: 'com.acme.interop.NopeService' },
        'wrong-group': { ...plain, group: 'nope' },
        'wrong-version': { ...plain, version: '9.9.9', group: 'g1' },
        down: { ...plain, providers: [`dubbo://127.0.0.1:${deadPort}`] },
        pair: { ...plain, providers: [...plain.providers, ...others] },
      },
    },
    routes,
  );
}
