/**
 * Every error Sluice can answer, in one table: the HTTP status, the gRPC status (number as in grpc/status.proto),
 * the title of the Problem Details body (RFC 9457) and one sentence for the documentation.
 *
 * Codes are a contract: they are never renamed and a retired code is never used again. A test holds this table, the
 * code that throws them and `src/README.md` together.
 */
export interface ErrorCodeEntry {
  readonly status: number;
  readonly grpcStatus: number;
  readonly title: string;
  readonly description: string;
}

const GRPC = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNKNOWN: 2,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export const ERROR_CODES = {
  ROUTE_NOT_FOUND: entry(404, GRPC.UNIMPLEMENTED, 'No such route', 'No route matches the method, path and conditions.'),
  METHOD_NOT_ALLOWED: entry(
    405,
    GRPC.UNIMPLEMENTED,
    'Method not allowed',
    'The path exists, but not with this method; `Allow` lists those that do.',
  ),
  METHOD_UNKNOWN: entry(
    404,
    GRPC.NOT_FOUND,
    'No such Dubbo method',
    'Of the admin API: there is no method with this key; `nearest` lists keys that may be meant.',
  ),
  REQUEST_INVALID: entry(
    400,
    GRPC.INVALID_ARGUMENT,
    'Invalid request',
    'The request does not fit the route: `argument` and `path` say where.',
  ),
  REQUEST_JSON: entry(400, GRPC.INVALID_ARGUMENT, 'Malformed JSON', 'The body is not valid JSON; `offset` says where.'),
  REQUEST_TOO_DEEP: entry(
    400,
    GRPC.INVALID_ARGUMENT,
    'JSON too deep',
    'The body nests objects or arrays deeper than `maxJsonDepth`.',
  ),
  REQUEST_CLASS_KEY: entry(
    400,
    GRPC.INVALID_ARGUMENT,
    'Key "class" not allowed',
    'A `class` key in the body would choose the Java class; only classes that the route allows are accepted.',
  ),
  REQUEST_TARGET: entry(
    400,
    GRPC.INVALID_ARGUMENT,
    'Invalid request target',
    'The request line or the Host header is not acceptable (absolute form, bad percent-encoding, two Host headers).',
  ),
  REQUEST_HTTP: entry(400, GRPC.INVALID_ARGUMENT, 'Malformed HTTP', 'The bytes received are not valid HTTP/1.1.'),
  REQUEST_TIMEOUT: entry(
    408,
    GRPC.DEADLINE_EXCEEDED,
    'Request timeout',
    'The request was not received completely in time.',
  ),
  REQUEST_TOO_LARGE: entry(
    413,
    GRPC.INVALID_ARGUMENT,
    'Request too large',
    'The body, or the call made of it, is larger than its limit.',
  ),
  REQUEST_URI_TOO_LONG: entry(414, GRPC.INVALID_ARGUMENT, 'URI too long', 'The request target exceeds `maxUrlBytes`.'),
  REQUEST_MEDIA_TYPE: entry(
    415,
    GRPC.INVALID_ARGUMENT,
    'Unsupported media type',
    'The route takes a JSON body in UTF-8 without content encoding.',
  ),
  REQUEST_HEADERS_TOO_LARGE: entry(
    431,
    GRPC.INVALID_ARGUMENT,
    'Request headers too large',
    'The headers exceed `maxHeaderBytes` or `maxHeaders`.',
  ),
  UNAUTHENTICATED: entry(
    401,
    GRPC.UNAUTHENTICATED,
    'Not authenticated',
    'The route needs a verified identity and the request has none; the admin API needs its token.',
  ),
  FORBIDDEN: entry(
    403,
    GRPC.PERMISSION_DENIED,
    'Forbidden',
    'Of the admin API: the Host or Origin of the request shows that a web page of another site may have made it.',
  ),
  PRECONDITION_REQUIRED: entry(
    428,
    GRPC.FAILED_PRECONDITION,
    'Precondition required',
    'Of the admin API: a change needs `If-Match` with the entity tag of what it replaces, as `GET` of the same path gives it.',
  ),
  PRECONDITION_FAILED: entry(
    412,
    GRPC.FAILED_PRECONDITION,
    'Precondition failed',
    'Of the admin API: what is to be replaced is not what `If-Match` names any more; somebody else has changed it.',
  ),
  CONFIG_INVALID: entry(
    422,
    GRPC.INVALID_ARGUMENT,
    'Configuration not valid',
    'Of the admin API: the configuration has errors and nothing was changed; `diagnostics` has them with their places.',
  ),
  CONFIG_READ_ONLY: entry(
    409,
    GRPC.FAILED_PRECONDITION,
    'Configuration cannot be written',
    'Of the admin API: the configuration is no single file that the gateway may replace; nothing was changed.',
  ),
  RATE_LIMITED: entry(
    429,
    GRPC.RESOURCE_EXHAUSTED,
    'Too many requests',
    'Of the admin API: too many wrong tokens came from this address, or a configuration is being checked already; `Retry-After` says when to try again.',
  ),
  CLIENT_CLOSED: entry(
    499,
    GRPC.CANCELLED,
    'Client closed request',
    'The caller went away before the answer; seen in the log only.',
  ),
  ADMISSION_TIMEOUT: entry(
    503,
    GRPC.UNAVAILABLE,
    'Gateway busy',
    'The gateway is at its limit of requests or bytes in flight, and stayed there for `maxWaitMs`.',
  ),
  ADMISSION_QUEUE_FULL: entry(
    503,
    GRPC.UNAVAILABLE,
    'Gateway overloaded',
    'The gateway is at its limit of requests or bytes in flight, and as many wait as may.',
  ),
  BULKHEAD_FULL: entry(
    503,
    GRPC.RESOURCE_EXHAUSTED,
    'Pool full',
    'No slot was free for the call in the pool that `pool` names; the call was not sent.',
  ),
  PROVIDER_NONE: entry(
    503,
    GRPC.UNAVAILABLE,
    'No provider available',
    'No provider of the service is known or can be reached; the call was not sent.',
  ),
  PROVIDER_TIMEOUT: entry(
    504,
    GRPC.DEADLINE_EXCEEDED,
    'Provider timeout',
    'The provider did not answer within `timeoutMs`; the outcome is unknown.',
  ),
  PROVIDER_CONNECTION_LOST: entry(
    502,
    GRPC.UNAVAILABLE,
    'Connection to provider lost',
    'The connection was lost after the call was sent; the outcome is unknown.',
  ),
  PROVIDER_BUSY: entry(
    503,
    GRPC.UNAVAILABLE,
    'Provider busy',
    'The thread pool of the provider is exhausted (Dubbo status 100); the call was not run.',
  ),
  PROVIDER_EXCEPTION: entry(
    500,
    GRPC.UNKNOWN,
    'Business exception',
    'The called method threw; `exception` has its class and message. A route can map it under `errors`.',
  ),
  PROVIDER_REFUSED: entry(
    502,
    GRPC.INTERNAL,
    'Refused by provider',
    'The provider refused the call or could not encode its answer.',
  ),
  PROVIDER_PROTOCOL: entry(
    502,
    GRPC.INTERNAL,
    'Invalid answer',
    'The answer of the provider is not valid Dubbo or Hessian 2, or holds what JSON cannot say.',
  ),
  RESPONSE_TOO_LARGE: entry(
    502,
    GRPC.RESOURCE_EXHAUSTED,
    'Response too large',
    'The answer exceeds `maxFrameBytes` or, as JSON, `maxResponseBytes`.',
  ),
  GATEWAY_STOPPING: entry(
    503,
    GRPC.UNAVAILABLE,
    'Gateway stopping',
    'The gateway is draining and takes no new requests.',
  ),
  WORKERS_AWAY: entry(
    503,
    GRPC.UNAVAILABLE,
    'No worker answers',
    'Of the admin API: none of the processes that serve has answered in time; they may be starting.',
  ),
  INTERNAL: entry(
    500,
    GRPC.INTERNAL,
    'Internal error',
    'A fault of the gateway itself; the log has it under the request id.',
  ),
} as const satisfies Record<string, ErrorCodeEntry>;

/** A stable error code, the `code` member of every error body. */
export type ErrorCode = keyof typeof ERROR_CODES;

function entry(status: number, grpcStatus: number, title: string, description: string): ErrorCodeEntry {
  return { status, grpcStatus, title, description };
}
