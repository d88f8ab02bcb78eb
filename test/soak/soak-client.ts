import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A busy machine is slow, not wrong. */
const LIMIT_MS = 60_000;

/** Sends requests of all kinds and counts what became of them. */
export class SoakClient {
  readonly #port: number;
  /** Number of requests by what came of them: a status, a status with code, `reset`, `abandoned` or `cut off`. */
  readonly outcomes = new Map<string, number>();
  /** Requests whose one answer is waited for, and the answers that came. */
  requests = 0;
  answers = 0;
  #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a request and waits for its answer. Never rejects: no answer is counted as `no answer`. Returns what came. */
  async send(path: string, body?: string): Promise<string> {
    this.requests++;
    let outcome: string;
    try {
      outcome = await this.#answer(path, body);
      this.answers++;
    } catch (error) {
      outcome = `no answer (${error instanceof Error ? error.message : String(error)})`;
    }
    this.#count(outcome);
    return outcome;
  }

  /** Sends bytes, which need not be HTTP, and leaves after a while without having waited for anything. */
  async abandon(bytes: string, rest: () => Promise<void>): Promise<void> {
    const socket = await this.#open();
    socket.resume();
    socket.write(bytes);
    await rest();
    socket.destroy();
    this.#count('abandoned');
  }

  /**
   * Asks for a large answer and reads nothing of it for a while; then reads it all, or is cut off meanwhile.
   *
   * @param isPatient whether it waits until it is cut off
   */
  async readSlowly(path: string, rest: () => Promise<void>, isPatient: boolean): Promise<void> {
    const socket = await this.#open();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n`);
    await rest();
    if (!isPatient) socket.resume();
    // A socket that is not read does not hear of its end.
    else setTimeout(() => socket.resume(), 4_000).unref();
    const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
    await closed;
    clearTimeout(limit);
    this.#count(isPatient ? 'read late' : 'read slowly');
  }

  /** Lets go of all connections that are kept alive. */
  hangUp(): void {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 256 });
  }

  #answer(path: string, body: string | undefined): Promise<string> {
    const sent = request({
      host: '127.0.0.1',
      port: this.#port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers:
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent: this.#agent,
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    sent.end(body);
    return new Promise((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (response) => resolve(outcomeOf(response)));
    });
  }

  async #open(): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise<void>((resolve) => {
      socket.once('connect', resolve);
      socket.once('close', () => resolve());
    });
    return socket;
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}

async function outcomeOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (response.statusCode! < 400) return String(response.statusCode);
  const problem = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { code: string };
  return `${response.statusCode} ${problem.code}`;
}
