import { Composer, CST, type Document, type LineCounter, Parser } from 'yaml';

/** A YAML text as parsed. */
export interface ParsedYaml {
  readonly document: Document.Parsed;
  /** Where a second document of the text starts; undefined for the one that is allowed. */
  readonly secondDocument: number | undefined;
}

/**
 * Nesting of maps and lists that is composed. The composer calls itself for each level, and a stack that is nearly full
 * can end the process; so the depth is measured first, without recursion.
 */
const MAX_NESTING = 200;

/** Parses a YAML text with all its mistakes of syntax; the offset of the place where it nests too deep, if it does. */
export function parseYaml(text: string, lines: LineCounter): ParsedYaml | number {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeepAt(tokens);
  if (deep !== undefined) return deep;
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  const [first, second] = composer.compose(tokens, true, text.length) as Iterable<Document.Parsed>;
  return { document: first!, secondDocument: second?.range[0] };
}

function tooDeepAt(tokens: readonly CST.Token[]): number | undefined {
  const pending: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of tokens) if (token.type === 'document') push(pending, token.value, 0);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_NESTING) return token.offset;
    if (!CST.isCollection(token)) continue;
    for (const { key, value } of token.items) {
      push(pending, key, depth + 1);
      push(pending, value, depth + 1);
    }
  }
  return undefined;
}

function push(
  pending: { readonly token: CST.Token; readonly depth: number }[],
  token: CST.Token | null | undefined,
  depth: number,
): void {
  if (token !== null && token !== undefined) pending.push({ token, depth });
}
