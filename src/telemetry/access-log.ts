import { escapeInvisible, logString } from './log-text.ts';
import { timestamp } from './timestamp.ts';

/** What the line of one request says. Absent values are left out of the line. */
export interface AccessRecord {
  /** When the answer was handed to the socket, in ms since 1970. */
  readonly wallMs: number;
  readonly requestId: string;
  /** Trace id of the W3C `traceparent`, 32 hexadecimal digits. */
  readonly traceId: string | undefined;
  /** Address of the client. */
  readonly client: string;
  readonly method: string;
  /** The path as received, without the query, which may hold secrets. */
  readonly path: string;
  /** Route and method key as `routeText` gives them; undefined where no route was found. */
  readonly route: string | undefined;
  /** The pool that the call had its slot of. */
  readonly pool: string | undefined;
  readonly provider: string | undefined;
  readonly status: number;
  /** Error code as the caller saw it; undefined for success. */
  readonly code: string | undefined;
  /** From the end of the request's headers to the answer handed to the socket. */
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** What only the log may know of an error. */
  readonly error: Readonly<Record<string, unknown>> | undefined;
}

/** Characters of a path that are written; a longer one ends with three dots. */
const MAX_PATH_LENGTH = 512;

/**
 * One request as one line of JSON, with a line feed. Written by hand since it is made for every request: it costs a
 * fraction of the same line through the logger. Values from outside are escaped; values from the configuration are
 * escaped too, numbers and digits are not.
 */
export function accessLine(record: AccessRecord): string {
  let line = `{"level":"info","time":"${timestamp(record.wallMs)}","msg":"request","requestId":${quote(record.requestId)}`;
  if (record.traceId !== undefined) line += `,"traceId":${quote(record.traceId)}`;
  line += `,"client":${quote(record.client)},"method":${quote(record.method)},"path":${quote(shorten(record.path))}`;
  if (record.route !== undefined) line += record.route;
  if (record.pool !== undefined) line += `,"pool":${quote(record.pool)}`;
  if (record.provider !== undefined) line += `,"provider":${quote(record.provider)}`;
  line += `,"status":${record.status}`;
  if (record.code !== undefined) line += `,"code":${quote(record.code)}`;
  line += `,"durationMs":${hundredthsText(record.durationMs)},"requestBytes":${record.requestBytes}`;
  line += `,"responseBytes":${record.responseBytes}`;
  if (record.error !== undefined) line += `,"error":${errorJson(record.error)}`;
  return `${line}}\n`;
}

/**
 * The part of a line that is the same for all requests of a route, or of one side of its split; made once.
 *
 * @param side name of the side; undefined where the route is not split
 */
export function routeText(id: string, methodKey: string, side?: string): string {
  const sideText = side === undefined ? '' : `,"side":${quote(side)}`;
  return `,"route":${quote(id)}${sideText},"methodKey":${quote(methodKey)}`;
}

/** A number with two decimals at most. Put together from whole numbers: the text of a fraction is dear to find. */
function hundredthsText(value: number): string {
  const hundredths = Math.round(value * 100);
  const whole = Math.floor(hundredths / 100);
  const rest = hundredths - whole * 100;
  if (rest === 0) return `${whole}`;
  if (rest % 10 === 0) return `${whole}.${rest / 10}`;
  return rest < 10 ? `${whole}.0${rest}` : `${whole}.${rest}`;
}

function shorten(path: string): string {
  return path.length <= MAX_PATH_LENGTH ? path : `${path.slice(0, MAX_PATH_LENGTH)}...`;
}

/** Most texts are plain and short; only others pay for escaping. */
function quote(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return logString(text);
  }
  return `"${text}"`;
}

function errorJson(error: Readonly<Record<string, unknown>>): string {
  try {
    return escapeInvisible(JSON.stringify(error, plainValue));
  } catch {
    return '"not printable"';
  }
}

function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return { type: value.name, message: value.message, stack: value.stack };
  return value;
}
