import type * as zookeeper from 'node-zookeeper-client';
import type { ServerAddress } from '../../config/server-address.ts';
import type { NodeKind, NodeReading } from './node-mirror.ts';

/** The client library; loaded only where there is a registry to be read. */
export type ZookeeperLibrary = Pick<typeof zookeeper, 'createClient'>;

export interface ZookeeperCredentials {
  readonly user: string;
  readonly password: string;
}

/** What a session tells of itself. None of it is called after `destroy`. */
export interface ZookeeperSessionListener {
  /** @param sessionTimeoutMs as the server granted it */
  onOpened(sessionTimeoutMs: number): void;
  /** The session is over, or did not begin. Told once. */
  onLost(reason: string): void;
  /** Something about a node changed that was read. */
  onNodeEvent(path: string): void;
}

/** Of ZooKeeper's `KeeperException.Code`. */
const NO_NODE = -101;
const NO_AUTH = -102;
/** An answer larger than this ends the session: a list of 100,000 providers is smaller. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** How often a node is read again that was gone and there again in between. */
const MAX_ATTEMPTS = 3;
const CLOSED_WITHIN_MS = 500;

/**
 * One session with one server, for reading. It never connects again by itself: what the library does there leaves calls
 * hanging while a server is frozen, and sends all watches in one packet, which a server refuses when there are thousands.
 * Whoever wants to go on makes another session and reads again.
 */
export class ZookeeperSession {
  readonly #client: zookeeper.Client;
  readonly #listener: ZookeeperSessionListener;
  #isOver = false;
  #lastError: string | undefined;

  constructor(
    library: ZookeeperLibrary,
    server: ServerAddress,
    credentials: ZookeeperCredentials | undefined,
    sessionTimeoutMs: number,
    listener: ZookeeperSessionListener,
  ) {
    this.#listener = listener;
    // The library would take an IPv6 address apart; so it is told the server below.
    this.#client = library.createClient('localhost', { sessionTimeout: sessionTimeoutMs });
    if (credentials !== undefined) {
      this.#client.addAuthInfo('digest', Buffer.from(`${credentials.user}:${credentials.password}`));
    }
    this.#client.once('connected', () => {
      if (!this.#isOver) listener.onOpened(this.#client.getSessionTimeout());
    });
    this.#client.once('expired', () => this.#end('the server let the session expire'));
    this.#client.once('authenticationFailed', () => this.#end('the server refused user and password'));
    this.#connectOnce(server);
  }

  /** Reads a node and leaves a watch on it. Nothing is reported once the session is over. */
  read(kind: NodeKind, path: string, done: (reading: NodeReading) => void): void {
    this.#read(kind, path, done, 1);
  }

  /** Asks the server something that it can always answer: whether there is a node; undefined where it does not say. */
  probe(path: string, done: (isThere: boolean | undefined) => void): void {
    this.#client.exists(path, (error, stat) => {
      if (!this.#isOver) done(error ? undefined : stat !== null);
    });
  }

  /** Ends the session at this side, at once and silently; the server lets it expire. */
  destroy(): void {
    this.#isOver = true;
    this.#client.removeAllListeners();
    const { connectionManager } = this.#client;
    const destroySocket = (): void => {
      // With an error, as only then the library stops its own timer.
      connectionManager.socket?.destroy(new Error('the session was given up'));
    };
    if (connectionManager.socket !== undefined) destroySocket();
    // The library makes the socket after this turn.
    else process.nextTick(destroySocket);
  }

  /** Says goodbye, so that the server forgets the session, and waits a moment for its answer. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { socket } = this.#client.connectionManager;
    if (socket !== undefined && !socket.connecting && !socket.destroyed) {
      this.#client.close();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CLOSED_WITHIN_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    this.destroy();
  }

  /** Takes from the library what it does after a failure, and guards against what is no answer of a ZooKeeper. */
  #connectOnce(server: ServerAddress): void {
    const manager = this.#client.connectionManager;
    manager.servers = [server];
    const onSocketData = manager.onSocketData.bind(manager);
    manager.onSocketData = (chunk) => {
      try {
        onSocketData(chunk);
      } catch {
        this.#end('the server answered what no ZooKeeper answers');
        return;
      }
      if ((manager.pendingBuffer?.length ?? 0) > MAX_ANSWER_BYTES) this.#end('the server sent too large an answer');
    };
    const onSocketError = manager.onSocketError.bind(manager);
    manager.onSocketError = (error) => {
      this.#lastError = error.code;
      onSocketError(error);
    };
    this.#client.connect();
    manager.connect = () => this.#end(this.#lastError ?? 'the server closed the connection');
  }

  #read(kind: NodeKind, path: string, done: (reading: NodeReading) => void, attempt: number): void {
    const client = this.#client;
    const onError = (error: zookeeper.Exception): void => {
      if (error.code === NO_NODE) this.#awaitNode(kind, path, done, attempt);
      else done(error.code === NO_AUTH ? { outcome: 'denied' } : { outcome: 'failed' });
    };
    try {
      if (kind === 'children') {
        client.getChildren(path, this.#onEvent, (error, children) => {
          if (this.#isOver) return;
          if (error) onError(error);
          else done({ outcome: 'children', children: children ?? [] });
        });
      } else {
        client.getData(path, this.#onEvent, (error, data) => {
          if (this.#isOver) return;
          if (error) onError(error);
          else done({ outcome: 'data', data: data ?? Buffer.alloc(0) });
        });
      }
    } catch {
      // The library refuses the path.
      done({ outcome: 'failed' });
    }
  }

  /** Leaves a watch for a node that is not there. */
  #awaitNode(kind: NodeKind, path: string, done: (reading: NodeReading) => void, attempt: number): void {
    this.#client.exists(path, this.#onEvent, (error, stat) => {
      if (this.#isOver) return;
      if (error) done({ outcome: 'failed' });
      else if (stat === null) done({ outcome: 'absent' });
      else if (attempt < MAX_ATTEMPTS) this.#read(kind, path, done, attempt + 1);
      else done({ outcome: 'failed' });
    });
  }

  /** One function for all nodes: the library keeps no more than one watch of it for each. */
  readonly #onEvent = (event: { readonly path: string | undefined }): void => {
    if (!this.#isOver && event.path !== undefined) this.#listener.onNodeEvent(event.path);
  };

  #end(reason: string): void {
    if (this.#isOver) return;
    this.destroy();
    this.#listener.onLost(reason);
  }
}
