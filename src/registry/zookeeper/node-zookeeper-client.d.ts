/** What is used of `node-zookeeper-client`, which comes without types. */
declare module 'node-zookeeper-client' {
  interface ClientOptions {
    /** In ms. */
    readonly sessionTimeout: number;
  }

  /** An error of the server; `code` is one of ZooKeeper's `KeeperException.Code`. */
  interface Exception extends Error {
    readonly code: number;
  }

  interface Event {
    readonly path: string | undefined;
  }

  type Watcher = (event: Event) => void;

  interface Socket {
    readonly connecting: boolean;
    readonly destroyed: boolean;
    destroy(error?: Error): void;
    once(event: 'close', listener: () => void): void;
  }

  /** The part of a client that owns its connection. It is not documented, but there is no other way to it. */
  interface ConnectionManager {
    servers: { readonly host: string; readonly port: number }[];
    socket: Socket | undefined;
    pendingBuffer: Buffer | null;
    /** Called for each try, the first and all that follow. */
    connect(): void;
    onSocketData(chunk: Buffer): void;
    onSocketError(error: NodeJS.ErrnoException): void;
  }

  interface Client {
    readonly connectionManager: ConnectionManager;
    connect(): void;
    close(): void;
    once(event: 'connected' | 'expired' | 'authenticationFailed', listener: () => void): void;
    removeAllListeners(): void;
    /** In ms, as the server granted it. */
    getSessionTimeout(): number;
    /** Makes a node and those above it. */
    mkdirp(path: string, callback: (error: Exception | null) => void): void;
    remove(path: string, callback: (error: Exception | null) => void): void;
    addAuthInfo(scheme: string, auth: Buffer): void;
    getChildren(
      path: string,
      watcher: Watcher,
      callback: (error: Exception | null, children: string[] | undefined) => void,
    ): void;
    getData(
      path: string,
      watcher: Watcher,
      callback: (error: Exception | null, data: Buffer | undefined) => void,
    ): void;
    exists(path: string, watcher: Watcher, callback: (error: Exception | null, stat: object | null) => void): void;
    exists(path: string, callback: (error: Exception | null, stat: object | null) => void): void;
  }

  function createClient(connectionString: string, options: ClientOptions): Client;
}
