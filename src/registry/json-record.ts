/** A JSON object of unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The object that a JSON text holds; undefined for anything else. */
export function parseJsonRecord(text: string): JsonRecord | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value if it is an object and no array. */
export function asRecord(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** An own member that is a text or, as text, a number or a boolean; undefined for all else, and for empty text. */
export function textMember(record: JsonRecord | undefined, name: string): string | undefined {
  if (record === undefined || !Object.hasOwn(record, name)) return undefined;
  const value = record[name];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
