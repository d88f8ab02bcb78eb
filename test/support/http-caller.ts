import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** A request of a test. */
export interface CallOptions {
  /** Default: POST with a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text or bytes as they are, anything else as JSON; sent with a JSON content type unless `headers` has one. */
  readonly body?: unknown;
  /** JSON text that is sent as it is, for numbers JavaScript would round. */
  readonly json?: string;
  /** Whether a connection of its own is used; default: kept-alive ones. */
  readonly fresh?: boolean;
  /** Time in ms until the whole answer, default 60,000. */
  readonly limitMs?: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Problem Details as far as tests look at them. */
export interface ProblemReply {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly title: string;
  readonly requestId: string;
  readonly argument?: string;
  readonly path?: string;
  readonly exception?: { readonly class: string; readonly message: string; readonly fields?: unknown };
}

const LIMIT_MS = 60_000;

/** Sends requests to one port and remembers every answer. */
export class HttpCaller {
  readonly port: number;
  /** Everything that was ever answered, headers included. */
  readonly answered: string[] = [];
  readonly #agent = new Agent({ keepAlive: true });

  constructor(port: number) {
    this.port = port;
  }

  /** Rejects when no answer has come within `limitMs`. */
  send(path: string, options: CallOptions = {}): Promise<Reply> {
    const body = bodyOf(options);
    const headers: Record<string, string | readonly string[]> = { ...options.headers };
    if (body !== undefined && headers['content-type'] === undefined) headers['content-type'] = 'application/json';
    const sent = request({
      host: '127.0.0.1',
      port: this.port,
      path,
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: headers as Record<string, string>,
      agent: options.fresh ? false : this.#agent,
      signal: AbortSignal.timeout(options.limitMs ?? LIMIT_MS),
    });
    sent.end(body);
    return new Promise((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (response) => {
        replyOf(response).then((reply) => {
          this.answered.push(`${response.rawHeaders.join('\n')}\n${reply.text}`);
          resolve(reply);
        }, reject);
      });
    });
  }

  /** The JSON of an answer that must be a success. */
  async json<Value>(path: string, options?: CallOptions): Promise<Value> {
    return JSON.parse(await this.text(path, options)) as Value;
  }

  /** The text of an answer that must be a success. */
  async text(path: string, options?: CallOptions): Promise<string> {
    const { status, text } = await this.send(path, options);
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text}`);
    return text;
  }

  /** The Problem Details of an answer that must be an error. */
  async problem(path: string, options?: CallOptions): Promise<ProblemReply> {
    const { status, headers, text } = await this.send(path, options);
    if (headers['content-type'] !== 'application/problem+json') {
      throw new Error(`${path} was answered with ${status} ${headers['content-type']}: ${text}`);
    }
    const problem = JSON.parse(text) as ProblemReply;
    if (problem.status !== status) throw new Error(`status ${status}, but ${problem.status} in the body`);
    return problem;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Status and code of an error, as tables of tests write them. */
export function statusAndCode({ status, code }: ProblemReply): string {
  return `${status} ${code}`;
}

function bodyOf({ body, json }: CallOptions): string | Buffer | undefined {
  if (json !== undefined) return json;
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

async function replyOf(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
}
