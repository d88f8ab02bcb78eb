import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

/** One HTTP answer as it came over a socket. */
export interface RawAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A client that writes and reads bytes, for requests no HTTP library would send. */
export class RawConnection {
  readonly socket: Socket;
  #received = '';
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
    });
    // A connection that is cut is an expected end; `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const connection = new RawConnection(connect({ port, host: '127.0.0.1', noDelay: true }));
    await until(() => !connection.socket.connecting, 'a connection');
    return connection;
  }

  /** What came and was not taken as an answer yet. */
  get received(): string {
    return this.#received;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** The next answer; fails after a minute. */
  async answer(): Promise<RawAnswer> {
    let next: { answer: RawAnswer; length: number } | undefined;
    await until(
      () => {
        next = parseAnswer(this.#received);
        return next !== undefined;
      },
      `an answer; received: ${this.#received.slice(0, 200)}`,
    );
    this.#received = this.#received.slice(next!.length);
    return next!.answer;
  }

  /** Waits until the other side has closed; fails after a minute. */
  closed(): Promise<void> {
    return until(() => this.#isClosed, 'the end of the connection');
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Undefined while the answer is not complete. */
function parseAnswer(text: string): { answer: RawAnswer; length: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine, ...lines] = text.slice(0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine!)?.[1]);
  if (Number.isNaN(status)) throw new Error(`not an HTTP answer: ${text.slice(0, 200)}`);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const length = headEnd + 4 + (status === 100 ? 0 : Number(headers['content-length'] ?? 0));
  if (text.length < length) return undefined;
  const body = Buffer.from(text.slice(headEnd + 4, length), 'latin1').toString('utf8');
  return { answer: { status, headers, body }, length };
}
