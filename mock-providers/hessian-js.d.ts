/** Types for the parts of hessian.js 2 that the mock provider and the tests use. The package ships none of its own. */
declare module 'hessian.js' {
  /** The growing buffer under an encoder, or the buffer a decoder reads from (npm package `byte`). */
  export interface HessianByteBuffer {
    put(byte: number): HessianByteBuffer;
    put(bytes: Buffer): HessianByteBuffer;
    putInt32(value: number): HessianByteBuffer;
    putDouble(value: number): HessianByteBuffer;
    putLong(value: number | string): HessianByteBuffer;
    /** Without arguments: the next byte, and moves on. With a position: the byte there. `undefined` past the end. */
    get(position?: number): number;
    position(): number;
    position(newPosition: number): HessianByteBuffer;
    skip(bytes: number): void;
    getLong(): { toString(): string };
  }

  /** A value with a Java type: `{ $class: 'long', $: '9007199254740993' }`, `{ $class: 'com.acme.User', $: {…} }`. */
  export interface TypedValue {
    $class: string;
    $: unknown;
  }

  export class EncoderV2 {
    constructor(options?: { size?: number });
    byteBuffer: HessianByteBuffer;
    reset(): this;
    /** A copy of the bytes written since the last reset. */
    get(): Buffer;
    write(value: unknown): this;
    writeNull(): this;
    writeBool(value: boolean): this;
    writeInt(value: number): this;
    writeLong(value: number | string): this;
    writeDouble(value: number): this;
    writeDate(epochMs: number | Date): this;
    writeBytes(bytes: Buffer): this;
    writeString(text: string): this;
    writeType(type: string): this;
    writeRef(index: number): this;
  }

  export class DecoderV2 {
    constructor(bytes?: Buffer, classCache?: Map<string, unknown>);
    byteBuffer: HessianByteBuffer;
    init(bytes: Buffer): this;
    clean(): this;
    /** The next value. Longs outside of the safe integers are strings, Java exceptions are errors. */
    read(withType?: boolean): unknown;
    readNull(): null;
    readBool(): boolean;
    readInt(): number;
    readLong(): number | string;
    readDouble(): number;
    readDate(): Date;
    readBytes(): Buffer;
    readString(): string;
    readType(): string | undefined;
  }

  export const encoderV2: EncoderV2;
  export function encode(value: unknown, version?: '1.0' | '2.0'): Buffer;
  export function decode(bytes: Buffer, version?: '1.0' | '2.0', withType?: boolean): unknown;
}
