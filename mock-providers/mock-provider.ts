import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CallLog } from './call-log.ts';
import { DIALECTS, type Dialect, type DialectName } from './dialects.ts';
import { Dispatcher } from './dispatcher.ts';
import { type FaultRule, FaultScript } from './faults.ts';
import { type ConnectionOwner, ProviderConnection, type ProviderStats } from './provider-connection.ts';
import type { ReceivedCall } from './received-call.ts';
import type { ServiceDefinition } from './service.ts';
import { shopServices } from './shop/shop-services.ts';

export interface MockProviderOptions {
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on, default 127.0.0.1. */
  readonly host?: string;
  /** Which provider to imitate, default `3.3`. */
  readonly dialect?: DialectName;
  /** Services to serve, default the shop's with fresh state. */
  readonly services?: readonly ServiceDefinition[];
  readonly faults?: readonly FaultRule[];
  /** Seed of everything random in faults, default 1. */
  readonly seed?: number;
  /** Calls kept in `calls`, default 1,000; 0 keeps none. */
  readonly callsKept?: number;
  /** Idle time after which the provider sends a heartbeat; the default is the dialect's, 0 is never. */
  readonly pingMs?: number;
  /** Time without a byte from the client after which its connection is closed, default 180,000. */
  readonly idleCloseMs?: number;
  /** Longest request body read and answer sent; the default is the dialect's. */
  readonly payloadBytes?: number;
}

export interface ConnectionInfo {
  /** Counted from 1 in the order of their opening. */
  readonly number: number;
  readonly remotePort: number;
  readonly requests: number;
}

/** A running provider. */
export interface MockProvider {
  readonly host: string;
  readonly port: number;
  /** `dubbo://host:port` */
  readonly address: string;
  readonly dialect: DialectName;
  /** The last calls that could be decoded, oldest first. */
  readonly calls: readonly ReceivedCall[];
  /** Connections that are open now. */
  readonly connections: readonly ConnectionInfo[];
  /** A copy of the counters, and the answers that came out of the cache. */
  readonly stats: Readonly<ProviderStats & { cachedAnswers: number }>;
  clearCalls(): void;
  /** Replaces all fault rules. Throws an Error that says what is wrong with them. */
  setFaults(rules: readonly FaultRule[], seed?: number): void;
  clearFaults(): void;
  /** Sends READONLY on every connection, as often as the dialect does. */
  sendReadonly(): void;
  /** Stops reading and writing, as a stopped process does; connections stay and new ones are taken. */
  pause(): void;
  resume(): void;
  /** Ends one connection at once. */
  closeConnection(number: number): void;
  /**
   * Ends like a provider told to stop: no new connections, READONLY, then each connection is closed when its calls are
   * answered, at the latest after `waitMs` (default 1,000).
   */
  close(waitMs?: number): Promise<void>;
  /** Ends like a killed process: all sockets are cut. */
  kill(): Promise<void>;
}

const DEFAULT_CALLS_KEPT = 1000;
const DEFAULT_IDLE_CLOSE_MS = 180_000;
const DEFAULT_CLOSE_WAIT_MS = 1000;
const MAX_CONNECTIONS = 10_000;
/** Bytes a socket holds before its client counts as not reading. */
const WRITE_BUFFER_BYTES = 256 * 1024;
/** Time in ms between READONLY and the end of idle connections. */
const READONLY_GRACE_MS = 50;
const CLOSE_CHECK_MS = 10;

/**
 * Starts a provider and resolves once it listens.
 *
 * @throws Error in plain words when the port is taken or the address cannot be used
 */
export async function startMockProvider(options: MockProviderOptions = {}): Promise<MockProvider> {
  const provider = new RunningProvider(options);
  await provider.listen();
  return provider;
}

