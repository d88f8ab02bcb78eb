import type { Socket, TcpNetConnectOpts } from 'node:net';
import type { Clock } from '../time/clock.ts';
import type { TimerWheel } from '../time/timer-wheel.ts';
import type { ConnectionLimits } from './connection-lifetime.ts';
import type { PendingCall } from './pending-call.ts';

/** Something an operator may want to see in the log. Never more than a few per connection. */
export interface RpcEvent {
  readonly type:
    | 'connected'
    | 'connect-failed'
    | 'connection-closed'
    | 'draining'
    | 'restored'
    | 'recycled'
    | 'answer-too-large'
    | 'callback-threw';
  /** `host:port`. */
  readonly provider: string;
  readonly message: string;
  /** What a callback threw. */
  readonly error?: unknown;
}

/** Opens a socket, like `net.connect`. */
export type ConnectFunction = (options: TcpNetConnectOpts) => Socket;

/** What a new configuration can change. It holds for connections that are opened from then on, but for `connections`. */
export interface ClientLimits {
  /** Time in ms a connection may take to open. */
  connectTimeoutMs: number;
  /** Silence in ms, in either direction, after which a heartbeat is sent; three unanswered ones end the connection. */
  heartbeatMs: number;
  /** Largest body of a frame in either direction, in bytes. */
  maxFrameBytes: number;
  /** How long connections live; holds for all of them at once. */
  connections: ConnectionLimits;
}

/** What all connections of a client share. */
export interface ClientContext extends ClientLimits {
  readonly recycleAfterTimeouts: number;
  /** Connections under way at a time, above which none is begun that no call waits for; 0: none ever is. */
  readonly maxEarlyDials: number;
  /** Connections under way. */
  readonly dials: Set<object>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connect: ConnectFunction;
  readonly log: (event: RpcEvent) => void;
  /** The deadlines of all pending calls. */
  readonly wheel: TimerWheel<PendingCall>;
  /** Keeps the ticks coming while there is something to time. */
  wake(): void;
}
