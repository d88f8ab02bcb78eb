import { DecoderV2, EncoderV2, type TypedValue } from 'hessian.js';

/** A Java object, list or map with its class. Objects are written with a class definition. */
export function typed(className: string, content: unknown): TypedValue {
  return { $class: className, $: content };
}

/** A Java long. */
export function long(value: number | string): TypedValue {
  return typed('long', value);
}

/** A Java double, also for whole numbers. */
export function double(value: number): TypedValue {
  return typed('double', value);
}

/** Writes values one after the other into one Hessian stream, with the codec of hessian.js: independent of our own. */
export function encode(values: readonly unknown[]): Buffer {
  const encoder = new EncoderV2();
  for (const value of values) {
    encoder.write(value);
  }
  return Buffer.from(encoder.get());
}

/** Reads one Hessian stream value by value; each object, list and map comes as {@link TypedValue}. */
export function reader(bytes: Buffer): () => unknown {
  const decoder = new DecoderV2(bytes);
  return () => decoder.read(true);
}
