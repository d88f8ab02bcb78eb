import type { StrayAnswers } from './call-table.ts';

/** What happened on the connections of one channel since it was made. Numbers only grow. */
export interface ChannelCounters extends StrayAnswers {
  /** Calls given to a socket. */
  sent: number;
  /** Two-way calls answered, whatever the status. */
  answered: number;
  timedOut: number;
  /** Calls that ended with any other failure. */
  failed: number;
  /** Calls given up by the caller. */
  cancelled: number;
  /** Answers larger than `maxFrameBytes`. */
  oversized: number;
  heartbeatsSent: number;
  /** Answers of the provider to our heartbeats. */
  heartbeatsAnswered: number;
  /** Heartbeats of the provider that we answered. */
  pingsAnswered: number;
  /** Connections opened. */
  connected: number;
  /** Connections opened after the first one, without those that took the place of one that was renewed. */
  reconnects: number;
  /** Attempts that ended without a connection. */
  connectFailures: number;
  /** Connections replaced because their calls kept timing out. */
  recycled: number;
  /** Connections replaced for their age or the number of their calls. */
  renewed: number;
  /** Connections closed because there were no calls. */
  idleClosed: number;
}

/** Adds the counts of one channel to others. */
export function addChannelCounters(sum: ChannelCounters, counters: Readonly<ChannelCounters>): void {
  for (const name of Object.keys(sum) as (keyof ChannelCounters)[]) sum[name] += counters[name];
}

export function createChannelCounters(): ChannelCounters {
  return {
    sent: 0,
    answered: 0,
    timedOut: 0,
    failed: 0,
    cancelled: 0,
    late: 0,
    duplicate: 0,
    unknown: 0,
    oversized: 0,
    heartbeatsSent: 0,
    heartbeatsAnswered: 0,
    pingsAnswered: 0,
    connected: 0,
    reconnects: 0,
    connectFailures: 0,
    recycled: 0,
    renewed: 0,
    idleClosed: 0,
  };
}
