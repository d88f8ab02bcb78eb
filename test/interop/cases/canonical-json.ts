const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[-+\d.eE]+|true|false|null|[[\]{},:])/y;

/**
 * JSON text with the keys of its objects sorted and no white space, so that two texts can be compared whatever their key
 * order. Numbers keep their very digits, which `JSON.parse` would round.
 *
 * @throws Error for text that is not JSON
 */
export function canonicalJson(text: string): string {
  const tokens = tokensOf(text);
  const [result, end] = value(tokens, 0);
  if (end !== tokens.length) throw new Error(`text after the JSON value: ${text}`);
  return result;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new Error(`not JSON at ${at}: ${text}`);
    tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function value(tokens: readonly string[], at: number): [text: string, next: number] {
  const token = tokens[at];
  if (token === '[') return list(tokens, at + 1);
  if (token === '{') return object(tokens, at + 1);
  if (token === undefined || /^[\]},:]/.test(token)) throw new Error(`a value is missing before ${token ?? 'the end'}`);
  return [token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token, at + 1];
}

function list(tokens: readonly string[], start: number): [text: string, next: number] {
  const items: string[] = [];
  let at = start;
  while (tokens[at] !== ']') {
    if (items.length > 0) at = expect(tokens, at, ',');
    const [item, next] = value(tokens, at);
    items.push(item);
    at = next;
  }
  return [`[${items.join(',')}]`, at + 1];
}

function object(tokens: readonly string[], start: number): [text: string, next: number] {
  const entries: string[] = [];
  let at = start;
  while (tokens[at] !== '}') {
    if (entries.length > 0) at = expect(tokens, at, ',');
    const [key, afterKey] = value(tokens, at);
    const [content, next] = value(tokens, expect(tokens, afterKey, ':'));
    entries.push(`${key}:${content}`);
    at = next;
  }
  return [`{${entries.sort().join(',')}}`, at + 1];
}

function expect(tokens: readonly string[], at: number, wanted: string): number {
  if (tokens[at] !== wanted) throw new Error(`expected ${wanted}, not ${tokens[at] ?? 'the end'}`);
  return at + 1;
}
