import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type ProviderAddress, parseProviderAddress } from '../../../src/config/provider-address.ts';

/** A frame as the server read it. */
export interface ReceivedFrame {
  readonly flags: number;
  readonly id: bigint;
  readonly body: string;
}

type Script = (socket: Socket, frame: ReceivedFrame) => void;

/** A Dubbo frame with any header, for servers that do as they are told. */
export function dubboFrame(flags: number, status: number, id: bigint, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(16);
  header.writeUInt16BE(0xdabb);
  header[2] = flags;
  header[3] = status;
  header.writeBigInt64BE(id, 4);
  header.writeInt32BE(bytes.length, 12);
  return Buffer.concat([header, bytes]);
}

/** An answer with status 20. */
export function okAnswer(frame: ReceivedFrame, body: string | Buffer = frame.body): Buffer {
  return dubboFrame(0x02, 20, frame.id, body);
}

/** A TCP server on loopback that does with each frame what its script says. It shares no code with the client. */
export class ScriptedServer {
  readonly received: ReceivedFrame[] = [];
  readonly sockets = new Set<Socket>();
  /** Connections accepted so far. */
  accepted = 0;
  onAccept: (socket: Socket) => void = () => {};
  readonly #server: Server;

  private constructor(script: Script) {
    this.#server = createServer((socket) => {
      this.accepted++;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
      let pending = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        pending = Buffer.concat([pending, chunk]);
        let at = 0;
        while (pending.length - at >= 16) {
          const end = at + 16 + pending.readInt32BE(at + 12);
          if (pending.length < end) break;
          const frame = {
            flags: pending[at + 2]!,
            id: pending.readBigInt64BE(at + 4),
            body: pending.toString('latin1', at + 16, end),
          };
          at = end;
          this.received.push(frame);
          script(socket, frame);
        }
        pending = pending.subarray(at);
      });
      this.onAccept(socket);
    });
  }

  static async listen(script: Script, port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    server.#server.listen(port, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): ProviderAddress {
    return parseProviderAddress(`dubbo://127.0.0.1:${this.port}`);
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}
