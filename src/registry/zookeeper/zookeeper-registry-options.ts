import type { Clock } from '../../time/clock.ts';
import type { FetchMetadata } from '../application-metadata.ts';
import type { RegistryEvent } from '../registry-event.ts';
import type { ZookeeperPathOptions } from './zookeeper-paths.ts';
import type { ZookeeperCredentials } from './zookeeper-session.ts';

/** Settings of a `ZookeeperRegistry`. */
export interface ZookeeperRegistryOptions extends ZookeeperPathOptions {
  /** `host:port` each, an IPv6 host in brackets; without a port it is 2181. They are tried in turn. */
  readonly servers: readonly string[];
  /** For nodes that not everybody may read (scheme `digest`); default nobody. */
  readonly credentials?: ZookeeperCredentials;
  /**
   * What is asked for, in ms; the server grants 2 to 20 of its ticks. A server that is frozen is noticed within two
   * thirds of it. Default 10,000.
   */
  readonly sessionTimeoutMs?: number;
  /** Time in ms a session may take to begin; default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Longest pause between two tries to connect in ms; default 2,000. */
  readonly maxPauseMs?: number;
  /** How long after a change a node is read, in ms, so that several changes are one; default 150. */
  readonly debounceMs?: number;
  /**
   * How long a list is kept that the registry says is empty, in ms; 0 believes it at once. Default 600,000: providers
   * may not come back by themselves to a registry that lost its data, and to keep dead ones costs little.
   */
  readonly emptyGraceMs?: number;
  /** Reads under way at a time; default 64. */
  readonly maxReadsInFlight?: number;
  /** Asks an instance that keeps its metadata itself what it serves. */
  readonly fetchMetadata: FetchMetadata;
  /** Told what happens; default nobody. */
  readonly log?: (event: RegistryEvent) => void;
  /** Default: the clock of the machine. */
  readonly clock?: Clock;
  /** Default `Math.random`. */
  readonly random?: () => number;
}
