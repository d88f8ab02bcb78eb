import { HessianBackReference, HessianMap, HessianObject, type HessianValue } from '../hessian/hessian-tree.ts';

/** Parts of dates and times that Java keeps one object of: the second date-time of an answer refers to that of the first. */
const SHARED: ReadonlySet<HessianValue> = new Set(['offset', 'zone', 'zoneOffset', 'zoneId']);

/**
 * The map or object with the parts themselves in the place of references to parts of earlier values; undefined for a value
 * without parts.
 */
export function withSharedParts(
  value: HessianValue,
  read: (reference: number) => HessianValue,
): HessianMap | HessianObject | undefined {
  if (value instanceof HessianMap) {
    for (const entry of value.entries) {
      const [name, part] = entry;
      if (part instanceof HessianBackReference && SHARED.has(name)) entry[1] = read(part.reference);
    }
    return value;
  }
  if (!(value instanceof HessianObject)) return undefined;
  for (const [name, part] of value.fields) {
    if (part instanceof HessianBackReference && SHARED.has(name)) value.fields.set(name, read(part.reference));
  }
  return value;
}
