/** The Dubbo versions of pom.xml, oldest first. */
export const JAVA_PEERS = ['2.6.12', '2.7.23', '3.2.16', '3.3.6'] as const;

/** Every real provider the interop tests can run against; `go` is dubbo-go. */
export const PEER_NAMES = [...JAVA_PEERS, 'go'] as const;

export type JavaPeerName = (typeof JAVA_PEERS)[number];
export type PeerName = (typeof PEER_NAMES)[number];

/** The environment variable by which run.ts tells the tests which peers to use: names with commas between them. */
export const PEERS_VARIABLE = 'INTEROP_PEERS';

/**
 * Turns the arguments of `npm run test:interop -- ...` into peers. An argument is a full name (`3.3.6`, `go`) or the
 * beginning of one (`3.3`, `2`). No argument means all peers.
 *
 * @throws Error when an argument fits no peer
 */
export function peersNamedBy(words: readonly string[]): PeerName[] {
  for (const word of words) {
    if (!PEER_NAMES.some((name) => fits(name, word))) {
      throw new Error(`no peer is called "${word}"; there are ${PEER_NAMES.join(', ')}`);
    }
  }
  return PEER_NAMES.filter((name) => words.length === 0 || words.some((word) => fits(name, word)));
}

/** The peers this test run shall use: those in `INTEROP_PEERS`, else all. */
export function selectedPeers(): PeerName[] {
  const words = (process.env[PEERS_VARIABLE] ?? '').split(',').filter((word) => word !== '');
  return peersNamedBy(words);
}

function fits(name: PeerName, word: string): boolean {
  return name === word || name.startsWith(`${word}.`);
}
