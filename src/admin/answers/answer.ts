import { z } from 'zod';

/** A JSON value of this schema, as a handler gives it. */
export type Answer<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** Something that is counted and never negative. */
export const count = z.int().min(0);
/** ISO 8601 in UTC with milliseconds. */
export const dateTime = z.iso.datetime({ precision: 3 });
