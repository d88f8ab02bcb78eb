import type { Socket } from 'node:net';
import type { GatewayError } from '../errors/gateway-error.ts';
import { plainAddress } from './trusted-proxies.ts';

/** A request between its headers and its answer, as its connection sees it. */
export interface RunningRequest {
  /** Whether its body has come in completely. */
  readonly isReceived: boolean;
  /** The connection has been lost. Called once, and not after the answer. */
  onClientGone(): void;
  /** Answers with this error at once, unless an answer is on its way; gives up what the request waits for. */
  refuse(error: GatewayError): void;
}

/** When a client connection has lived long enough; see `server.connections` of the configuration. */
export interface ConnectionLifetime {
  readonly maxRequests: number;
  readonly maxAgeMs: number;
}

/** Share of the age that is taken off at random, so that connections opened together do not end together. */
const AGE_JITTER = 0.1;

const connections = new WeakMap<Socket, ClientConnection>();

/**
 * What the gateway knows of one client connection: its age, its count of requests, and the requests that run on it.
 * Several do when the client pipelines.
 *
 * One listener on the socket tells all of them that the client has gone; listening per request would cost more and
 * miss pipelined requests, whose responses have no socket yet.
 */
export class ClientConnection {
  readonly address: string;
  /** Once set, the connection ends with the answer that says so, and what comes after on it is not looked at. */
  isClosing = false;
  /** Until then, in ms, its requests are not looked at: it was told to come again later. */
  heldUntilMs = 0;
  readonly #expiresAtMs: number;
  #requestCount = 0;
  readonly #running: RunningRequest[] = [];
  #newest: RunningRequest | undefined = undefined;

  constructor(address: string, expiresAtMs: number) {
    this.address = address;
    this.#expiresAtMs = expiresAtMs;
  }

  /** Requests without an answer, oldest first. */
  get running(): readonly RunningRequest[] {
    return this.#running;
  }

  /** Whether no newer request has come: only then may its answer end the connection, since answers keep order. */
  isNewest(request: RunningRequest): boolean {
    return this.#newest === request;
  }

  begin(request: RunningRequest, nowMs: number, maxRequests: number): void {
    this.#running.push(request);
    this.#newest = request;
    this.#requestCount += 1;
    if (this.#requestCount >= maxRequests || nowMs >= this.#expiresAtMs) this.isClosing = true;
  }

  end(request: RunningRequest): void {
    if (this.#newest === request) this.#newest = undefined;
    const index = this.#running.lastIndexOf(request);
    if (index === this.#running.length - 1) this.#running.pop();
    else if (index !== -1) this.#running.splice(index, 1);
  }

  /** Tells every running request, once. */
  lose(): void {
    this.#newest = undefined;
    for (const request of this.#running.splice(0)) request.onClientGone();
  }
}

/** The connection of a socket; made with its first request. */
export function connectionOf(
  socket: Socket,
  lifetime: ConnectionLifetime,
  nowMs: number,
  random: () => number,
): ClientConnection {
  let connection = connections.get(socket);
  if (connection === undefined) {
    const expiresAtMs = nowMs + lifetime.maxAgeMs * (1 - AGE_JITTER * random());
    const opened = new ClientConnection(plainAddress(socket.remoteAddress), expiresAtMs);
    connections.set(socket, opened);
    socket.once('close', () => opened.lose());
    connection = opened;
  }
  return connection;
}

/** The connection of a socket that has had a request; undefined before. */
export function knownConnectionOf(socket: Socket): ClientConnection | undefined {
  return connections.get(socket);
}
