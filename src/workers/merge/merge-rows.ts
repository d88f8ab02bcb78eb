/** What several workers say of the same thing. */
export interface Row<Value> {
  readonly value: Value;
  /** Place of the worker's list among all lists. */
  readonly place: number;
}

/**
 * Puts rows of the lists of several workers together that are about the same thing, in the order in which they are met. Rows
 * of one list with the same key are different things: the first of each list belong together, then the second ones.
 *
 * @param lists one for each worker
 * @param merge makes one row of those that belong together, which are from different lists; there is one at least
 */
export function mergeRows<Value, Merged>(
  lists: readonly (readonly Value[])[],
  keyOf: (value: Value) => string,
  merge: (rows: readonly Row<Value>[]) => Merged,
): Merged[] {
  const found = new Map<string, Row<Value>[]>();
  for (const [place, list] of lists.entries()) {
    const seen = new Map<string, number>();
    for (const value of list) {
      const key = keyOf(value);
      const times = seen.get(key) ?? 0;
      seen.set(key, times + 1);
      const group = `${times} ${key}`;
      const rows = found.get(group);
      if (rows === undefined) found.set(group, [{ value, place }]);
      else rows.push({ value, place });
    }
  }
  return [...found.values()].map(merge);
}
