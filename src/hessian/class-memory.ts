/** A class definition of the body: its bytes (without the leading 'C') are its identity. */
export interface ClassDefinition {
  readonly start: number;
  readonly end: number;
  readonly fieldCount: number;
}

/** A class definition that was seen in an earlier body. */
export interface KnownClass {
  /** Of its bytes, without the leading 'C'. */
  readonly length: number;
  readonly fieldCount: number;
}

/** Recognises class definitions by their bytes, so that they need not be taken apart again. */
export interface ClassMemory {
  /** The definition that stands at `at`, the `number`th of the body, if it is known. */
  find(number: number, bytes: Uint8Array, at: number, end: number): KnownClass | undefined;
  /** The body is done with. */
  forgetBody(): void;
}
