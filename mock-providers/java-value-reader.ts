import { DecoderV2 } from 'hessian.js';
import { date, double, int, type JavaList, type JavaMap, type JavaObject, type JavaValue, long } from './java-value.ts';

interface ClassDefinition {
  readonly className: string;
  readonly fieldNames: readonly string[];
}

/**
 * Reads Hessian 2 with hessian.js into Java values that keep their types. hessian.js reads the scalars and the type
 * table; containers, references and class definitions are read here, because its own `read` loses int, long and
 * double, map key types and unusual names. The bytes must have passed `outlineRequest`, which finds broken ones.
 */
export class JavaValueReader {
  readonly #decoder: DecoderV2;
  readonly #references: (JavaList | JavaMap | JavaObject)[] = [];
  readonly #definitions: ClassDefinition[] = [];

  constructor(bytes: Buffer) {
    this.#decoder = new DecoderV2(bytes);
  }

  /** Offset of the next value. */
  get position(): number {
    return this.#decoder.byteBuffer.position();
  }

  /** @throws Error when the bytes are no Hessian value */
  read(): JavaValue {
    const decoder = this.#decoder;
    const code = this.#peek();
    if (code === undefined) throw new Error('value expected, but the bytes end');
    if (code <= 0x1f || (code >= 0x30 && code <= 0x33) || code === 0x52 || code === 0x53) return decoder.readString();
    if ((code >= 0x20 && code <= 0x2f) || (code >= 0x34 && code <= 0x37) || code === 0x41 || code === 0x42) {
      return { kind: 'binary', bytes: Buffer.from(decoder.readBytes()) };
    }
    if ((code >= 0x80 && code <= 0xd7) || code === 0x49) return int(decoder.readInt());
    if (code >= 0xd8 || (code >= 0x38 && code <= 0x3f) || code === 0x59 || code === 0x4c) {
      return long(BigInt(decoder.readLong()));
    }
    if (code === 0x44 || (code >= 0x5b && code <= 0x5f)) return double(decoder.readDouble());
    if (code === 0x4e) return decoder.readNull();
    if (code === 0x54 || code === 0x46) return decoder.readBool();
    if (code === 0x4a) {
      decoder.byteBuffer.get();
      return date(BigInt(decoder.byteBuffer.getLong().toString()));
    }
    if (code === 0x4b) return date(decoder.readDate().getTime());
    if (code === 0x51) return this.#readReference();
    if (code === 0x48 || code === 0x4d) return this.#readMap(code);
    if (code === 0x43 || code === 0x4f || (code >= 0x60 && code <= 0x6f)) return this.#readObject(code);
    return this.#readList(code);
  }

  #peek(): number {
    const { byteBuffer } = this.#decoder;
    return byteBuffer.get(byteBuffer.position());
  }

  #skipByte(): void {
    this.#decoder.byteBuffer.get();
  }

  #readReference(): JavaValue {
    this.#skipByte();
    const index = this.#decoder.readInt();
    const found = this.#references[index];
    if (found === undefined) throw new Error(`no value with reference ${index}`);
    return found;
  }

  #readType(): string | null {
    const type = this.#decoder.readType();
    if (type === undefined) throw new Error('reference to an unknown type');
    return type === '' ? null : type;
  }

  #readMap(code: number): JavaMap {
    this.#skipByte();
    const map: JavaMap = { kind: 'map', type: code === 0x4d ? this.#readType() : null, entries: [] };
    this.#references.push(map);
    while (this.#peek() !== 0x5a) {
      const key = this.read();
      map.entries.push([key, this.read()]);
    }
    this.#skipByte();
    return map;
  }

  #readObject(firstCode: number): JavaObject {
    let code = firstCode;
    const decoder = this.#decoder;
    while (code === 0x43) {
      this.#skipByte();
      const className = decoder.readString();
      const fieldNames: string[] = [];
      for (let rest = decoder.readInt(); rest > 0; rest--) fieldNames.push(decoder.readString());
      this.#definitions.push({ className, fieldNames });
      code = this.#peek();
    }
    this.#skipByte();
    const index = code === 0x4f ? decoder.readInt() : code - 0x60;
    const definition = this.#definitions[index];
    if (definition === undefined) throw new Error(`no class definition ${index}`);
    const value: JavaObject = {
      kind: 'object',
      className: definition.className,
      fields: [],
      isEnum: false,
      getters: null,
    };
    this.#references.push(value);
    for (const name of definition.fieldNames) value.fields.push([name, this.read()]);
    return value;
  }

  #readList(code: number): JavaList {
    this.#skipByte();
    const isTyped = code === 0x55 || code === 0x56 || (code >= 0x70 && code <= 0x77);
    if (!isTyped && code !== 0x57 && code !== 0x58 && !(code >= 0x78 && code <= 0x7f)) {
      throw new Error(`no value starts with 0x${code.toString(16)}`);
    }
    const list: JavaList = { kind: 'list', type: isTyped ? this.#readType() : null, items: [] };
    if (code === 0x55 || code === 0x57) {
      this.#references.push(list);
      while (this.#peek() !== 0x5a) list.items.push(this.read());
      this.#skipByte();
      return list;
    }
    const length = code === 0x56 || code === 0x58 ? this.#decoder.readInt() : code & 0x07;
    this.#references.push(list);
    for (let index = 0; index < length; index++) list.items.push(this.read());
    return list;
  }
}
