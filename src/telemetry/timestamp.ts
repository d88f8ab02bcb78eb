let lastMs = Number.NaN;
let lastText = '';

/** A wall-clock time in milliseconds as ISO 8601 in UTC. Lines of the same millisecond share one text. */
export function timestamp(wallMs: number): string {
  if (wallMs !== lastMs) {
    lastText = new Date(wallMs).toISOString();
    lastMs = wallMs;
  }
  return lastText;
}
