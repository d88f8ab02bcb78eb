import { BodyCursor } from './body-cursor.ts';
import { cesu8End, decodeCesu8 } from './cesu8.ts';
import type { ClassDefinition, ClassMemory } from './class-memory.ts';
import type { HessianError } from './hessian-error.ts';
import { DEFAULT_HESSIAN_LIMITS, type HessianLimits } from './hessian-limits.ts';
import { ReferenceTable } from './reference-table.ts';
import * as Token from './token.ts';
import { startsBinary, startsInt, startsString } from './value-start.ts';

/** Class definitions whose places are kept for the next body. */
const KEPT_CLASSES = 64;

/**
 * A pull reader for Hessian 2: `next` reads the head of one value and returns its token; the value's parts are then in
 * the public fields. Containers are read by calling `next` for each element; strings and binaries must be taken or
 * skipped before the next call. The reader builds no objects, knows no socket and no JSON.
 *
 * All three tables of the format (references, type names, class definitions) belong to one body; the marks kept in
 * `references` allow reading a finished container a second time.
 */
export class HessianReader extends BodyCursor {
  /** INT; list length (-1: until END) for LIST; index for REFERENCE. */
  int = 0;
  /** LONG, and DATE in ms: the two halves, signed 32-bit numbers. */
  high = 0;
  low = 0;
  double = 0;
  /** STRING: UTF-16 units of the current chunk, whose bytes start at `position`. BINARY: bytes of the chunk. */
  chunkLength = 0;
  chunkFinal = true;
  /** LIST and MAP: type name, empty when untyped. */
  type = '';
  /** OBJECT: number of its class definition. */
  classIndex = 0;
  /** LIST, MAP and OBJECT: the number it can be referred to by. */
  reference = 0;

  readonly references = new ReferenceTable();
  typeCount = 0;
  classCount = 0;
  readonly limits: HessianLimits;
  /** Asked for each class definition; taken off by `release`. */
  classMemory: ClassMemory | undefined = undefined;
  readonly #types: string[] = [];
  /** Those of the body, and behind them places of earlier ones. */
  readonly #classes: { -readonly [Part in keyof ClassDefinition]: ClassDefinition[Part] }[] = [];

  constructor(limits: HessianLimits = DEFAULT_HESSIAN_LIMITS) {
    super();
    this.limits = limits;
  }

  /** Starts a body: `bytes[start, end)`. */
  reset(bytes: Buffer, start = 0, end = bytes.length): void {
    this.moveTo(bytes, start, end);
    this.references.count = 0;
    this.typeCount = 0;
    this.classCount = 0;
  }

