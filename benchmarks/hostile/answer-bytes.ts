const INT_32 = 0x49;
const LIST = 0x58;
const MAP = 0x48;
const MAP_END = 0x5a;
const OBJECT_0 = 0x60;
const CLASS_DEFINITION = 0x43;
/** "The result follows, without attachments" (DubboCodec.RESPONSE_VALUE), as a Hessian int. */
const VALUE_FOLLOWS = 0x91;

/** Writes the bodies of answers in place, so that making them takes no memory that would be measured with them. */
export class AnswerBytes {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(maxBytes: number) {
    this.#bytes = Buffer.alloc(maxBytes);
  }

  /** Begins anew. */
  start(): this {
    this.#position = 0;
    return this.byte(VALUE_FOLLOWS);
  }

  /** What was written; the bytes are its own until `start` is called again. @throws Error when not all had room */
  body(): Buffer {
    if (this.#position >= this.#bytes.length) throw new Error(`an answer of ${this.#bytes.length} bytes is full`);
    return this.#bytes.subarray(0, this.#position);
  }

  byte(value: number): this {
    this.#bytes[this.#position++] = value;
    return this;
  }

  bytes(value: Buffer): this {
    this.#position += value.copy(this.#bytes, this.#position);
    return this;
  }

  int(value: number): this {
    if (value >= 0 && value <= 47) return this.byte(0x90 + value);
    this.byte(INT_32);
    this.#position = this.#bytes.writeInt32BE(value, this.#position);
    return this;
  }

  /** The head of a list; so many values follow. */
  list(length: number): this {
    return this.byte(LIST).int(length);
  }

  openMap(): this {
    return this.byte(MAP);
  }

  closeMap(): this {
    return this.byte(MAP_END);
  }

  /** @param text fewer than 32 ASCII characters */
  text(text: string): this {
    this.byte(text.length);
    this.#position += this.#bytes.write(text, this.#position, 'latin1');
    return this;
  }

  /** The definition of a class; `object` begins an object of the first one. */
  classDefinition(name: string, fields: readonly string[]): this {
    this.byte(CLASS_DEFINITION).text(name).int(fields.length);
    for (const field of fields) this.text(field);
    return this;
  }

  /** The head of an object; its fields follow. @param definition number of its class, in the order of the body */
  object(definition: number): this {
    return definition < 16 ? this.byte(OBJECT_0 + definition) : this.byte(0x4f).int(definition);
  }

  /** A reference to a list, map or object of the body, counted from 0. */
  reference(index: number): this {
    return this.byte(0x51).int(index);
  }
}
