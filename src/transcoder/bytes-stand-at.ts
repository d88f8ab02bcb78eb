/** Whether these bytes stand in others at `at`, before `end`. */
export function bytesStandAt(expected: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  const { length } = expected;
  if (end - at < length) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
