import { createRequire } from 'node:module';

/** A value of hessian.js that carries its Java class: an object, a typed list or a typed map. */
export interface Typed {
  readonly $class: string;
  readonly $: unknown;
}

interface Encoder {
  write(value: unknown): Encoder;
  get(): Buffer;
}

interface Decoder {
  read(withType: boolean): unknown;
}

interface HessianModule {
  readonly EncoderV2: new () => Encoder;
  readonly DecoderV2: new (bytes: Buffer) => Decoder;
}

const hessian = createRequire(import.meta.url)('hessian.js') as HessianModule;

/** A Java object, list or map with its class. Objects are written with a class definition. */
export function typed(className: string, content: unknown): Typed {
  return { $class: className, $: content };
}

/** A Java long. */
export function long(value: number | string): Typed {
  return typed('long', value);
}

/** A Java double, also for whole numbers. */
export function double(value: number): Typed {
  return typed('double', value);
}

/** Writes values one after the other into one Hessian stream, with the codec of hessian.js: independent of our own. */
export function encode(values: readonly unknown[]): Buffer {
  const encoder = new hessian.EncoderV2();
  for (const value of values) {
    encoder.write(value);
  }
  return Buffer.from(encoder.get());
}

/** Reads one Hessian stream value by value; each object, list and map comes as {@link Typed}. */
export function reader(bytes: Buffer): () => unknown {
  const decoder = new hessian.DecoderV2(bytes);
  return () => decoder.read(true);
}
