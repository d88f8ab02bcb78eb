/** A URL as Dubbo writes it into a registry (`org.apache.dubbo.common.URL`). */
export interface DubboUrl {
  /** In lower case. */
  readonly protocol: string;
  /** Host without port and user, an IPv6 address in brackets; empty for none. */
  readonly host: string;
  /** 0 for none. */
  readonly port: number;
  /** What stands between host and `?`, without the first slash: the interface. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** More is no provider: a URL with a thousand methods is far shorter. */
const MAX_CHARACTERS = 128 * 1024;
const MAX_PARAMETERS = 1_000;

/**
 * Reads a URL. Its values stand as they are: Dubbo encodes the URL as a whole when it makes a node of it. Parameters
 * without a name are left out, the last of several of one name counts. Undefined for what is no such URL.
 */
export function parseDubboUrl(text: string): DubboUrl | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const question = text.indexOf('?');
  const address = question === -1 ? text : text.slice(0, question);
  const match = /^([A-Za-z][A-Za-z0-9+.-]{0,31}):\/\/([^/]*)(?:\/(.*))?$/s.exec(address);
  if (match === null) return undefined;
  const [, protocol = '', authority = '', path = ''] = match;
  const endpoint = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority);
  if (endpoint === null) return undefined;
  const port = Number(endpoint[2] ?? 0);
  if (port > 65_535) return undefined;
  const parameters = parseParameters(question === -1 ? '' : text.slice(question + 1));
  return { protocol: protocol.toLowerCase(), host: endpoint[1] ?? '', port, path, parameters };
}

/** Undoes Java's `URLEncoder`, which writes a space as `+`; undefined where it was not made by it. */
export function decodeUrlText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parseParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&', MAX_PARAMETERS)) {
    const text = part.trim();
    if (text === '') continue;
    const equals = text.indexOf('=');
    // As `URL.valueOf` has it: a name without a value is its own value.
    const name = equals === -1 ? text : text.slice(0, equals);
    if (name !== '') parameters.set(name, equals === -1 ? text : text.slice(equals + 1));
  }
  return parameters;
}
