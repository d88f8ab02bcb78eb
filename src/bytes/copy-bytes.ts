/** From here on the engine's own copying pays for its call. */
const LONG_BYTES = 96;

/** Copies `source[start, end)` to `target` from `at` on and returns the place behind it. The caller has made room. */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start >= LONG_BYTES) {
    target.set(source.subarray(start, end), at);
    return at + (end - start);
  }
  let to = at;
  for (let from = start; from < end; from++) target[to++] = source[from]!;
  return to;
}
