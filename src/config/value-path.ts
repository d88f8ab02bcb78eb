/** A path text that cannot be read; `offset` is the place in the text, from 0. */
export class ValuePathError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ValuePathError';
    this.offset = offset;
  }
}

/** Steps a path may have; a request body is never deeper than its own limit. */
const MAX_STEPS = 64;
const MAX_INDEX = 0x7fffffff;

/**
 * Reads the steps of a path into a JSON value, from `start` in the text: `.a.b[0]["c d"]` gives `a`, `b`, 0 and `c d`.
 * A quoted key follows the rules of a JSON string. Throws `ValuePathError`.
 */
export function parseValuePath(text: string, start: number): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  let at = start;
  while (at < text.length) {
    if (steps.length === MAX_STEPS) throw new ValuePathError(`a path has at most ${MAX_STEPS} steps`, at);
    const [step, end] = text[at] === '.' ? readKey(text, at + 1) : readBracket(text, at);
    steps.push(step);
    at = end;
  }
  return steps;
}

function readKey(text: string, start: number): [string, number] {
  const pattern = /[^.[\]\s"']+/y;
  pattern.lastIndex = start;
  const key = pattern.exec(text)?.[0];
  if (key === undefined) {
    throw new ValuePathError('expected a key after "."; a key with other characters is written ["a key"]', start);
  }
  return [key, start + key.length];
}

function readBracket(text: string, start: number): [string | number, number] {
  if (text[start] !== '[') throw new ValuePathError('expected "." or "["', start);
  const pattern = /\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\]/y;
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (match === null)
    throw new ValuePathError('expected an index such as [0] or a quoted key such as ["a key"]', start);
  const [whole, index, quoted] = match;
  if (index !== undefined) {
    if (Number(index) > MAX_INDEX) throw new ValuePathError(`an index is at most ${MAX_INDEX}`, start + 1);
    return [Number(index), start + whole.length];
  }
  return [parseQuoted(quoted!, start + 1), start + whole.length];
}

function parseQuoted(quoted: string, offset: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new ValuePathError('expected a key quoted as in JSON', offset);
  }
}
