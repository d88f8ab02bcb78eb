import type { ByteWriter } from '../bytes/byte-writer.ts';

const COMMA = 0x2c;

/** Writes a key that is ready with its quotes and its colon, after a comma where it is not the first. */
export function putKey(out: ByteWriter, json: Uint8Array, hasComma: boolean): void {
  const { length } = json;
  out.ensure(length + 1);
  const { buffer } = out;
  let at = out.position;
  if (hasComma) buffer[at++] = COMMA;
  for (let i = 0; i < length; i++) buffer[at + i] = json[i]!;
  out.position = at + length;
}
