import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { HessianReader } from '../hessian/hessian-reader.ts';
import type { JsonKey } from './json-key.ts';
import type { KeyBranch } from './known-key.ts';
import { PLAIN_ROOM, putPlainValue } from './plain-value.ts';
import type { ResponseOptions } from './response-options.ts';

// Most objects are runs of known keys and plain values. These loops write such a run on local variables and stop before
// whatever is not as expected, which is then written the long way.

const NULL = 0x4e;

/** Writes pairs of a map while their keys are the expected ones. Returns where the next key is expected. */
export function writePlainPairs(
  reader: HessianReader,
  out: ByteWriter,
  options: ResponseOptions,
  first: KeyBranch,
): KeyBranch {
  const { bytes, end } = reader;
  const omitsNulls = options.nulls === 'omit';
  const dropsClass = options.classKey === 'drop';
  let at = reader.position;
  let to = out.position;
  let branch = first;
  for (;;) {
    const key = branch.expected;
    if (key === undefined || !key.raw.standAt(bytes, at, end)) break;
    const { classNames, json } = key;
    const valueAt = at + key.raw.length;
    if (valueAt >= end) break;
    if (classNames !== undefined) {
      const length = dropsClass ? classNames.expectedBytes(bytes, valueAt, end) : 0;
      if (length === 0) break;
      at = valueAt + length;
    } else if (omitsNulls && bytes[valueAt] === NULL) {
      at = valueAt + 1;
    } else {
      if (json.room === 0) break;
      out.position = to;
      out.ensure(json.room + PLAIN_ROOM);
      const behind = putPlainValue(reader, out, options, valueAt, json.put(out.view, to));
      if (behind < 0) break;
      to = behind;
      at = reader.position;
    }
    branch = key.after;
  }
  reader.position = at;
  out.position = to;
  return branch;
}

/** Writes fields of an object from the `first` one on. Returns the number of the next one, which may be behind the last. */
export function writePlainFields(
  reader: HessianReader,
  out: ByteWriter,
  options: ResponseOptions,
  keys: readonly (JsonKey | undefined)[],
  first: number,
): number {
  const { bytes, end } = reader;
  const omitsNulls = options.nulls === 'omit';
  let at = reader.position;
  let to = out.position;
  let field = first;
  for (; field < keys.length && at < end; field++) {
    const key = keys[field];
    if (key === undefined || key.room === 0) break;
    if (omitsNulls && bytes[at] === NULL) {
      at++;
    } else {
      out.position = to;
      out.ensure(key.room + PLAIN_ROOM);
      const behind = putPlainValue(reader, out, options, at, key.put(out.view, to));
      if (behind < 0) break;
      to = behind;
      at = reader.position;
    }
  }
  reader.position = at;
  out.position = to;
  return field;
}
