import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../telemetry/logger.ts';
import { createAdminApp, type Readiness } from './admin-app.ts';

export interface AdminServerOptions extends Readiness {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
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
const CHECK_INTERVAL_MS = 1_000;

export function createAdminServer(options: AdminServerOptions): AdminServer {
  return new NodeAdminServer(options);
}

class NodeAdminServer implements AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: Server;

  constructor(options: AdminServerOptions) {
    this.#options = options;
    const { requestTimeoutMs = 5_000 } = options;
    this.#server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: requestTimeoutMs,
        requestTimeout: requestTimeoutMs,
        keepAliveTimeout: KEEP_ALIVE_MS,
        connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
      },
      createAdminApp(options, options.logger).callback(),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
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
