import * as z from 'zod';

/** A JSON value of this schema, as a handler gives it. */
export type Answer<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** Something that is counted and never negative. */
export const count = z.int().min(0);
/** Of an answer that is put together from those of several workers. */
export const groupPart = {
  missingWorkers: z
    .array(count)
    .optional()
    .describe('Numbers of the workers that did not answer in time, and are not in here; only where there are any.'),
};
/** ISO 8601 in UTC with milliseconds. */
export const dateTime = z.iso.datetime({ precision: 3 });
