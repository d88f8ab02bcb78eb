import * as z from 'zod';

/** The values that many keys of the configuration have. */

const BYTE_UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A number of bytes, or text such as `16MiB`. */
export const byteSize = z
  .union([
    z.int().positive(),
    z.string().regex(/^\d+(B|KiB|MiB|GiB)$/, 'expected a number of bytes or text such as 16MiB'),
  ])
  .transform((size) => {
    if (typeof size === 'number') return size;
    const [, digits, unit] = /^(\d+)(\w+)$/.exec(size)!;
    return Number(digits) * BYTE_UNITS[unit!]!;
  });

export const durationMs = z.int().positive().max(86_400_000);
export const port = z.int().min(0).max(65_535);
export const name = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'expected letters, digits, "-" or "_", starting with a letter');
export const textMap = z.record(z.string(), z.string());
