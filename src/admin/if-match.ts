import { GatewayError } from '../errors/gateway-error.ts';

/** What a request wants to replace: what has one of these entity tags, or `*`, whatever is there. */
export type IfMatch = '*' | readonly string[];

/** One entity tag of the header (RFC 9110, section 8.8.3), and the comma behind it. */
const TAG = /\s*(?<weak>W\/)?"(?<tag>[\x21\x23-\x7e]*)"\s*(?:,|$)/y;

/**
 * Reads the header `If-Match` (RFC 9110, section 13.1.1). Weak tags are left out: they never match there.
 *
 * @throws GatewayError PRECONDITION_REQUIRED where it is missing, REQUEST_INVALID where it is neither `*` nor entity tags
 */
export function parseIfMatch(header: string | undefined): IfMatch {
  if (header === undefined) {
    const detail = 'A change needs the header If-Match with the ETag that GET of this path answers, or * for any.';
    throw new GatewayError('PRECONDITION_REQUIRED', detail);
  }
  if (header.trim() === '*') return '*';
  const tags: string[] = [];
  TAG.lastIndex = 0;
  do {
    const found = TAG.exec(header);
    if (found === null) throw notATag();
    if (found.groups!.weak === undefined) tags.push(found.groups!.tag!);
  } while (TAG.lastIndex < header.length);
  return tags;
}

function notATag(): GatewayError {
  const detail = 'headers.if-match: expected * or entity tags in double quotes, as the header ETag has them.';
  return new GatewayError('REQUEST_INVALID', detail, { extensions: { path: 'headers.if-match' } });
}
