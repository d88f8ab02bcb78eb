import type { ConfigPath } from './diagnostic.ts';
import { type PathPattern, PathPatternError, parsePathPattern } from './path-pattern.ts';
import { isHostName, isIpv4, isIpv6 } from './provider-address.ts';
import type { Reporter } from './reporter.ts';
import type { RouteConfig } from './schema.ts';

/** HTTP methods a route may have. */
const HTTP_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A token of RFC 9110: names of headers and cookies. */
export const HTTP_TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

type Match = RouteConfig['match'];

/** Checks the conditions of one route and gives its path pattern; undefined where that cannot be read. */
export function checkMatch(match: Match, path: ConfigPath, reporter: Reporter): PathPattern | undefined {
  eachText(match.method, [...path, 'method'], (method, at) => checkMethod(method, at, reporter));
  if (match.host !== undefined) eachText(match.host, [...path, 'host'], (host, at) => checkHost(host, at, reporter));
  for (const kind of ['headers', 'cookie'] as const) {
    for (const name of Object.keys(match[kind])) {
      if (HTTP_TOKEN.test(name)) continue;
      reporter.report(
        [...path, kind, name],
        `"${name}" cannot be the name of a ${kind === 'cookie' ? kind : 'header'}`,
        {
          atKey: true,
        },
      );
    }
  }
  return checkPath(match.path, [...path, 'path'], reporter);
}

/** One text for each way in which the same requests can be matched twice: method, host, path and conditions. */
export function matchKeys(match: Match, pattern: PathPattern): string[] {
  const conditions = [lowerCaseKeys(match.headers), match.query, match.cookie].map((conditions) =>
    Object.entries(conditions).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const keys: string[] = [];
  for (const method of new Set(listOf(match.method))) {
    for (const host of new Set(listOf(match.host ?? ''))) {
      keys.push(JSON.stringify([method, host.toLowerCase(), pattern.canonical, conditions]));
    }
  }
  return keys;
}

/** A text or a list of texts as a list. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function eachText(
  value: string | readonly string[],
  path: ConfigPath,
  check: (text: string, path: ConfigPath) => void,
): void {
  if (typeof value === 'string') check(value, path);
  else for (const [index, text] of value.entries()) check(text, [...path, index]);
}

function checkMethod(method: string, path: ConfigPath, reporter: Reporter): void {
  if (HTTP_METHODS.includes(method)) return;
  const suggestion = reporter.nearest(path, method, HTTP_METHODS);
  const message = `expected an HTTP method (${HTTP_METHODS.join(', ')}), found ${reporter.show(path)}`;
  reporter.report(path, message, { suggestion });
}

function checkHost(host: string, path: ConfigPath, reporter: Reporter): void {
  const plain = host.startsWith('*.') ? host.slice(2) : host;
  const bare = plain.startsWith('[') && plain.endsWith(']') ? plain.slice(1, -1) : plain;
  if (isHostName(plain) || isIpv4(plain) || isIpv6(bare)) return;
  const message = `expected a host name without port, such as shop.example.com or *.example.com, found ${reporter.show(path)}`;
  const withoutPort = /^([\w.*-]+):\d+$/.exec(host)?.[1];
  reporter.report(path, message, { suggestion: reporter.isSecret(path) ? undefined : withoutPort });
}

function checkPath(text: string, path: ConfigPath, reporter: Reporter): PathPattern | undefined {
  try {
    return parsePathPattern(text);
  } catch (error) {
    if (!(error instanceof PathPatternError)) throw error;
    const suggestion = reporter.isSecret(path) ? undefined : error.suggestion;
    const message = reporter.isSecret(path) ? 'not a usable path' : error.message;
    reporter.report(path, `${reporter.show(path)}: ${message}`, { offset: error.offset, suggestion });
    return undefined;
  }
}

function lowerCaseKeys<Value>(map: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
}
