import { ERROR_CODES } from './error-codes.ts';
import { GatewayError } from './gateway-error.ts';

/** An error as it leaves the gateway: Problem Details (RFC 9457) and what the log may know beside. */
export interface Problem {
  readonly status: number;
  /** The code as the caller sees it. */
  readonly code: string;
  readonly body: string;
  /** Further response headers, lower-case names. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** For the log only. */
  readonly log: Readonly<Record<string, unknown>> | undefined;
  /** Whether it is a fault of the gateway itself, which deserves a line of level error. */
  readonly isFault: boolean;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Members of the body that extensions cannot replace. */
const STANDARD_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'code', 'requestId']);
/** Asks for another try in a second: whatever is short now is expected back soon. */
const RETRY_LATER = { 'retry-after': '1' };
const INTERNAL_DETAIL = 'The gateway failed to handle the request; its log has the reason under the request id.';

/**
 * The one door by which errors leave. A `GatewayError` says what the caller may know; of anything else the caller
 * learns nothing but INTERNAL.
 *
 * `type` is `urn:sluice:error:CODE`: stable, comparable, and no address that would have to answer.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  if (!(error instanceof GatewayError)) return internalProblem(error, requestId);
  const body = bodyText(error, requestId);
  if (body === undefined) return internalProblem(error, requestId);
  return {
    status: error.status,
    code: error.publicCode,
    body,
    headers: error.status === 503 ? { ...RETRY_LATER, ...error.headers } : error.headers,
    log: error.code === 'INTERNAL' ? { ...error.log, detail: error.detail, cause: error.cause } : error.log,
    isFault: error.code === 'INTERNAL',
  };
}

function internalProblem(error: unknown, requestId: string): Problem {
  const { status } = ERROR_CODES.INTERNAL;
  return {
    status,
    code: 'INTERNAL',
    body: bodyText(new GatewayError('INTERNAL', INTERNAL_DETAIL), requestId)!,
    headers: undefined,
    log: { cause: error instanceof Error ? error : String(error) },
    isFault: true,
  };
}

/** Undefined when an extension cannot be said in JSON, which is a fault of the code that made it. */
function bodyText(error: GatewayError, requestId: string): string | undefined {
  const members: Record<string, unknown> = {
    type: `urn:sluice:error:${error.publicCode}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.publicCode,
    requestId,
  };
  const extensions = Object.entries(error.extensions ?? {}).filter(([name]) => !STANDARD_MEMBERS.has(name));
  try {
    const text = JSON.stringify({ ...members, ...Object.fromEntries(extensions) });
    return error.jsonExtensions === undefined ? text : withJsonMembers(text, error.jsonExtensions);
  } catch {
    return undefined;
  }
}

/** The object's text with further members whose values are JSON text already. */
function withJsonMembers(text: string, members: Readonly<Record<string, string>>): string {
  let extended = text.slice(0, -1);
  for (const [name, json] of Object.entries(members)) extended += `,${JSON.stringify(name)}:${json}`;
  return `${extended}}`;
}
