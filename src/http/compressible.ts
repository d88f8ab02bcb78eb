/** Types whose text shrinks; beside them `text/*` and any type with the suffix `+json` or `+xml`. */
const COMPRESSIBLE_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/x-ndjson',
  'application/xml',
  'application/javascript',
]);

/** Headers that speak of the very bytes they come with, which compression would make untrue. */
const BYTE_HEADERS: ReadonlySet<string> = new Set([
  ...['content-encoding', 'content-range', 'content-md5', 'content-digest', 'repr-digest', 'digest'],
]);

/**
 * Whether an answer with these headers may be compressed: its type is one of text, it has no coding yet, no header of
 * it holds for the present bytes only (digests, ranges, a strong `ETag`), and `Cache-Control` does not say
 * `no-transform` (RFC 9111, section 5.2.2.6). Types that are compressed by nature, such as images, are none of text.
 *
 * @param headers names and values in turn, names in any case
 */
export function isCompressible(headers: readonly string[]): boolean {
  let isText = false;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase();
    const value = headers[index + 1]!;
    if (name === 'content-type') isText = isTextType(value);
    else if (BYTE_HEADERS.has(name)) return false;
    else if (name === 'etag' && !value.startsWith('W/')) return false;
    else if (name === 'cache-control' && value.toLowerCase().includes('no-transform')) return false;
  }
  return isText;
}

function isTextType(contentType: string): boolean {
  const semicolon = contentType.indexOf(';');
  const type = (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  return COMPRESSIBLE_TYPES.has(type) || type.endsWith('+json') || type.endsWith('+xml') || type.startsWith('text/');
}