  /** Lets go of the body, so that a reader kept for reuse keeps no buffer alive. */
  release(): void {
    this.letGo();
    this.references.shrink();
    this.classMemory?.forgetBody();
    this.classMemory = undefined;
    if (this.#types.length > 0) this.#types.length = 0;
    if (this.#classes.length > KEPT_CLASSES) this.#classes.length = 0;
  }

  /** Goes back to the start of a container; its elements get the same numbers again. */
  rewindTo(reference: number): void {
    const { references } = this;
    this.position = references.start[reference]!;
    this.typeCount = references.typeCount[reference]!;
    this.classCount = references.classCount[reference]!;
    references.count = reference;
  }

  /** Reads the head of the next value. Throws `HessianError`. */
  next(): Token.Token {
    let tag = this.readByte();
    while (tag === 0x43) {
      this.#defineClass();
      tag = this.readByte();
      if (tag === 0x5a) throw this.fault('invalid', 'expected a value after a class definition', -1);
    }
    if (tag < 0x20) return this.#string(tag, true);
    if (tag < 0x30) return this.#binary(tag - 0x20, true);
    if (tag < 0x34) return this.#string(((tag - 0x30) << 8) | this.readByte(), true);
    if (tag < 0x38) return this.#binary(((tag - 0x34) << 8) | this.readByte(), true);
    if (tag < 0x40) return this.#long32(((tag - 0x3c) << 16) | this.readUint16() | 0);
    if (tag >= 0x80) return this.#compactNumber(tag);
    if (tag >= 0x60) return this.#compactContainer(tag);
    return this.#tagged(tag);
  }

  /** The whole of the string whose STRING token was just read. */
  string(): string {
    let text = this.#chunkText();
    while (!this.chunkFinal) {
      this.nextStringChunk();
      text += this.#chunkText();
    }
    return text;
  }

  skipString(): void {
    for (;;) {
      this.position = cesu8End(this.bytes, this.position, this.end, this.chunkLength, this.base);
      if (this.chunkFinal) return;
      this.nextStringChunk();
    }
  }

  /** Moves to the next chunk of a string whose current chunk was taken and is not final. */
  nextStringChunk(): void {
    if (!startsString(this.peekByte())) throw this.#missing('the next chunk of a string');
    this.next();
  }

  /** Moves past the current binary chunk and returns its start; the chunk's length stays in `chunkLength`. */
  takeBinaryChunk(): number {
    const start = this.position;
    this.position += this.chunkLength;
    return start;
  }

  skipBinary(): void {
    for (;;) {
      this.takeBinaryChunk();
      if (this.chunkFinal) return;
      this.nextBinaryChunk();
    }
  }

  /** Moves to the next chunk of a binary whose current chunk was taken and is not final. */
  nextBinaryChunk(): void {
    if (!startsBinary(this.peekByte())) throw this.#missing('the next chunk of a binary');
    this.next();
  }

  /** The whole of the binary whose BINARY token was just read, as a copy. */
  binary(): Buffer {
    const chunks: Buffer[] = [];
    for (;;) {
      const start = this.takeBinaryChunk();
      chunks.push(this.bytes.subarray(start, start + this.chunkLength));
      if (this.chunkFinal) return Buffer.concat(chunks);
      this.nextBinaryChunk();
    }
  }

  classDefinition(index: number): ClassDefinition {
    return this.#classes[index]!;
  }

  /** Name and field names of a class definition, as text. */
  classNames(definition: ClassDefinition): { name: string; fields: string[] } {
    const { position } = this;
    this.position = definition.start;
    const name = this.#expectString();
    const count = this.#expectInt('a field count');
    const fields: string[] = [];
    for (let i = 0; i < count; i++) fields.push(this.#expectString());
    this.position = position;
    return { name, fields };
  }

  #tagged(tag: number): Token.Token {
    switch (tag) {
      case 0x41:
      case 0x42:
        return this.#binary(this.readUint16(), tag === 0x42);
      case 0x44:
        return this.#double(this.readDouble());
      case 0x46:
        return Token.FALSE;
      case 0x48:
        this.type = '';
        return this.#container(Token.MAP, this.position - 1, this.typeCount);
      case 0x49:
        return this.#integer(this.readInt32());
      case 0x4a:
        this.high = this.readInt32();
        this.low = this.readInt32();
        return Token.DATE;
      case 0x4b:
        return this.#dateMinutes(this.readInt32());
      case 0x4c:
        this.high = this.readInt32();
        this.low = this.readInt32();
        return Token.LONG;
      case 0x4d: {
        const start = this.position - 1;
        const { typeCount } = this;
        this.type = this.#readType();
        return this.#container(Token.MAP, start, typeCount);
      }
      case 0x4e:
        return Token.NULL;
      case 0x4f: {
        const start = this.position - 1;
        this.classIndex = this.#expectInt('a class number');
        return this.#object(start);
      }
      case 0x51:
        this.int = this.#expectInt('the number of a container');
        if (this.int < 0 || this.int >= this.references.count) throw this.fault('invalid', `no container ${this.int}`);
        return Token.REFERENCE;
      case 0x52:
      case 0x53:
        return this.#string(this.readUint16(), tag === 0x53);
      case 0x54:
        return Token.TRUE;
      case 0x55:
      case 0x56:
        return this.#list(this.position - 1, true, tag === 0x56 ? -2 : -1);
      case 0x57:
      case 0x58:
        return this.#list(this.position - 1, false, tag === 0x58 ? -2 : -1);
      case 0x59:
        return this.#long32(this.readInt32());
      case 0x5a:
        return Token.END;
      case 0x5b:
        return this.#double(0);
      case 0x5c:
        return this.#double(1);
      case 0x5d:
        return this.#double((this.readByte() << 24) >> 24);
      case 0x5e:
        return this.#double((this.readUint16() << 16) >> 16);
      case 0x5f:
        // Every Java implementation writes mills here and multiplies; x / 1000 is another double for 13 % of values.
        return this.#double(this.readInt32() * 0.001);
      default:
        throw this.fault('unknown-tag', `unknown tag 0x${tag.toString(16)}`, -1);
    }
  }

  #compactNumber(tag: number): Token.Token {
    if (tag < 0xc0) return this.#integer(tag - 0x90);
    if (tag < 0xd0) return this.#integer(((tag - 0xc8) << 8) + this.readByte());
    if (tag < 0xd8) return this.#integer(((tag - 0xd4) << 16) + this.readUint16());
    if (tag < 0xf0) return this.#long32(tag - 0xe0);
    return this.#long32(((tag - 0xf8) << 8) + this.readByte());
  }

  #compactContainer(tag: number): Token.Token {
    const start = this.position - 1;
    if (tag < 0x70) {
      this.classIndex = tag - 0x60;
      return this.#object(start);
    }
    return this.#list(start, tag < 0x78, tag & 7);
  }

