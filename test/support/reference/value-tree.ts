import type { HessianReader } from '../../../src/hessian/hessian-reader.ts';
import * as Token from '../../../src/hessian/token.ts';

/** A Hessian value with everything that its bytes say: references stay references, repeated fields stay repeated. */
export type Tree =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | TreeDouble
  | TreeDate
  | TreeList
  | TreeMap
  | TreeObject
  | TreeReference;

export class TreeDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class TreeDate {
  readonly ms: bigint;
  constructor(ms: bigint) {
    this.ms = ms;
  }
}

export class TreeList {
  readonly type: string;
  readonly items: Tree[] = [];
  constructor(type: string) {
    this.type = type;
  }
}

export interface TreeEntry {
  readonly key: Tree;
  readonly value: Tree;
  /** Whether the key is the text `class`, written in one piece. */
  readonly isClass: boolean;
}

export class TreeMap {
  readonly entries: TreeEntry[] = [];
}

export class TreeObject {
  readonly className: string;
  readonly fields: [name: string, value: Tree][] = [];
  constructor(className: string) {
    this.className = className;
  }
}

export type TreeContainer = TreeList | TreeMap | TreeObject;

export class TreeReference {
  readonly target: TreeContainer;
  constructor(target: TreeContainer) {
    this.target = target;
  }
}

/** Reads the next value whole; `containers` has those of the body so far. Throws `HessianError`. */
export function readValueTree(reader: HessianReader, containers: TreeContainer[]): Tree {
  return treeOf(reader, reader.next(), containers, 0);
}

export function isContainer(value: Tree | undefined): value is TreeContainer {
  return value instanceof TreeList || value instanceof TreeMap || value instanceof TreeObject;
}

function treeOf(reader: HessianReader, token: Token.Token, containers: TreeContainer[], depth: number): Tree {
  if (depth > reader.limits.maxDepth) throw reader.fault('limit', 'nested too deep');
  const read = () => treeOf(reader, reader.next(), containers, depth + 1);
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
      return new TreeDouble(reader.double);
    case Token.LONG:
      return int64(reader);
    case Token.DATE:
      return new TreeDate(int64(reader));
    case Token.STRING:
      return reader.string();
    case Token.BINARY:
      return reader.binary();
    case Token.REFERENCE:
      return new TreeReference(containers[reader.int]!);
    case Token.LIST: {
      const list = new TreeList(reader.type);
      containers.push(list);
      const length = reader.int;
      for (let i = 0; i !== length; i++) {
        const element = reader.next();
        if (element === Token.END && length === -1) break;
        list.items.push(treeOf(reader, element, containers, depth + 1));
      }
      return list;
    }
    case Token.MAP: {
      const map = new TreeMap();
      containers.push(map);
      for (;;) {
        const keyToken = reader.next();
        if (keyToken === Token.END) return map;
        const inOnePiece = keyToken === Token.STRING && reader.chunkFinal;
        const key = treeOf(reader, keyToken, containers, depth + 1);
        map.entries.push({ key, value: read(), isClass: inOnePiece && key === 'class' });
      }
    }
    case Token.OBJECT: {
      const { name, fields } = reader.classNames(reader.classDefinition(reader.classIndex));
      const object = new TreeObject(name);
      containers.push(object);
      for (const field of fields) object.fields.push([field, read()]);
      return object;
    }
    default:
      throw reader.fault('invalid', 'expected a value', -1);
  }
}

function int64(reader: HessianReader): bigint {
  return BigInt.asIntN(64, (BigInt(reader.high) << 32n) + BigInt(reader.low >>> 0));
}
