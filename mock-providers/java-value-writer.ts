import { EncoderV2 } from 'hessian.js';
import { ARRAY_LIST, type JavaList, type JavaMap, type JavaObject, type JavaValue } from './java-value.ts';

const INITIAL_BYTES = 64 * 1024;

/**
 * Writes Java values as Hessian 2 with hessian.js. hessian.js does the scalars; containers, types, class definitions,
 * references, exact longs and ready bytes are done here, because its own `write` sorts keys, knows one field list a
 * class, looks for references in a list and trips over types named like members of a JavaScript object.
 */
export class JavaValueWriter {
  readonly #encoder = new EncoderV2({ size: INITIAL_BYTES });
  readonly #references = new Map<object, number>();
  readonly #definitions = new Map<string, number>();
  readonly #types = new Map<string, number>();
  readonly #typedArrayList: boolean;

  /** @param typedArrayList whether ArrayList is written with its class name (hessian-lite before 4.0) */
  constructor(typedArrayList: boolean) {
    this.#typedArrayList = typedArrayList;
  }

  /** Starts a new body: empty tables. */
  reset(): this {
    this.#encoder.reset();
    this.#references.clear();
    this.#definitions.clear();
    this.#types.clear();
    return this;
  }

  /** A copy of what was written since `reset`. */
  bytes(): Buffer {
    return this.#encoder.get();
  }

  write(value: JavaValue): this {
    const encoder = this.#encoder;
    if (value === null) encoder.writeNull();
    else if (typeof value === 'string') encoder.writeString(value);
    else if (typeof value === 'boolean') encoder.writeBool(value);
    else {
      switch (value.kind) {
        case 'int':
          encoder.writeInt(value.value);
          break;
        case 'long':
          this.#writeLong(value.value);
          break;
        case 'double':
          encoder.writeDouble(value.value);
          break;
        case 'date':
          this.#writeDate(value.epochMs);
          break;
        case 'binary':
          encoder.writeBytes(value.bytes);
          break;
        case 'raw':
          encoder.byteBuffer.put(value.bytes);
          break;
        default:
          this.#writeContainer(value);
      }
    }
    return this;
  }

  #writeLong(value: bigint): void {
    const asNumber = Number(value);
    this.#encoder.writeLong(Number.isSafeInteger(asNumber) ? asNumber : value.toString());
  }

  #writeDate(epochMs: bigint): void {
    const asNumber = Number(epochMs);
    if (Number.isSafeInteger(asNumber)) this.#encoder.writeDate(asNumber);
    else this.#encoder.byteBuffer.put(0x4a).putLong(epochMs.toString());
  }

  #writeContainer(value: JavaList | JavaMap | JavaObject): void {
    const reference = this.#references.get(value);
    if (reference !== undefined) {
      this.#encoder.writeRef(reference);
      return;
    }
    if (value.kind === 'object') {
      // The definition comes first and takes no place in the table of references.
      const definition = this.#define(value);
      this.#references.set(value, this.#references.size);
      this.#writeObject(value, definition);
      return;
    }
    this.#references.set(value, this.#references.size);
    if (value.kind === 'list') this.#writeList(value);
    else this.#writeMap(value);
  }

  #writeList(list: JavaList): void {
    const { byteBuffer } = this.#encoder;
    const type = list.type === ARRAY_LIST && !this.#typedArrayList ? null : list.type;
    const length = list.items.length;
    if (length < 8) {
      byteBuffer.put((type === null ? 0x78 : 0x70) + length);
      if (type !== null) this.#writeType(type);
    } else {
      byteBuffer.put(type === null ? 0x58 : 0x56);
      if (type !== null) this.#writeType(type);
      this.#encoder.writeInt(length);
    }
    for (const item of list.items) this.write(item);
  }

  #writeMap(map: JavaMap): void {
    const { byteBuffer } = this.#encoder;
    if (map.type === null) {
      byteBuffer.put(0x48);
    } else {
      byteBuffer.put(0x4d);
      this.#writeType(map.type);
    }
    for (const [key, value] of map.entries) this.write(key).write(value);
    byteBuffer.put(0x5a);
  }

  #writeType(type: string): void {
    const index = this.#types.get(type);
    if (index === undefined) {
      this.#types.set(type, this.#types.size);
      this.#encoder.writeString(type);
    } else {
      this.#encoder.writeInt(index);
    }
  }

  #define(value: JavaObject): number {
    let key = value.className;
    for (const field of value.fields) key += `\n${field[0]}`;
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const encoder = this.#encoder;
    encoder.byteBuffer.put(0x43);
    encoder.writeString(value.className).writeInt(value.fields.length);
    for (const field of value.fields) encoder.writeString(field[0]);
    const index = this.#definitions.size;
    this.#definitions.set(key, index);
    return index;
  }

  #writeObject(value: JavaObject, definition: number): void {
    const encoder = this.#encoder;
    if (definition < 16) {
      encoder.byteBuffer.put(0x60 + definition);
    } else {
      encoder.byteBuffer.put(0x4f);
      encoder.writeInt(definition);
    }
    for (const field of value.fields) this.write(field[1]);
  }
}
