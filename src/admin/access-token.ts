import { createHash, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { GuessLimit } from './guess-limit.ts';

/** Wrong tokens since the last report of them. */
export interface WrongTokens {
  /** Address of the latest client. */
  readonly client: string;
  readonly attempts: number;
}

/** Least time in ms between two reports, so that a flood of guesses does not become a flood of log lines. */
const REPORT_INTERVAL_MS = 1_000;

const CHALLENGE = { headers: { 'www-authenticate': 'Bearer' } };

/**
 * The token that opens the admin API. It is compared by its hash in constant time, so that an answer says nothing of how
 * much of a guess was right, and who guesses again and again is not answered for a while.
 */
export class AccessToken {
  readonly #hash: Buffer;
  readonly #guesses = new GuessLimit();
  readonly #report: (wrong: WrongTokens) => void;
  #unreported = 0;
  #reportedMs = Number.NEGATIVE_INFINITY;

  /** @param report hears of wrong tokens, at most once a second */
  constructor(token: string, report: (wrong: WrongTokens) => void) {
    this.#hash = hashOf(token);
    this.#report = report;
  }

  /**
   * Returns where the Authorization header has the token. A request without one is no guess: a browser sends it first.
   *
   * @param authorization the values of all such headers
   * @throws GatewayError UNAUTHENTICATED; RATE_LIMITED after 20 wrong tokens of the client within a minute
   */
  check(authorization: readonly string[], client: string, nowMs: number): void {
    if (authorization.length === 0) {
      throw new GatewayError(
        'UNAUTHENTICATED',
        'The admin API needs `Authorization: Bearer` with its token.',
        CHALLENGE,
      );
    }
    const waitSeconds = this.#guesses.waitSeconds(client, nowMs);
    if (waitSeconds > 0) {
      throw new GatewayError('RATE_LIMITED', 'Too many wrong tokens came from this address.', {
        headers: { 'retry-after': String(waitSeconds) },
      });
    }
    if (authorization.length === 1 && this.#isRight(authorization[0]!)) return;
    this.#guesses.add(client, nowMs);
    this.#tell(client, nowMs);
    throw new GatewayError('UNAUTHENTICATED', 'The token of the request is not that of the admin API.', CHALLENGE);
  }

  #isRight(value: string): boolean {
    const token = /^bearer +([!-~]+) *$/i.exec(value)?.[1];
    return token !== undefined && timingSafeEqual(hashOf(token), this.#hash);
  }

  #tell(client: string, nowMs: number): void {
    this.#unreported++;
    if (nowMs - this.#reportedMs < REPORT_INTERVAL_MS) return;
    this.#report({ client, attempts: this.#unreported });
    this.#unreported = 0;
    this.#reportedMs = nowMs;
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
