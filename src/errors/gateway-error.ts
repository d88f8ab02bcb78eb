import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** What an error may carry beside its code and detail. */
export interface GatewayErrorOptions {
  /** Further members of the Problem Details body, for example `argument` and `path`. They reach the caller. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Further members given as JSON text, for values whose digits JavaScript would round. They reach the caller. */
  readonly jsonExtensions?: Readonly<Record<string, string>>;
  /** What only the log may know: provider address, stack, raw message. Never reaches the caller. */
  readonly log?: Readonly<Record<string, unknown>>;
  /** Response headers, lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The HTTP status where a route maps it; default: that of the code. */
  readonly status?: number;
  /** The code shown where a route maps it (`errors:` of a route); default: `code`. */
  readonly publicCode?: string;
  readonly cause?: unknown;
}

/**
 * The one error of the gateway: travels by throw and leaves by one door (`errors/problem.ts`).
 *
 * `detail` is one plain sentence for the caller; it never holds an address, a stack or another service's name. No stack
 * is captured: thousands a second may be thrown under overload, and the code says where they come from.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly publicCode: string;
  readonly detail: string;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  readonly jsonExtensions: Readonly<Record<string, string>> | undefined;
  readonly log: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, detail: string, options: GatewayErrorOptions = {}) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'GatewayError';
    this.code = code;
    this.status = options.status ?? ERROR_CODES[code].status;
    this.publicCode = options.publicCode ?? code;
    this.detail = detail;
    this.extensions = options.extensions;
    this.jsonExtensions = options.jsonExtensions;
    this.log = options.log;
    this.headers = options.headers;
  }
}
