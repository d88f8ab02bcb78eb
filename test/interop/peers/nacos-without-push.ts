import { randomInt } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What is said of gRPC in front of HTTP/2: RFC 9113, sections 4.1 and 6.1. */
const FRAME_HEADER_BYTES = 9;
const DATA = 0;
/** A server tells changes on the stream on which it said this. */
const FIRST_MESSAGE = 'SetupAckRequest';
const GRPC_OFFSET = 1_000;
const PORT_TRIES = 50;
const LOWEST_PORT = 12_000;
const HIGHEST_PORT = 30_000;

/**
 * A Nacos that answers all it is asked and never tells a change: stands before a real one and drops what that sends of
 * its own accord. HTTP goes through as it is.
 */
export class NacosWithoutPush {
  readonly #servers: readonly Server[];
  readonly #sockets: Set<Socket>;
  readonly #port: number;

  private constructor(port: number, servers: readonly Server[], sockets: Set<Socket>) {
    this.#port = port;
    this.#servers = servers;
    this.#sockets = sockets;
  }

  /** Stands before the server whose HTTP interface is on `port` of this machine. */
  static async start(port: number): Promise<NacosWithoutPush> {
    const sockets = new Set<Socket>();
    const http = createServer((socket) => join(socket, port, sockets, passOn));
    const grpc = createServer((socket) => join(socket, port + GRPC_OFFSET, sockets, dropPushes));
    for (let i = 0; i < PORT_TRIES; i++) {
      const own = randomInt(LOWEST_PORT, HIGHEST_PORT);
      if (!(await listens(http, own))) continue;
      if (await listens(grpc, own + GRPC_OFFSET)) return new NacosWithoutPush(own, [http, grpc], sockets);
      await new Promise((resolve) => http.close(resolve));
    }
    throw new Error('there are no two free ports a thousand apart');
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

type Passing = (from: Socket, to: Socket) => void;

function join(client: Socket, port: number, sockets: Set<Socket>, answers: Passing): void {
  const server = connect(port, '127.0.0.1');
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
  passOn(client, server);
  answers(server, client);
}

const passOn: Passing = (from, to) => {
  from.pipe(to);
};

const dropPushes: Passing = (from, to) => {
  let rest = Buffer.alloc(0);
  let told: number | undefined;
  from.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= FRAME_HEADER_BYTES) {
      const end = FRAME_HEADER_BYTES + rest.readUIntBE(0, 3);
      if (rest.length < end) return;
      const frame = rest.subarray(0, end);
      rest = rest.subarray(end);
      const stream = frame.readUInt32BE(5) & 0x7fff_ffff;
      const isData = frame[3] === DATA;
      if (!isData || stream !== told) to.write(frame);
      if (isData && frame.includes(FIRST_MESSAGE)) told = stream;
    }
  });
};

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const failed = (): void => resolve(false);
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}
