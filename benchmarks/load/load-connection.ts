import { connect, type Socket } from 'node:net';
import { HttpAnswerParser, type ParsedAnswer } from './http-answer-parser.ts';

/** Who sends requests over connections. */
export interface ConnectionUser {
  /** The answer to the request that was sent last, whole. The connection is free again unless it closes. */
  onAnswer(connection: LoadConnection, answer: ParsedAnswer): void;
  /** The connection is gone, for whatever reason; comes once. */
  onGone(connection: LoadConnection): void;
}

/** All connections read into the same bytes: each is done with them before the next reads. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** A keep-alive connection with one request at a time. */
export class LoadConnection {
  readonly #user: ConnectionUser;
  readonly #socket: Socket;
  readonly #parser = new HttpAnswerParser();
  /** Whether what came was no answer, so that the connection is gone. */
  isGarbled = false;
  /** What the user wants to remember of the request under way; the user's alone. */
  dueMs = 0;
  streamIndex = -1;

  constructor(port: number, user: ConnectionUser) {
    this.#user = user;
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (byteCount, bytes) => {
          this.#read(bytes.subarray(0, byteCount) as Buffer);
          return true;
        },
      },
    });
    // A reset or refused connection is an expected end; `close` follows.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => user.onGone(this));
  }

  /** Sends a request; the first one also before the connection is open. */
  send(request: Buffer): void {
    this.#socket.write(request);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    let answer: ParsedAnswer | undefined;
    try {
      answer = this.#parser.push(bytes);
    } catch {
      this.isGarbled = true;
      this.#socket.destroy();
      return;
    }
    if (answer !== undefined) this.#user.onAnswer(this, answer);
  }
}
