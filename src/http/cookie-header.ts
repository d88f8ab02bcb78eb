/**
 * The value of one cookie in a `Cookie` header; the first when it comes twice. Quotes around it are taken off, and
 * percent-encoding is decoded where it is valid, as browsers' scripts commonly encode it; otherwise it stays as it is.
 * Source: RFC 6265, section 5.4.
 */
export function cookieValue(header: string, name: string): string | undefined {
  let start = 0;
  while (start < header.length) {
    const semicolon = header.indexOf(';', start);
    const end = semicolon === -1 ? header.length : semicolon;
    const equals = header.indexOf('=', start);
    if (equals !== -1 && equals < end && header.slice(start, equals).trim() === name) {
      return decode(unquote(header.slice(equals + 1, end).trim()));
    }
    start = end + 1;
  }
  return undefined;
}

function unquote(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function decode(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
