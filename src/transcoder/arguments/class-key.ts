import type { JsonDocument } from '../../json/json-document.ts';
import { JsonKind } from '../../json/json-tape.ts';
import { ClassKeyError } from './conversion-error.ts';

/**
 * Classes that a `class` key may name. Dubbo's PojoUtils lets that key replace the declared type at any depth, so it is
 * refused unless the route lists the class. Undefined allows all: for values of the configuration.
 */
export type AllowedClasses = ReadonlySet<string> | undefined;

export const CLASS_KEY = 'class';

/** Throws `ClassKeyError` when this key of an object is `class`, in whatever spelling, and may not be. */
export function checkClassKey(doc: JsonDocument, key: number, allowed: AllowedClasses): void {
  if (doc.stop(key) - doc.start(key) !== CLASS_KEY.length && !doc.hasEscapes(key)) return;
  if (allowed === undefined || !doc.equals(key, CLASS_KEY)) return;
  const value = doc.memberValue(key);
  if (doc.kind(value) !== JsonKind.String || !allowed.has(doc.stringValue(value))) throw new ClassKeyError(doc, key);
}
