import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { GatewayConfig } from '../config/schema.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { markAwaitingContinue } from './body-reader.ts';
import { knownConnectionOf } from './client-connection.ts';
import { ConnectionRefuser } from './connection-refuser.ts';
import { OpenSockets } from './open-sockets.ts';

type ServerLimits = GatewayConfig['server']['limits'];

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits: ServerLimits;
  /** `callback()` of the gateway's Koa application. */
  readonly listener: RequestListener;
  readonly logger: Logger;
  /** How often in ms time limits are looked at; default 1,000. A limit ends at most that much late. */
  readonly checkIntervalMs?: number;
}

/** The gateway's listener: a `node:http` server with every limit finite, and a drain. */
export interface HttpServer {
  /** Rejects with the system's error when the address cannot be taken. */
  start(): Promise<AddressInfo>;
  /** Undefined unless it listens. */
  readonly address: AddressInfo | undefined;
  /** Takes the limits of a new configuration, but for the room for headers, which the parser has from the start on. */
  configure(limits: ServerLimits): void;
  /**
   * Stops: takes no new connections, closes idle ones, and resolves when the running requests have been answered. The
   * application must be draining by then, so that answers end their connections. After `drainTimeoutMs` what still runs
   * is answered with GATEWAY_STOPPING and cut off. A second call cuts everything off at once.
   */
  stop(drainTimeoutMs: number): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new NodeHttpServer(options);
}

/** How often in ms a drain looks for connections that have become idle. */
const IDLE_CHECK_MS = 50;
/** Time in ms that the last answers have to leave when the drain's time is over. */
const LAST_WORDS_MS = 250;
/**
 * Connections that the system holds until the event loop comes to take them. Of Node's 511 a crowd that comes at once
 * overflows, and those beyond are dropped in silence: their clients try again only after seconds. Linux allows 4,096.
 */
const LISTEN_BACKLOG = 4_096;

class NodeHttpServer implements HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #sockets = new OpenSockets();
  #maxConnections = 0;
  #stopped: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    const { limits, listener, checkIntervalMs = 1_000 } = options;
    const server = createServer({
      // The parser counts target and headers together; `request-checks.ts` tells them apart.
      maxHeaderSize: limits.maxHeaderBytes + limits.maxUrlBytes,
      connectionsCheckingInterval: checkIntervalMs,
      // Checked by the application, which answers with Problem Details.
      requireHostHeader: false,
      noDelay: true,
    });
    // Node would drop headers beyond its count in silence; the application refuses them.
    server.maxHeadersCount = 0;
    const refuser = new ConnectionRefuser(options.logger);
    server.on('request', listener);
    server.on('checkContinue', (request, response) => {
      markAwaitingContinue(request);
      listener(request, response);
    });
    server.on('connect', (_request, socket) => refuser.refuseTunnel(socket as Socket));
    server.on('clientError', (error, socket) => refuser.refuseInput(error, socket as Socket));
    server.on('connection', (socket: Socket) => {
      // Not by `server.maxConnections`: of several workers that are full, each would hand the connection to the next one,
      // round and round.
      if (this.#sockets.size >= this.#maxConnections) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
    });
    this.#server = server;
    this.configure(limits);
  }

  configure(limits: ServerLimits): void {
    const server = this.#server;
    server.headersTimeout = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
    server.requestTimeout = limits.requestTimeoutMs;
    server.keepAliveTimeout = limits.keepAliveTimeoutMs;
    this.#maxConnections = limits.maxConnections;
  }

  get address(): AddressInfo | undefined {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address : undefined;
  }

  start(): Promise<AddressInfo> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, this.#options.host, LISTEN_BACKLOG, () => {
        server.removeListener('error', reject);
        server.on('error', (error) => this.#options.logger.error('listener failed', { err: error }));
        resolve(this.address!);
      });
    });
  }

  stop(drainTimeoutMs: number): Promise<void> {
    if (this.#stopped === undefined) this.#stopped = this.#drain(drainTimeoutMs);
    else this.#server.closeAllConnections();
    return this.#stopped;
  }

  async #drain(drainTimeoutMs: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const idleCheck = setInterval(() => this.#closeIdle(), IDLE_CHECK_MS);
    const deadline = setTimeout(() => this.#refuseRunning(), drainTimeoutMs);
    await closed;
    clearInterval(idleCheck);
    clearTimeout(deadline);
  }

  #closeIdle(): void {
    this.#server.closeIdleConnections();
    // Node does not take a connection for idle on which nothing has come yet.
    for (const socket of this.#sockets.toArray()) if (socket.bytesRead === 0) socket.destroy();
  }

  #refuseRunning(): void {
    const error = new GatewayError('GATEWAY_STOPPING', 'The gateway stopped before the request was done.');
    for (const socket of this.#sockets.toArray()) {
      for (const run of [...(knownConnectionOf(socket)?.running ?? [])]) run.refuse(error);
    }
    setTimeout(() => this.#server.closeAllConnections(), LAST_WORDS_MS);
  }
}
