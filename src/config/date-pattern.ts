/** A date pattern that cannot be used; `offset` is the place in the text, from 0. */
export class DatePatternError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'DatePatternError';
    this.offset = offset;
  }
}

/** Fields of a date pattern, a subset of `java.time.format.DateTimeFormatter`. */
export const DATE_FIELDS = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS', 'XXX'] as const;
export type DateField = (typeof DATE_FIELDS)[number];

/** A part of a date pattern: a field, or text to be written as it is. */
export type DatePatternPart = { readonly field: DateField } | { readonly text: string };

/**
 * Reads a date pattern. Letters are fields; other characters stand for themselves, letters only between single quotes,
 * where `''` is one quote. Throws `DatePatternError`.
 */
export function parseDatePattern(pattern: string): readonly DatePatternPart[] {
  const parts: DatePatternPart[] = [];
  let at = 0;
  while (at < pattern.length) {
    const start = at;
    if (pattern[at] === "'") {
      const end = quoteEnd(pattern, at);
      const quoted = pattern.slice(at + 1, end).replaceAll("''", "'");
      parts.push({ text: quoted === '' ? "'" : quoted });
      at = end + 1;
    } else if (/[A-Za-z]/.test(pattern[at]!)) {
      while (pattern[at] === pattern[start]) at++;
      parts.push({ field: fieldOf(pattern.slice(start, at), start) });
    } else {
      while (at < pattern.length && !/[A-Za-z']/.test(pattern[at]!)) at++;
      parts.push({ text: pattern.slice(start, at) });
    }
  }
  return parts;
}

function fieldOf(letters: string, offset: number): DateField {
  const field = DATE_FIELDS.find((known) => known === letters);
  if (field !== undefined) return field;
  const message = `letters stand for one of ${DATE_FIELDS.join(', ')}; other text is put in single quotes`;
  throw new DatePatternError(message, offset);
}

function quoteEnd(pattern: string, start: number): number {
  let at = start + 1;
  while (at < pattern.length) {
    if (pattern[at] !== "'") at++;
    else if (pattern[at + 1] === "'" && at > start + 1) at += 2;
    else return at;
  }
  throw new DatePatternError('a single quote is not closed', start);
}
