import { Agent, request as requestOverHttp } from 'node:http';
import type { ServerAddress } from '../../config/server-address.ts';

/** An answer of whichever status. */
export interface NacosHttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The server did not answer. The message holds no address. */
export class NacosHttpError extends Error {
  /** Whether the connection had been used before. */
  readonly isStale: boolean;

  constructor(message: string, isStale = false) {
    super(message);
    this.name = 'NacosHttpError';
    this.isStale = isStale;
  }
}

export interface NacosHttpRequest {
  readonly server: ServerAddress;
  readonly path: string;
  /** In the address, or for POST in the body. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'POST';
  /** Of who is logged in. */
  readonly token: string | undefined;
}

const STALE = 'ECONNRESET';
const MAX_CONNECTIONS = 16;
/** A longer answer is none: a list of 20,000 instances is shorter. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Sends requests to Nacos servers over HTTP, on connections that are kept. */
export class NacosHttp {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS, maxFreeSockets: 4 });
  readonly #timeoutMs: number;

  /** @param timeoutMs a whole answer takes no longer */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with a `NacosHttpError` where no answer comes in time. */
  async send(request: NacosHttpRequest): Promise<NacosHttpAnswer> {
    try {
      return await this.#send(request);
    } catch (error) {
      // The server ended a kept connection just when it was used again.
      if (error instanceof NacosHttpError && error.isStale) return this.#send(request);
      throw error;
    }
  }

  #send({ server, path, parameters, method, token }: NacosHttpRequest): Promise<NacosHttpAnswer> {
    const query = new URLSearchParams(parameters).toString();
    const body = method === 'POST' ? query : '';
    return new Promise((resolve, reject) => {
      const sent = requestOverHttp(
        {
          agent: this.#agent,
          host: server.host,
          port: server.port,
          method,
          path: method === 'POST' ? path : `${path}?${query}`,
          headers: {
            accept: 'application/json, text/plain',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(method === 'POST' && {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': Buffer.byteLength(body),
            }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > MAX_ANSWER_BYTES) sent.destroy(new NacosHttpError('the server sent too large an answer'));
          });
          response.once('end', () => {
            clearTimeout(timer);
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
          });
          response.once('error', fail);
        },
      );
      const timer = setTimeout(() => sent.destroy(new NacosHttpError('it does not answer in time')), this.#timeoutMs);
      timer.unref();
      function fail(error: NodeJS.ErrnoException): void {
        clearTimeout(timer);
        if (error instanceof NacosHttpError) reject(error);
        else reject(new NacosHttpError(error.code ?? 'it cannot be asked', sent.reusedSocket && error.code === STALE));
      }
      sent.once('error', fail);
      sent.end(body);
    });
  }

  /** Ends all connections; what is under way is rejected. */
  close(): void {
    this.#agent.destroy();
  }
}
