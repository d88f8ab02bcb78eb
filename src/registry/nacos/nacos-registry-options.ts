import type { Clock } from '../../time/clock.ts';
import type { FetchMetadata } from '../application-metadata.ts';
import type { RegistryEvent } from '../registry-event.ts';

/** Settings of a `NacosRegistry`. */
export interface NacosRegistryOptions {
  /** `host:port` of the HTTP interface each, an IPv6 host in brackets; without a port it is 8848. Tried in turn. */
  readonly servers: readonly string[];
  /** Identifier of the namespace; default `public`. */
  readonly namespace?: string;
  /** Group of the services; default `DEFAULT_GROUP`. */
  readonly group?: string;
  /** Default nobody. */
  readonly credentials?: NacosCredentials;
  /** Path of the server's web application; default `/nacos`. */
  readonly contextPath?: string;
  /** `http` for servers before 2.0, which tell no changes; default `auto`: gRPC, and HTTP where that cannot be had. */
  readonly protocol?: 'auto' | 'http';
  /** Time in ms a session may take to begin, and a request to be answered; default 3,000. */
  readonly connectTimeoutMs?: number;
  /**
   * A server is asked whether it is alive when it has said nothing for a third of this time in ms, and given up after
   * two thirds. Default 15,000: Nacos' own clients ask after 5 s.
   */
  readonly aliveMs?: number;
  /** Longest pause between two tries to connect in ms; default 2,000. */
  readonly maxPauseMs?: number;
  /** Time in ms in which each service is asked for once although its changes are told; default 20,000. */
  readonly pollMs?: number;
  /** The same where changes are not told; default 5,000. */
  readonly quickPollMs?: number;
  /**
   * How long a list is kept that the registry says is empty, in ms; 0 believes it at once. Default 600,000: providers
   * may not come back by themselves to a registry that lost its data, and to keep dead ones costs little.
   */
  readonly emptyGraceMs?: number;
  /** Requests under way at a time; default 64, over HTTP not more than 16. */
  readonly maxRequestsInFlight?: number;
  /** Asks an instance that keeps its metadata itself what it serves. */
  readonly fetchMetadata: FetchMetadata;
  /** Told what happens; default nobody. */
  readonly log?: (event: RegistryEvent) => void;
  /** Default: the clock of the machine. */
  readonly clock?: Clock;
  /** Default `Math.random`. */
  readonly random?: () => number;
}

export interface NacosCredentials {
  readonly user: string;
  readonly password: string;
}
