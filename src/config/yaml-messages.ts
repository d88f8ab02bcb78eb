import type { YAMLError } from 'yaml';

/** What is wrong with the syntax, as a sentence for people who do not know the parser's words. */
export function syntaxMessage(error: YAMLError, text: string): string {
  const { code, message } = error;
  if (code === 'TAB_AS_INDENT' || (text[error.pos[0]] === '\t' && code !== 'BAD_DQ_ESCAPE')) {
    return 'a tab cannot indent YAML; use spaces';
  }
  const special = SPECIAL.find(([start]) => message.startsWith(start));
  if (special !== undefined) return special[1];
  const known = MESSAGES[code];
  if (known !== undefined) return known;
  const first = message.split('\n', 1)[0]!.replace(/[.:]$/, '');
  return `invalid YAML: ${first[0]!.toLowerCase()}${first.slice(1)}`;
}

/** Whether a quoted text runs to the end of the file because its closing quote is missing. */
export function isOpenQuote(error: YAMLError): boolean {
  return error.code === 'MISSING_CHAR' && /^Missing closing ["']/.test(error.message);
}

/** By the start of the parser's message, where its code stands for several mistakes. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ['Missing closing "', 'this quote is never closed'],
  ["Missing closing '", 'this quote is never closed'],
  ['Sequence item without -', 'the indentation does not fit: this line belongs to no map or list above it'],
  ['Flow map', 'a "{" above is not closed, or what it holds is not indented'],
  ['Flow sequence', 'a "[" above is not closed, or what it holds is not indented'],
];

const MESSAGES: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'the indentation does not fit what is around it; lines of one map or list start in the same column',
  MISSING_CHAR: 'a bracket, comma or ":" is missing here or before',
  BLOCK_IN_FLOW: 'inside { } and [ ] a map or list is written with brackets too',
  BLOCK_AS_IMPLICIT_KEY: 'two keys in one line, or a ": " inside a text that is not in quotes',
  MULTILINE_IMPLICIT_KEY: 'a key and its ": " stand in one line; the ": " or the indentation is missing',
  KEY_OVER_1024_CHARS: 'a key is too long',
  BAD_ALIAS: 'an alias that cannot be used here; a text that starts with "*" must be in quotes',
  TAG_RESOLVE_FAILED: 'tags such as "!x" are not supported; a text that starts with "!" must be in quotes',
  BAD_DQ_ESCAPE: 'an escape that YAML does not have; use single quotes for a text with backslashes',
  UNEXPECTED_TOKEN: 'this does not belong here; a text with special characters must be in quotes',
  BAD_SCALAR_START: 'a text that starts with this character must be in quotes',
};
