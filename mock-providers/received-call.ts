import { DecoderV2 } from 'hessian.js';
import { describeValue } from './describe-value.ts';
import type { JavaList, JavaValue } from './java-value.ts';
import { JavaValueReader } from './java-value-reader.ts';
import type { RequestOutline } from './outline-request.ts';

const FIELDS_BEFORE_ARGUMENTS = 5;

/** A call as it reached the provider. Its arguments are decoded when they are asked for. */
export class ReceivedCall {
  /** Number of the connection it came over, counted from 1. */
  readonly connection: number;
  /** Interface, version and group meant, attachments before fields. */
  readonly service: string;
  readonly version: string | null;
  readonly group: string | null;
  /** The method meant: of `$invoke` the one in its first argument. */
  readonly method: string;
  /** Type names the caller sent; null when it sent none. */
  readonly types: readonly string[] | null;
  /** Whether it was a `$invoke`. */
  readonly generic: boolean;
  readonly oneWay: boolean;
  readonly #outline: RequestOutline;
  readonly #body: Buffer;

  /** @param body the body of the request; a copy is kept */
  constructor(connection: number, oneWay: boolean, outline: RequestOutline, body: Buffer) {
    this.connection = connection;
    this.oneWay = oneWay;
    this.service = outline.attachments.get('path') ?? outline.path;
    this.version = outline.attachments.get('version') ?? outline.version;
    this.group = outline.attachments.get('group') ?? null;
    this.generic = outline.invoked !== null;
    this.method = outline.invoked?.name ?? outline.method;
    this.types = outline.invoked?.types ?? null;
    this.#outline = outline;
    this.#body = Buffer.from(body);
  }

  /** Attachments with text values. */
  get attachments(): Record<string, string> {
    return Object.fromEntries(this.#outline.attachments);
  }

  /** Arguments as hessian.js decodes them: longs outside of the safe integers are strings. */
  get args(): unknown[] {
    const decoder = new DecoderV2(this.#body.subarray(0, this.#outline.argumentsEnd));
    const fields: unknown[] = [];
    while (decoder.byteBuffer.position() < this.#outline.argumentsEnd) fields.push(decoder.read());
    const values = fields.slice(FIELDS_BEFORE_ARGUMENTS);
    return this.generic ? ((values[2] ?? []) as unknown[]) : values;
  }

  /** Arguments with their Hessian types. */
  get javaArgs(): JavaValue[] {
    const reader = new JavaValueReader(this.#body.subarray(0, this.#outline.argumentsEnd));
    const fields: JavaValue[] = [];
    while (reader.position < this.#outline.argumentsEnd) fields.push(reader.read());
    const values = fields.slice(FIELDS_BEFORE_ARGUMENTS);
    return this.generic ? ((values[2] as JavaList | null)?.items ?? []) : values;
  }

  /** Arguments described in short texts such as `long 5`; see `describeValue`. */
  get argTexts(): string[] {
    return this.javaArgs.map(describeValue);
  }
}
