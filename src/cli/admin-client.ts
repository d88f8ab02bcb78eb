import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AdminAddress } from './admin-address.ts';
import {
  type AdminError,
  connectionFailure,
  lateFailure,
  notAdminPort,
  sizeFailure,
  statusFailure,
} from './admin-failure.ts';

/** Limits of an {@link AdminClient}. */
export interface AdminClientOptions {
  /** Time in ms for a whole exchange, default 5,000. */
  readonly timeoutMs?: number;
  /** Bytes of an answer, default 32 MiB: several times that of 10,000 methods. */
  readonly maxAnswerBytes?: number;
}

/** A successful answer. */
export interface AdminAnswer {
  readonly json: unknown;
  /** The time in ms since 1970 UTC on the server's clock, to the second; undefined where the server did not say. */
  readonly wallMs: number | undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly wallMs: number | undefined;
}

/**
 * Talks to the admin API of a gateway, one connection a request. Whatever fails is an `AdminError`, but for an abort by
 * the caller's signal, which is its `AbortError`. No redirect is followed: the token goes nowhere else.
 */
export class AdminClient {
  readonly #address: AdminAddress;
  readonly #timeoutMs: number;
  readonly #maxAnswerBytes: number;

  constructor(address: AdminAddress, { timeoutMs = 5_000, maxAnswerBytes = 32 * 1024 ** 2 }: AdminClientOptions = {}) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  /** The gateway as it is called in messages. */
  get address(): string {
    return this.#address.url;
  }

  /** @param path below `/admin/v1/` */
  get(path: string, signal?: AbortSignal): Promise<AdminAnswer> {
    return this.#call('GET', path, undefined, signal);
  }

  /** @param path below `/admin/v1/` */
  post(path: string, body: unknown, signal?: AbortSignal): Promise<AdminAnswer> {
    return this.#call('POST', path, JSON.stringify(body), signal);
  }

  async #call(method: string, path: string, body: string | undefined, signal?: AbortSignal): Promise<AdminAnswer> {
    const { url, token } = this.#address;
    const answer = await this.#exchange(method, path, body, signal);
    if (answer.status !== 200) throw statusFailure(answer.status, answer.body, url, token !== undefined);
    try {
      return { json: JSON.parse(answer.body) as unknown, wallMs: answer.wallMs };
    } catch {
      throw notAdminPort(url, 'its answer is not JSON');
    }
  }

  #exchange(method: string, path: string, body: string | undefined, signal?: AbortSignal): Promise<RawAnswer> {
    const { url, token } = this.#address;
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/admin/v1/${path}`, { method, headers, agent: false, signal });
      const fail = (error: AdminError): void => {
        reject(error);
        sent.destroy();
      };
      const onError = (error: Error): void =>
        reject(error.name === 'AbortError' ? error : connectionFailure(error, url));
      const deadline = setTimeout(() => fail(lateFailure(this.#timeoutMs, url)), this.#timeoutMs);
      sent.on('close', () => clearTimeout(deadline));
      sent.on('error', onError);
      sent.on('response', (response) => {
        response.on('error', onError);
        this.#read(response, resolve, fail);
      });
      sent.end(body);
    });
  }

  #read(response: IncomingMessage, done: (answer: RawAnswer) => void, fail: (error: AdminError) => void): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#maxAnswerBytes) fail(sizeFailure(this.#maxAnswerBytes, this.#address.url));
      else chunks.push(chunk);
    });
    response.on('end', () => {
      const dateMs = Date.parse(response.headers.date ?? '');
      const wallMs = Number.isNaN(dateMs) ? undefined : dateMs;
      done({ status: response.statusCode!, body: Buffer.concat(chunks).toString(), wallMs });
    });
  }
}
