import { arrayList, type JavaValue, raw } from './java-value.ts';

/** Lists within a list, `depth` of them; the innermost is empty. Written as bytes: no recursion is needed. */
export function nestedLists(depth: number): JavaValue {
  const bytes = Buffer.alloc(depth + 1, 0x79);
  bytes[depth] = 0x78;
  return raw(bytes);
}

/** A list that holds the same list twice, which holds the same list twice, and so on: 2^depth leaves in few bytes. */
export function sharedLists(depth: number): JavaValue {
  let list = arrayList(['leaf']);
  for (let level = 0; level < depth; level++) list = arrayList([list, list]);
  return list;
}
