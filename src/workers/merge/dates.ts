/** The earlier of these dates, in ISO 8601 in UTC; null where there is none. */
export function earliest(dates: readonly (string | null)[]): string | null {
  let found: string | null = null;
  for (const date of dates) if (date !== null && (found === null || date < found)) found = date;
  return found;
}

/** Since when all of these have held: the earliest of the dates; null where one of them is not known. */
export function earliestOfAll(dates: readonly (string | null)[]): string | null {
  return dates.includes(null) ? null : earliest(dates);
}
