/**
 * The trace id in a W3C `traceparent` header, or undefined where the header is not valid.
 * Source: W3C Trace Context, section 3.2; versions above 00 may have more fields behind.
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  if (traceparent === undefined || traceparent.length > MAX_LENGTH) return undefined;
  const match = TRACEPARENT.exec(traceparent);
  return match === null || match[1] === ALL_ZEROS ? undefined : match[1];
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;
const ALL_ZEROS = '0'.repeat(32);
const MAX_LENGTH = 256;
