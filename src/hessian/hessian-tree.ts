import type { ClassDefinition } from './class-memory.ts';
import type { HessianReader } from './hessian-reader.ts';
import * as Token from './token.ts';

/** A value as a tree: for small or rare things (exceptions, attachments, JDK values), never for results. */
export type HessianValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | HessianDate
  | HessianList
  | HessianMap
  | HessianObject
  | HessianBackReference;

/** ms since 1970. */
export class HessianDate {
  readonly ms: bigint;
  constructor(ms: bigint) {
    this.ms = ms;
  }
}

export class HessianList {
  readonly type: string;
  readonly items: HessianValue[] = [];
  constructor(type: string) {
    this.type = type;
  }
}

/** Entries in wire order; keys may be any value. */
export class HessianMap {
  readonly type: string;
  readonly entries: [key: HessianValue, value: HessianValue][] = [];
  constructor(type: string) {
    this.type = type;
  }

  /** The value of the last entry whose key is this text. */
  get(name: string): HessianValue | undefined {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i]!;
      if (entry[0] === name) return entry[1];
    }
    return undefined;
  }
}

export class HessianObject {
  readonly className: string;
  readonly fields = new Map<string, HessianValue>();
  constructor(className: string) {
    this.className = className;
  }

  get(name: string): HessianValue | undefined {
    return this.fields.get(name);
  }
}

/** A reference to a container that lies outside the part that was read. */
export class HessianBackReference {
  readonly reference: number;
  constructor(reference: number) {
    this.reference = reference;
  }
}

/** Values of a tree at the most, unless the caller says otherwise: a tree takes far more memory than its bytes. */
const MAX_NODES = 200_000;

/**
 * Reads the next value whole. Ints and doubles become numbers, longs bigints. References inside the part give the same
 * object again, so a cycle stays a cycle. Throws `HessianError`, also past `maxNodes` values (default 200,000).
 */
export function readTree(reader: HessianReader, maxNodes = MAX_NODES): HessianValue {
  return readTreeOf(reader, reader.next(), maxNodes);
}

/** Like `readTree` for a value whose head was just read. */
export function readTreeOf(reader: HessianReader, token: Token.Token, maxNodes = MAX_NODES): HessianValue {
  return readValue(reader, token, 0, { containers: new Map(), classes: new Map(), nodesLeft: maxNodes });
}

/** What one call has read so far. Class names are decoded once each: a long name must not cost again for every object. */
interface Scope {
  readonly containers: Map<number, HessianValue>;
  readonly classes: Map<ClassDefinition, { name: string; fields: string[] }>;
  nodesLeft: number;
}

function readValue(reader: HessianReader, token: Token.Token, depth: number, scope: Scope): HessianValue {
  if (--scope.nodesLeft < 0) throw reader.fault('limit', 'too many values to hold');
  switch (token) {
    case Token.NULL:
      return null;
    case Token.TRUE:
      return true;
    case Token.FALSE:
      return false;
    case Token.INT:
      return reader.int;
    case Token.DOUBLE:
      return reader.double;
    case Token.LONG:
      return int64(reader);
    case Token.DATE:
      return new HessianDate(int64(reader));
    case Token.STRING:
      return reader.string();
    case Token.BINARY:
      return reader.binary();
    case Token.REFERENCE:
      return scope.containers.get(reader.int) ?? new HessianBackReference(reader.int);
    case Token.LIST:
      return readList(reader, depth, scope);
    case Token.MAP:
      return readMap(reader, depth, scope);
    case Token.OBJECT:
      return readObject(reader, depth, scope);
    default:
      throw reader.fault('invalid', 'expected a value', -1);
  }
}

function readList(reader: HessianReader, depth: number, scope: Scope): HessianList {
  reader.checkDepth(depth);
  const list = new HessianList(reader.type);
  scope.containers.set(reader.reference, list);
  const length = reader.int;
  for (let i = 0; i !== length; i++) {
    const token = reader.next();
    if (length === -1 && token === Token.END) break;
    list.items.push(readValue(reader, token, depth + 1, scope));
  }
  return list;
}

function readMap(reader: HessianReader, depth: number, scope: Scope): HessianMap {
  reader.checkDepth(depth);
  const map = new HessianMap(reader.type);
  scope.containers.set(reader.reference, map);
  for (;;) {
    const token = reader.next();
    if (token === Token.END) return map;
    const key = readValue(reader, token, depth + 1, scope);
    map.entries.push([key, readValue(reader, reader.next(), depth + 1, scope)]);
  }
}

function readObject(reader: HessianReader, depth: number, scope: Scope): HessianObject {
  reader.checkDepth(depth);
  const definition = reader.classDefinition(reader.classIndex);
  let names = scope.classes.get(definition);
  if (names === undefined) {
    names = reader.classNames(definition);
    scope.classes.set(definition, names);
  }
  const { name, fields } = names;
  const object = new HessianObject(name);
  scope.containers.set(reader.reference, object);
  for (const field of fields) object.fields.set(field, readValue(reader, reader.next(), depth + 1, scope));
  return object;
}

function int64(reader: HessianReader): bigint {
  return (BigInt(reader.high) << 32n) | BigInt(reader.low >>> 0);
}
