/**
 * The braces, colons and commas of `${PORT:-8080}` mean something to YAML, most of all inside `{ }` and `[ ]`. So that
 * nobody has to quote it (and a number stays a number), such a part goes through the YAML parser with every character
 * moved to Unicode's private use area, and is moved back behind it. Offsets stay as they are.
 */
const PRIVATE = 0xe000;
const ASCII = 0x80;

const INTERPOLATION = /\$\{[^{}"'\\\n\r]*\}/g;
const MASKED = /[\ue000-\ue07f]+/g;

/** The text with each `${…}` moved; as it is when it has such private characters of its own. */
export function maskInterpolations(text: string): string {
  return text.search(MASKED) === -1 ? text.replaceAll(INTERPOLATION, (part) => shift(part, PRIVATE)) : text;
}

/** A piece of a masked text as it was written. */
export function unmaskInterpolations(text: string): string {
  return text.replaceAll(MASKED, (part) => shift(part, -PRIVATE));
}

function shift(text: string, by: number): string {
  let shifted = '';
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    shifted += code < ASCII || code >= PRIVATE ? String.fromCharCode(code + by) : text[index];
  }
  return shifted;
}
