import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DecoderV2, EncoderV2 } from 'hessian.js';

const GENERIC_DESCRIPTOR = 'Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;';
const WAIT_MS = 60_000;

export const USERS = 'com.acme.user.UserService';
export const TYPES = 'com.acme.types.TypesService';
export const PRICES = 'com.acme.price.PriceService';
export const ORDERS = 'com.acme.order.OrderService';

export interface RequestOptions {
  service: string;
  method: string;
  types?: string[] | null;
  args?: unknown[] | null;
  /** Attachments besides the customary ones; null leaves one out. */
  attachments?: Record<string, string | null>;
  version?: string | null;
  group?: string;
  protocolVersion?: string | null;
}

export interface ReceivedFrame {
  flags: number;
  status: number;
  id: bigint;
  body: Buffer;
}

/** Body of a `$invoke` request, written with hessian.js. */
export function genericBody(options: RequestOptions): Buffer {
  const encoder = new EncoderV2();
  const users = options.service === USERS;
  const version = options.version === undefined ? (users ? '1.0.0' : '0.0.0') : options.version;
  const group = options.group ?? (users ? 'core' : undefined);
  encoder.write(options.protocolVersion === undefined ? '2.0.2' : options.protocolVersion);
  encoder.write(options.service).write(version).write('$invoke').write(GENERIC_DESCRIPTOR);
  encoder.write(options.method);
  encoder.write(options.types === null ? null : { $class: '[string', $: options.types ?? [] });
  encoder.write(options.args === null ? null : { $class: '[object', $: options.args ?? [] });
  const attachments: Record<string, string> = { path: options.service, interface: options.service, generic: 'true' };
  if (group !== undefined) attachments.group = group;
  for (const [name, value] of Object.entries(options.attachments ?? {})) {
    if (value === null) delete attachments[name];
    else attachments[name] = value;
  }
  encoder.write(attachments);
  return encoder.get();
}

export function requestFrame(id: bigint, body: Buffer, flags = 0xc2): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt16BE(0xdabb, 0);
  header[2] = flags;
  header.writeBigInt64BE(id, 4);
  header.writeInt32BE(body.length, 12);
  return Buffer.concat([header, body]);
}

/** Everything in a body of status 20, as hessian.js reads it. */
export function decodeResult(body: Buffer): { flag: number; value: unknown; attachments: unknown; rest: Buffer } {
  const decoder = new DecoderV2(body);
  const flag = decoder.readInt();
  const value = flag === 2 || flag === 5 ? null : decoder.read();
  const attachments = flag >= 3 ? decoder.read() : undefined;
  return { flag, value, attachments, rest: body.subarray(decoder.byteBuffer.position()) };
}

/** A client that shows frames as they come. */
export class RawClient {
  readonly socket: Socket;
  readonly frames: ReceivedFrame[] = [];
  /** All bytes received. */
  bytes = Buffer.alloc(0);
  closed = false;
  #parsed = 0;
  #nextId = 1n;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.#cut();
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(options: RequestOptions, flags = 0xc2): bigint {
    const id = this.#nextId++;
    this.socket.write(requestFrame(id, genericBody(options), flags));
    return id;
  }

  /** Sends a call and waits for the frame with its id. */
  async call(options: RequestOptions): Promise<ReceivedFrame> {
    const id = this.send(options);
    await this.until(() => this.frames.some((frame) => frame.id === id && (frame.flags & 0x80) === 0));
    return this.frames.find((frame) => frame.id === id && (frame.flags & 0x80) === 0)!;
  }

  async result(options: RequestOptions): Promise<ReturnType<typeof decodeResult>> {
    const frame = await this.call(options);
    if (frame.status !== 20) throw new Error(`status ${frame.status}: ${frame.body.toString('latin1').slice(0, 300)}`);
    return decodeResult(frame.body);
  }

  /** Waits until the condition holds; fails after a minute. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!condition()) {
      const restMs = deadline - Date.now();
      if (restMs <= 0) throw new Error(`waited in vain for ${condition}; ${this.frames.length} frames so far`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(restMs, 20));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #cut(): void {
    while (this.bytes.length - this.#parsed >= 16 && this.bytes.readUInt16BE(this.#parsed) === 0xdabb) {
      const length = this.bytes.readInt32BE(this.#parsed + 12);
      const end = this.#parsed + 16 + length;
      if (length < 0 || end > this.bytes.length) return;
      this.frames.push({
        flags: this.bytes[this.#parsed + 2]!,
        status: this.bytes[this.#parsed + 3]!,
        id: this.bytes.readBigInt64BE(this.#parsed + 4),
        body: Buffer.from(this.bytes.subarray(this.#parsed + 16, end)),
      });
      this.#parsed = end;
    }
  }
}
