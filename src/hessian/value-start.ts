// A class definition or container may not stand where one of these is asked first: nothing recurses or enters a table.

export function startsString(tag: number): boolean {
  return (tag >= 0 && tag < 0x20) || (tag >= 0x30 && tag < 0x34) || tag === 0x52 || tag === 0x53;
}

export function startsBinary(tag: number): boolean {
  return (tag >= 0x20 && tag < 0x30) || (tag >= 0x34 && tag < 0x38) || tag === 0x41 || tag === 0x42;
}

export function startsInt(tag: number): boolean {
  return (tag >= 0x80 && tag < 0xd8) || tag === 0x49;
}
