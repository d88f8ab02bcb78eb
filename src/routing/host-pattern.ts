/** A `host` condition: one exact name, or every name below a suffix. */
export type HostPattern =
  | { readonly kind: 'exact'; readonly host: string }
  /** `*.example.com` has the suffix `example.com` and covers `a.example.com` and `a.b.example.com`. */
  | { readonly kind: 'below'; readonly suffix: string };

/** Reads a `host` of the configuration. Case and a port are ignored, as they are in requests. */
export function parseHostPattern(text: string): HostPattern {
  if (text.startsWith('*.')) return { kind: 'below', suffix: normalizeHost(text.slice(2)) };
  return { kind: 'exact', host: normalizeHost(text) };
}

/**
 * The host name of a `Host` header: lower case, without port and without the dot of a fully qualified name. An IPv6
 * address keeps its brackets.
 */
export function normalizeHost(header: string): string {
  let end = header.length;
  const colon = header.lastIndexOf(':');
  if (colon > header.lastIndexOf(']')) end = colon;
  if (end > 0 && header.charCodeAt(end - 1) === 0x2e) end -= 1;
  return header.slice(0, end).toLowerCase();
}
