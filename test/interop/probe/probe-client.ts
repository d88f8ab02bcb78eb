import { connect, type Socket } from 'node:net';
import { encode, reader, typed } from './hessian-oracle.ts';

const HEADER_LENGTH = 16;
const GENERIC_DESCRIPTOR = 'Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;';

/** One generic call. */
export interface ProbeCall {
  readonly service: string;
  readonly method: string;
  /** Java type names, such as `int` and `java.util.List`. */
  readonly types: readonly string[];
  /** Values of hessian.js. */
  readonly arguments: readonly unknown[];
  /** The attachment `generic`. Default `true`. */
  readonly generic?: string;
  readonly group?: string;
  readonly version?: string;
  readonly attachments?: Readonly<Record<string, string>>;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/** What a provider answered. */
export interface ProbeAnswer {
  /** The status of the response frame; 20 is well. */
  readonly status: number;
  readonly body: Buffer;
  /** The value of a status-20 answer, as hessian.js reads it with types. */
  readonly value?: unknown;
  /** The exception of a status-20 answer. */
  readonly exception?: ProbeException;
  /** The text of any other status. */
  readonly error?: string;
}

export interface ProbeException {
  /** The class on the wire. */
  readonly wireClass: string;
  /** What the Java service threw; Java sends every exception of a generic call inside a GenericException. */
  readonly thrownClass?: string;
  readonly message: string | null;
}

/**
 * A small Dubbo client for the interop tests, made with hessian.js and nothing of the gateway: it tells what a provider
 * really takes and gives, so that the gateway's own codec is not checked against itself.
 */
export class ProbeClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<bigint, (frame: { status: number; serialization: number; body: Buffer }) => void>();
  #buffered = Buffer.alloc(0);
  #nextId = 1n;
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#failure = error;
    });
  }

  static connect(port: number): Promise<ProbeClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.off('error', reject);
        resolve(new ProbeClient(socket));
      });
      socket.once('error', reject);
    });
  }

  /**
   * Sends one generic call and waits for its answer.
   *
   * @throws Error when no answer comes in time
   */
  async call(call: ProbeCall): Promise<ProbeAnswer> {
    const attachments: Record<string, string> = {
      generic: call.generic ?? 'true',
      path: call.service,
      interface: call.service,
      ...(call.group === undefined ? {} : { group: call.group }),
      ...(call.version === undefined ? {} : { version: call.version }),
      ...call.attachments,
    };
    const body = encode([
      '2.0.2',
      call.service,
      call.version ?? '0.0.0',
      '$invoke',
      GENERIC_DESCRIPTOR,
      call.method,
      typed('[string', call.types),
      typed('[object', call.arguments),
      typed('java.util.HashMap', attachments),
    ]);
    const id = this.#nextId++;
    const answer = this.#answerOf(id, call.timeoutMs ?? 10_000, `${call.service}.${call.method}`);
    this.#socket.write(requestFrame(id, body));
    const frame = await answer;
    return frame.status === 20 ? readResult(frame.body) : readError(frame.status, frame.serialization, frame.body);
  }

  close(): void {
    this.#socket.destroy();
  }

  #answerOf(id: bigint, timeoutMs: number, what: string) {
    return new Promise<{ status: number; serialization: number; body: Buffer }>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`no answer of ${what} after ${timeoutMs} ms (${this.#failure?.message ?? 'connected'})`));
      }, timeoutMs);
      this.#waiting.set(id, (frame) => {
        clearTimeout(timer);
        resolve(frame);
      });
    });
  }

  #receive(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    while (this.#buffered.length >= HEADER_LENGTH) {
      const end = HEADER_LENGTH + this.#buffered.readUInt32BE(12);
      if (this.#buffered.length < end) return;
      const frame = this.#buffered.subarray(0, end);
      this.#buffered = this.#buffered.subarray(end);
      const flags = frame.readUInt8(2);
      const isRequest = (flags & 0x80) !== 0;
      if (isRequest) continue;
      const id = frame.readBigInt64BE(4);
      const settle = this.#waiting.get(id);
      this.#waiting.delete(id);
      settle?.({ status: frame.readUInt8(3), serialization: flags & 0x1f, body: frame.subarray(HEADER_LENGTH) });
    }
  }
}

function requestFrame(id: bigint, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt16BE(0xdabb, 0);
  header.writeUInt8(0xc2, 2);
  header.writeBigInt64BE(id, 4);
  header.writeUInt32BE(body.length, 12);
  return Buffer.concat([header, body]);
}

/** The first value of a result says what follows: 0 and 3 an exception, 1 and 4 a value, 2 and 5 null. */
function readResult(body: Buffer): ProbeAnswer {
  const next = reader(body);
  const kind = Number(next()) % 3;
  if (kind === 0) return { status: 20, body, exception: readException(body) };
  return { status: 20, body, value: kind === 2 ? null : next() };
}

/**
 * hessian.js makes a JavaScript error without the Java fields of every class whose name ends in Exception, so the names
 * are given another ending of the same length before it reads them.
 */
function readException(body: Buffer): ProbeException {
  const next = reader(Buffer.from(body.toString('latin1').replaceAll('Exception', 'Exceptiom'), 'latin1'));
  next();
  const { $class, $: fields } = next() as { $class: string; $: Record<string, unknown> };
  const text = (name: string): string | undefined => {
    const field = fields[name];
    return typeof field === 'string' ? restored(field) : undefined;
  };
  const thrownClass = text('exceptionClass');
  return {
    wireClass: restored($class),
    ...(thrownClass === undefined ? {} : { thrownClass }),
    message: text(thrownClass === undefined ? 'detailMessage' : 'exceptionMessage') ?? null,
  };
}

function restored(text: string): string {
  return text.replaceAll('Exceptiom', 'Exception');
}

/** Dubbo 3.2 writes error texts with fastjson2 (serialization 23): a length and a tag come before the text. */
function readError(status: number, serialization: number, body: Buffer): ProbeAnswer {
  const text = serialization === 2 ? String(reader(body)()) : body.subarray(5).toString('latin1');
  return { status, body, error: text };
}