class RunningProvider implements MockProvider {
  readonly host: string;
  readonly dialect: DialectName;
  port: number;
  readonly #owner: ProviderState;
  readonly #server: Server;
  readonly #pingMs: number;
  readonly #idleCloseMs: number;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: MockProviderOptions) {
    this.host = options.host ?? '127.0.0.1';
    this.port = options.port ?? 0;
    this.dialect = options.dialect ?? '3.3';
    const imitated = DIALECTS[this.dialect];
    const dialect = { ...imitated, payloadBytes: options.payloadBytes ?? imitated.payloadBytes };
    this.#pingMs = options.pingMs ?? dialect.pingMs;
    this.#idleCloseMs = options.idleCloseMs ?? DEFAULT_IDLE_CLOSE_MS;
    const dispatcher = new Dispatcher(options.services ?? shopServices(), dialect);
    const faults = new FaultScript(options.faults ?? [], options.seed);
    this.#owner = new ProviderState(dialect, dispatcher, options.callsKept ?? DEFAULT_CALLS_KEPT, faults);
    this.#server = createServer({ highWaterMark: WRITE_BUFFER_BYTES }, (socket) => this.#owner.accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, this.host, this.port)));
      this.#server.listen(this.port, this.host, resolve);
    });
    this.port = (this.#server.address() as AddressInfo).port;
    const shortest = Math.min(this.#idleCloseMs, this.#pingMs || this.#idleCloseMs);
    this.#sweep = setInterval(() => this.#lookForIdle(), Math.max(10, Math.min(1000, shortest / 4))).unref();
  }

  get address(): string {
    return `dubbo://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  get calls(): readonly ReceivedCall[] {
    return this.#owner.callLog.last();
  }

  get connections(): readonly ConnectionInfo[] {
    return [...this.#owner.open].map(({ number, remotePort, requests }) => ({ number, remotePort, requests }));
  }

  get stats(): Readonly<ProviderStats & { cachedAnswers: number }> {
    return { ...this.#owner.stats, cachedAnswers: this.#owner.dispatcher.cacheHits };
  }

  clearCalls(): void {
    this.#owner.callLog.clear();
  }

  setFaults(rules: readonly FaultRule[], seed = 1): void {
    this.#owner.faults = new FaultScript(rules, seed);
  }

  clearFaults(): void {
    this.#owner.faults = new FaultScript([]);
  }

  sendReadonly(): void {
    for (const connection of this.#owner.open) connection.sendReadonly();
  }

  pause(): void {
    this.#owner.isPaused = true;
    for (const connection of this.#owner.open) connection.pause();
  }

  resume(): void {
    this.#owner.isPaused = false;
    for (const connection of this.#owner.open) connection.resume();
  }

  closeConnection(number: number): void {
    for (const connection of this.#owner.open) if (connection.number === number) connection.destroy();
  }

  async close(waitMs = DEFAULT_CLOSE_WAIT_MS): Promise<void> {
    const closed = this.#stopListening();
    this.resume();
    this.sendReadonly();
    const deadline = Date.now() + waitMs;
    // What callers sent before they heard of it is still on its way; Dubbo waits for seconds here.
    await delay(Math.min(waitMs, READONLY_GRACE_MS));
    while (this.#owner.open.size > 0 && Date.now() < deadline) {
      for (const connection of this.#owner.open) if (connection.inFlight === 0) connection.end();
      await delay(CLOSE_CHECK_MS);
    }
    for (const connection of this.#owner.open) connection.destroy();
    await closed;
  }

  async kill(): Promise<void> {
    const closed = this.#stopListening();
    for (const connection of this.#owner.open) connection.destroy();
    await closed;
  }

  #stopListening(): Promise<void> {
    clearInterval(this.#sweep);
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #lookForIdle(): void {
    if (this.#owner.isPaused) return;
    const nowMs = Date.now();
    for (const connection of this.#owner.open) {
      if (nowMs - connection.lastReadMs >= this.#idleCloseMs) {
        connection.destroy();
      } else if (this.#pingMs > 0 && nowMs - Math.max(connection.lastReadMs, connection.lastWriteMs) >= this.#pingMs) {
        connection.sendHeartbeat();
      }
    }
  }
}

/** What all connections of one provider share. */
class ProviderState implements ConnectionOwner {
  readonly dialect: Dialect;
  readonly dispatcher: Dispatcher;
  readonly callLog: CallLog;
  readonly open = new Set<ProviderConnection>();
  faults: FaultScript;
  isPaused = false;
  readonly stats: ProviderStats = {
    connectionsOpened: 0,
    requests: 0,
    oneWayRequests: 0,
    answers: 0,
    faults: 0,
    heartbeatsReceived: 0,
    heartbeatsSent: 0,
    malformedRequests: 0,
    badFrames: 0,
    writes: 0,
  };
  #eventId = 0n;

  constructor(dialect: Dialect, dispatcher: Dispatcher, callsKept: number, faults: FaultScript) {
    this.dialect = dialect;
    this.dispatcher = dispatcher;
    this.callLog = new CallLog(callsKept);
    this.faults = faults;
  }

  accept(socket: Socket): void {
    this.stats.connectionsOpened++;
    this.open.add(new ProviderConnection(socket, this.stats.connectionsOpened, this));
  }

  nextEventId(): bigint {
    return this.#eventId++;
  }

  connectionClosed(connection: ProviderConnection): void {
    this.open.delete(connection);
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`port ${port} on ${host} is in use by another process; port 0 takes any free one`);
    case 'EACCES':
      return new Error(`port ${port} may not be used by this user; choose one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} is no address of this machine`);
    default:
      return new Error(`cannot listen on ${host}:${port}: ${error.message}`);
  }
}
