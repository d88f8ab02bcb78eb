import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianError } from '../../../src/hessian/hessian-error.ts';
import { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import { type HessianValue, readTree } from '../../../src/hessian/hessian-tree.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';

/** Bytes from hex digits (spaces are free) and, between single quotes, ASCII text. */
export function body(notation: string): Buffer {
  const parts: Buffer[] = [];
  notation.split("'").forEach((part, index) => {
    parts.push(index % 2 === 1 ? Buffer.from(part, 'latin1') : Buffer.from(part.replaceAll(' ', ''), 'hex'));
  });
  return Buffer.concat(parts);
}

export function readerOf(bytes: Buffer | string): HessianReader {
  const reader = new HessianReader();
  reader.reset(typeof bytes === 'string' ? body(bytes) : bytes);
  return reader;
}

/** Every value of a body, up to its last byte. */
export function valuesOf(bytes: Buffer | string): HessianValue[] {
  const reader = readerOf(bytes);
  const values: HessianValue[] = [];
  while (reader.position < reader.end) values.push(readTree(reader));
  return values;
}

/** The only value of a body. */
export function singleValueOf(bytes: Buffer | string): HessianValue {
  const values = valuesOf(bytes);
  if (values.length !== 1) throw new Error(`${values.length} values in the body`);
  return values[0]!;
}

/** What the reader says of a body that is wrong: the fault and its offset, or 'no fault'. */
export function faultOf(bytes: Buffer | string, read: (bytes: Buffer | string) => unknown = valuesOf): string {
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof HessianError) return `${error.fault} at ${error.offset}`;
    throw error;
  }
  return 'no fault';
}

/** The bytes that a piece of writing makes. */
export function written(write: (writer: HessianWriter) => void): Buffer {
  const out = new ByteWriter(16);
  write(new HessianWriter(out));
  return out.take();
}
