import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isLoopbackHost } from '../config/loopback-host.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { type AdminAppOptions, createAdminApp } from './admin-app.ts';
import type { AdminView } from './admin-view.ts';
import { refusalText } from './refusal-text.ts';

export interface AdminServerOptions extends AdminAppOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Time in ms a client has to send a request; default 5,000. */
  readonly requestTimeoutMs?: number;
}

/** The listener of the admin port. */
export interface AdminServer {
  /** Rejects with the system's error when the address cannot be taken. */
  start(): Promise<AddressInfo>;
  /** Undefined unless it listens. */
  readonly address: AddressInfo | undefined;
  /** Closes the listener and all connections. */
  stop(): Promise<void>;
}

/** Limits that no admin client comes near: its requests are small and few. */
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 100;
const KEEP_ALIVE_MS = 5_000;
/** A connection on which nothing moves for so long is cut; longer than any answer takes. */
const IDLE_MS = 60_000;
const CHECK_INTERVAL_MS = 1_000;

/** @throws Error for a host that others can reach, where there is no token */
export function createAdminServer(view: AdminView, options: AdminServerOptions): AdminServer {
  if (options.token === '' && !isLoopbackHost(options.host)) {
    throw new Error('admin without a token listens on loopback only: set server.admin.token or host 127.0.0.1');
  }
  return new NodeAdminServer(view, options);
}

class NodeAdminServer implements AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: Server;

  constructor(view: AdminView, options: AdminServerOptions) {
    this.#options = options;
    const { requestTimeoutMs = 5_000 } = options;
    this.#server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: requestTimeoutMs,
        requestTimeout: requestTimeoutMs,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
        // The guard refuses a request without Host, with words.
        requireHostHeader: false,
      },
      createAdminApp(view, options).callback(),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.timeout = IDLE_MS;
    // Bounded by their bytes. Node would drop further ones without a word, and with them what the guard looks at.
    this.#server.maxHeadersCount = 0;
    this.#server.on('clientError', refuse);
  }

  get address(): AddressInfo | undefined {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address : undefined;
  }

  start(): Promise<AddressInfo> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, this.#options.host, () => {
        server.removeListener('error', reject);
        server.on('error', (error) => this.#options.logger.error('admin listener failed', { err: error }));
        resolve(this.address!);
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

/** Answers what Node could not read as a request, unless an answer has begun on the connection. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable && socket.bytesWritten === 0) socket.end(refusalText(problemOf(error)));
  else socket.destroy();
}

function problemOf({ code }: NodeJS.ErrnoException): GatewayError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('REQUEST_HEADERS_TOO_LARGE', `The headers are larger than ${MAX_HEADER_BYTES} bytes.`);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('REQUEST_TIMEOUT', 'The request was not received completely in time.');
  }
  return new GatewayError('REQUEST_HTTP', 'The bytes received are no valid HTTP/1.1 request.');
}