  /** @param length the number of elements, -1: until END, -2: an int that follows the type says it */
  #list(start: number, typed: boolean, length: number): Token.Token {
    const { typeCount } = this;
    this.type = typed ? this.#readType() : '';
    this.int = length === -2 ? this.#expectInt('a list length') : length;
    if (length !== -1) this.checkCount(this.int);
    return this.#container(Token.LIST, start, typeCount);
  }

  #object(start: number): Token.Token {
    if (this.classIndex < 0 || this.classIndex >= this.classCount) {
      throw this.fault('invalid', `no class definition ${this.classIndex}`);
    }
    return this.#container(Token.OBJECT, start, this.typeCount);
  }

  #container(token: Token.Token, start: number, typeCount: number): Token.Token {
    const { references } = this;
    if (references.count >= this.limits.maxReferences) throw this.fault('limit', 'too many containers');
    this.reference = references.add(start, typeCount, this.classCount);
    return token;
  }

  #integer(value: number): Token.Token {
    this.int = value;
    return Token.INT;
  }

  #long32(value: number): Token.Token {
    this.high = value >> 31;
    this.low = value;
    return Token.LONG;
  }

  #double(value: number): Token.Token {
    this.double = value;
    return Token.DOUBLE;
  }

  #dateMinutes(minutes: number): Token.Token {
    const ms = minutes * 60_000;
    this.high = Math.floor(ms / 0x1_0000_0000);
    this.low = ms | 0;
    return Token.DATE;
  }

  #string(units: number, final: boolean): Token.Token {
    this.chunkLength = units;
    this.chunkFinal = final;
    if (units > this.end - this.position) throw this.fault('truncated', 'string ends early');
    return Token.STRING;
  }

  /** @throws HessianError where a container lies inside so many others that this one is too deep */
  checkDepth(depth: number): void {
    if (depth >= this.limits.maxDepth) throw this.fault('limit', `nested deeper than ${this.limits.maxDepth}`);
  }

  #binary(length: number, final: boolean): Token.Token {
    this.chunkLength = length;
    this.chunkFinal = final;
    if (length > this.end - this.position) throw this.fault('truncated', 'binary ends early');
    return Token.BINARY;
  }

  #chunkText(): string {
    const start = this.position;
    this.position = cesu8End(this.bytes, start, this.end, this.chunkLength, this.base);
    return decodeCesu8(this.bytes, start, this.position, this.chunkLength);
  }

  /** A type is a name, which gets the next number, or the number of an earlier one. */
  #readType(): string {
    if (startsString(this.peekByte())) {
      if (this.typeCount >= this.limits.maxTypes) throw this.fault('limit', 'too many type names');
      const type = this.#expectString();
      this.#types[this.typeCount++] = type;
      return type;
    }
    const index = this.#expectInt('a type name or number');
    if (index < 0 || index >= this.typeCount) throw this.fault('invalid', `no type ${index}`);
    return this.#types[index]!;
  }

  #defineClass(): void {
    if (this.classCount >= this.limits.maxClassDefinitions) throw this.fault('limit', 'too many class definitions');
    const start = this.position;
    const known = this.classMemory?.find(this.classCount, this.bytes, start, this.end);
    if (known !== undefined) {
      this.position = start + known.length;
      this.#addClass(start, known.fieldCount);
      return;
    }
    this.#skipExpectedString();
    const fieldCount = this.#expectInt('a field count');
    if (fieldCount > this.limits.maxFields) throw this.fault('limit', `${fieldCount} fields in a class`);
    this.checkCount(fieldCount);
    for (let i = 0; i < fieldCount; i++) this.#skipExpectedString();
    this.#addClass(start, fieldCount);
  }

  /** The definition that starts there and ends here. */
  #addClass(start: number, fieldCount: number): void {
    const number = this.classCount++;
    const kept = this.#classes[number];
    if (kept === undefined) {
      this.#classes[number] = { start, end: this.position, fieldCount };
    } else {
      kept.start = start;
      kept.end = this.position;
      kept.fieldCount = fieldCount;
    }
  }

  #expectString(): string {
    if (!startsString(this.peekByte())) throw this.#missing('a string');
    this.next();
    return this.string();
  }

  #skipExpectedString(): void {
    if (!startsString(this.peekByte())) throw this.#missing('a string');
    this.next();
    this.skipString();
  }

  #expectInt(what: string): number {
    if (!startsInt(this.peekByte())) throw this.#missing(what);
    this.next();
    return this.int;
  }

  #missing(what: string): HessianError {
    return this.fault(this.position < this.end ? 'invalid' : 'truncated', `expected ${what}`);
  }
}
