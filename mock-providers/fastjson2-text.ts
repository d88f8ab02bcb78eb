/**
 * A text as fastjson2 writes it on a Dubbo connection (serialization id 23): the length as 32-bit integer, then one
 * JSONB string. Short ASCII has its length in the tag, longer ASCII is tag 0x79, other text UTF-8 with tag 0x7a; a
 * JSONB int with the number of bytes follows the tag.
 */
export function fastjson2Text(text: string): Buffer {
  const utf8 = Buffer.from(text, 'utf8');
  const ascii = utf8.length === text.length;
  const head: number[] =
    ascii && utf8.length <= 0x2f ? [0x49 + utf8.length] : [ascii ? 0x79 : 0x7a, ...jsonbInt(utf8.length)];
  const body = Buffer.concat([Buffer.alloc(4), Buffer.from(head), utf8]);
  body.writeInt32BE(body.length - 4, 0);
  return body;
}

function jsonbInt(value: number): number[] {
  if (value <= 0x2f) return [value];
  if (value <= 0x7ff) return [0x38 + (value >> 8), value & 0xff];
  if (value <= 0x3ffff) return [0x44 + (value >> 16), (value >> 8) & 0xff, value & 0xff];
  return [0x48, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}
