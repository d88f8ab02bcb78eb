import * as z from 'zod';
import { printable, shortenEnd } from './terminal-text.ts';

/** What went wrong with the admin API, as one sentence for people. It holds no secret and no control characters. */
export class AdminError extends Error {
  /** Whether it may go by: nothing listens, no answer in time, the server cannot serve for the moment. */
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean) {
    super(message);
    this.name = 'AdminError';
    this.isTransient = isTransient;
  }
}

/** Longest piece of the server's text in a message. */
const MAX_TEXT = 300;

/** What failed connections are called, by the code of the system's error. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed without an answer',
  EPIPE: 'the connection was closed without an answer',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up',
};

const TLS_CODE = /^(?:EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Problem Details, as far as they are shown. */
const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  nearest: z.array(z.string()).optional().catch(undefined),
});

/** No connection, or none that lasted until the answer. `address` is the URL for messages. */
export function connectionFailure(error: unknown, address: string): AdminError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_')) return new AdminError(`${address} does not speak HTTP`, false);
  if (TLS_CODE.test(code)) return new AdminError(`cannot reach ${address}: TLS failed (${code})`, false);
  const reason = REASONS[code] ?? (code === '' ? serverText(String(error)) : code);
  return new AdminError(`cannot reach ${address}: ${reason}`, true);
}

/** No whole answer in time. */
export function lateFailure(timeoutMs: number, address: string): AdminError {
  return new AdminError(`cannot reach ${address}: no answer within ${timeoutMs / 1_000} s`, true);
}

/** An answer that nobody should have to hold in memory. */
export function sizeFailure(maxBytes: number, address: string): AdminError {
  return new AdminError(`the answer of ${address} is larger than ${maxBytes} bytes`, false);
}

/** An answer that is no success. */
export function statusFailure(status: number, body: string, address: string, sentToken: boolean): AdminError {
  const problem = problemOf(body);
  const isTransient = status >= 500 || status === 429;
  if (status === 401) {
    return new AdminError(
      sentToken ? `${address} refused the token` : `${address} asks for a token: set SLUICE_ADMIN_TOKEN`,
      false,
    );
  }
  if (problem === undefined || problem.code === 'ROUTE_NOT_FOUND') {
    return isTransient
      ? new AdminError(`${address} answered ${status}`, true)
      : notAdminPort(address, `it answered ${status}`);
  }
  const detail = serverText(problem.detail);
  if (problem.nearest !== undefined && problem.nearest.length > 0) {
    const nearest = problem.nearest.map((name) => `\n  ${printable(name)}`).join('');
    return new AdminError(`${detail.replace(/\.$/, '')}; did you mean${nearest}`, false);
  }
  if (status === 404) return new AdminError(detail, false);
  return new AdminError(`${address} answered ${status}: ${detail}`, isTransient);
}

/** An answer, but not one of the admin API. `reason` says how one can tell. */
export function notAdminPort(address: string, reason: string): AdminError {
  return new AdminError(`${address} is not the admin API of Sluice: ${reason}`, false);
}

function problemOf(body: string): z.output<typeof problemSchema> | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function serverText(text: string): string {
  return shortenEnd(printable(text.slice(0, 4 * MAX_TEXT)), MAX_TEXT);
}
