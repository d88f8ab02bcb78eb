const MAX_CHARACTERS = 2048;

const ESCAPE = '%[\\dA-Fa-f]{2}';
const PLAIN = "A-Za-z\\d_.!~*'();:@&=+$,\\-";
const AUTHORITY = `(?:[${PLAIN}]|${ESCAPE})+`;
/** A host in brackets, with user and port around it. */
const LITERAL = `(?:(?:[${PLAIN}]|${ESCAPE})*@)?(\\[[\\dA-Fa-f:.]+\\])(?::\\d*)?`;
const PATH = `(?:[${PLAIN}/]|${ESCAPE})*`;
const REST = `(?:[${PLAIN}/?[\\]]|${ESCAPE})*`;

const ABSOLUTE = /^[A-Za-z][A-Za-z\d+.-]*:(?=[^#])/;
const HIERARCHY = new RegExp(
  `^(?://(?:${LITERAL}|${AUTHORITY})(?=[/?#]|$)|//(?=/)|(?!//))(${PATH})(?:\\?${REST})?(?:#${REST})?$`,
);

/**
 * Whether `java.net.URI` reads the text: RFC 2396 with IPv6 hosts, at most 2,048 characters, ASCII only. The provider
 * does not say what is wrong with one it cannot read, and Dubbo before 3.3 does not even look.
 */
export function isJavaUri(text: string): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  const scheme = ABSOLUTE.exec(text);
  const match = HIERARCHY.exec(scheme === null ? text : text.slice(scheme[0].length));
  if (match === null) return false;
  const [, literal, path] = match;
  if (literal !== undefined && !URL.canParse(`http://${literal}/`)) return false;
  // `1a:b` is no scheme and no relative path either.
  return scheme !== null || !/^[^/]*:/.test(path!) || text.startsWith('//');
}
