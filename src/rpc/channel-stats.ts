import type { ChannelCounters } from './channel-counters.ts';
import type { ConnectionPhase } from './connection-state.ts';

/** One connection of a channel. */
export interface ConnectionStats {
  readonly phase: ConnectionPhase;
  readonly pending: number;
  /** When it began to connect. */
  readonly startedMs: number;
}

/** How a connection ended that the gateway did not close by itself. */
export interface ChannelFailure {
  readonly message: string;
  readonly atMs: number;
}

/** What a channel looks like at one moment. Times are those of the client's clock. */
export interface ChannelStats {
  /** `host:port`. */
  readonly provider: string;
  readonly isUsable: boolean;
  /** Whether it has no users any more and only ends its last calls. */
  readonly isReleased: boolean;
  readonly pending: number;
  readonly connections: readonly ConnectionStats[];
  /** The last one; undefined where there was none. */
  readonly lastFailure: ChannelFailure | undefined;
  readonly counters: Readonly<ChannelCounters>;
}
