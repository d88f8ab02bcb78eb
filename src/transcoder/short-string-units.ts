/** UTF-16 units of the string at `at` if it is one in one piece of up to 1,023; -1 for anything else. */
export function shortStringUnits(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1;
  const tag = bytes[at]!;
  if (tag < 0x20) return tag;
  return tag >= 0x30 && tag < 0x34 ? ((tag - 0x30) << 8) | bytes[at + 1]! : -1;
}
