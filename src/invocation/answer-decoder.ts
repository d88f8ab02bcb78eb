import { ByteText, MAX_BYTE_TEXT } from '../bytes/byte-text.ts';
import { ByteLimitError, ByteWriter } from '../bytes/byte-writer.ts';
import { decodeFastjson2Text } from '../dubbo/fastjson2-text.ts';
import { SERIALIZATION_FASTJSON2, SERIALIZATION_HESSIAN2 } from '../dubbo/frame-header.ts';
import { RESPONSE_STATUS } from '../dubbo/response-status.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import { HessianError } from '../hessian/hessian-error.ts';
import { HessianReader } from '../hessian/hessian-reader.ts';
import { HessianMap, readTree, readTreeOf } from '../hessian/hessian-tree.ts';
import { skipValue } from '../hessian/skip-value.ts';
import * as Token from '../hessian/token.ts';
import { writeString } from '../json/json-writer.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import type { AnswerShapes } from '../transcoder/answer-shapes.ts';
import type { ClassPlans } from '../transcoder/class-plan.ts';
import { HessianToJson } from '../transcoder/hessian-to-json.ts';
import type { ResponseOptions } from '../transcoder/response-options.ts';
import { TranscodeError } from '../transcoder/transcode-error.ts';
import { describeException } from './business-exception.ts';
import type { ErrorMapping } from './error-mapping.ts';
import { refusalError, verdictOfException } from './refusal.ts';

/** How the answers of a route are read; compiled once. */
export interface AnswerPlan {
  readonly options: ResponseOptions;
  /** What is remembered of earlier answers. */
  readonly shapes: AnswerShapes;
  readonly maxResponseBytes: number;
  readonly errors: ErrorMapping;
  /** Response headers (lower case) by the answer attachment they take their value from. */
  readonly attachmentHeaders: readonly (readonly [header: string, attachment: string])[];
}

/** A decoded answer. */
export interface Answer {
  /** JSON text in UTF-8 that is the caller's own; undefined for a null result under `void: no-content`. */
  readonly body: Buffer | ByteText | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** The first value of a body (DubboCodec.RESPONSE_*): 0 to 2 without attachments, 3 to 5 with. */
const FLAG_EXCEPTION = 0;
const FLAG_VALUE = 1;
const FLAG_NULL = 2;
const ATTACHMENTS_FOLLOW = 3;

const HEADER_VALUE = /^[\t\x20-\x7e]{1,4096}$/;
const NULL_BODY = new ByteText('null');

/** Reads answer frames. One instance serves all answers of a generation; it is not re-entrant and needs not be. */
export class AnswerDecoder {
  readonly #reader = new HessianReader();
  readonly #out = new ByteWriter(16 * 1024);
  readonly #transcoder: HessianToJson;

  constructor(plans: ClassPlans) {
    this.#transcoder = new HessianToJson(this.#reader, plans);
  }

  /** The result as JSON. Throws `GatewayError` for everything that is not a result. */
  decode(frame: AnswerFrame, plan: AnswerPlan): Answer {
    const { status, serialization, provider } = frame;
    if (status !== RESPONSE_STATUS.OK) throw refusalError(status, this.#statusText(frame), provider);
    if (serialization !== SERIALIZATION_HESSIAN2) {
      throw new GatewayError('PROVIDER_PROTOCOL', `The answer has serialization id ${serialization} instead of 2.`, {
        log: { provider },
      });
    }
    this.#transcoder.start(frame.buffer, frame.start, frame.end, plan.shapes);
    this.#out.reset();
    this.#out.maxBytes = plan.maxResponseBytes;
    try {
      return this.#body(plan, provider);
    } catch (error) {
      throw translated(error, provider);
    } finally {
      this.#reader.release();
    }
  }

  #body(plan: AnswerPlan, provider: string): Answer {
    const reader = this.#reader;
    const out = this.#out;
    if (reader.next() !== Token.INT || reader.int < 0 || reader.int > 5) {
      throw reader.fault('invalid', 'expected a result flag from 0 to 5', -1);
    }
    const attachmentsFollow = reader.int >= ATTACHMENTS_FOLLOW;
    const kind = attachmentsFollow ? reader.int - ATTACHMENTS_FOLLOW : reader.int;
    if (kind === FLAG_EXCEPTION) {
      const error = this.#exception(plan, provider);
      this.#attachments(attachmentsFollow, plan);
      throw error;
    }
    let isNull = kind === FLAG_NULL;
    if (kind === FLAG_VALUE) {
      const token = reader.next();
      isNull = token === Token.NULL;
      this.#transcoder.write(token, out, plan.options);
      out.checkLimit();
    }
    const headers = this.#attachments(attachmentsFollow, plan);
    if (!isNull) return { body: out.position <= MAX_BYTE_TEXT ? out.takeText() : out.take(), headers };
    return { body: plan.options.void === 'null' ? NULL_BODY : undefined, headers };
  }

  /** Attachments end the body; dubbo-go puts one more null behind them. */
  #attachments(follow: boolean, plan: AnswerPlan): Record<string, string> | undefined {
    const reader = this.#reader;
    let headers: Record<string, string> | undefined;
    if (follow && plan.attachmentHeaders.length === 0) skipValue(reader);
    else if (follow) headers = headersOf(readTree(reader), plan.attachmentHeaders);
    if (reader.position === reader.end - 1 && reader.bytes[reader.position] === 0x4e) reader.position++;
    if (reader.position !== reader.end) {
      throw reader.fault('trailing', `${reader.end - reader.position} bytes after the answer`);
    }
    return headers;
  }

  #exception(plan: AnswerPlan, provider: string): GatewayError {
    const reader = this.#reader;
    const token = reader.next();
    const reference = reader.reference;
    const description = describeException(readTreeOf(reader, token));
    const { className, message, isFramework, ownFields, log } = description;
    const verdict = verdictOfException(className, message);
    if (verdict !== undefined) return new GatewayError(verdict.code, verdict.detail, { log: { provider, ...log } });
    if (ownFields.length > 0) {
      reader.rewindTo(reference);
      reader.next();
    }
    const mapped = plan.errors.find(className);
    const detail = isFramework
      ? 'The provider failed while it called another service.'
      : message || 'The method threw an exception without a message.';
    return new GatewayError('PROVIDER_EXCEPTION', detail, {
      ...(mapped && { status: mapped.status }),
      ...(mapped?.code && { publicCode: mapped.code }),
      jsonExtensions: { exception: this.#exceptionJson(className, message, ownFields, plan.options) },
      log: { provider, ...log },
    });
  }

  /** `{"class":…,"message":…,"fields":{…}}`; the fields are transcoded like a result, so no digit is lost. */
  #exceptionJson(className: string, message: string, ownFields: readonly string[], options: ResponseOptions): string {
    const reader = this.#reader;
    const out = this.#out;
    out.ascii('{"class":');
    writeString(out, className);
    out.ascii(',"message":');
    writeString(out, message);
    if (ownFields.length > 0) {
      const { fields } = reader.classNames(reader.classDefinition(reader.classIndex));
      const own = new Set(ownFields);
      const lastOf = new Map(fields.map((field, index) => [field, index]));
      out.ascii(',"fields":{');
      let comma = false;
      for (const [index, field] of fields.entries()) {
        if (!own.has(field) || lastOf.get(field) !== index) {
          skipValue(reader);
          continue;
        }
        if (comma) out.byte(0x2c);
        comma = true;
        writeString(out, field);
        out.byte(0x3a);
        this.#transcoder.write(reader.next(), out, options);
      }
      out.byte(0x7d);
    }
    out.byte(0x7d);
    out.checkLimit();
    return out.buffer.toString('utf8', 0, out.position);
  }

  /** The text of an answer with an error status, whatever serialization it came in; undefined if it cannot be read. */
  #statusText({ serialization, buffer, start, end }: AnswerFrame): string | undefined {
    if (serialization === SERIALIZATION_FASTJSON2) return decodeFastjson2Text(buffer, start, end) ?? undefined;
    if (serialization !== SERIALIZATION_HESSIAN2) return undefined;
    const reader = this.#reader;
    try {
      reader.reset(buffer, start, end);
      return reader.next() === Token.STRING ? reader.string() : undefined;
    } catch (error) {
      if (error instanceof HessianError) return undefined;
      throw error;
    } finally {
      reader.release();
    }
  }
}

function headersOf(attachments: unknown, wanted: AnswerPlan['attachmentHeaders']): Record<string, string> | undefined {
  if (!(attachments instanceof HessianMap)) return undefined;
  let headers: Record<string, string> | undefined;
  for (const [header, attachment] of wanted) {
    const value = attachments.get(attachment);
    const isScalar =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
    const text = isScalar ? String(value) : '';
    // A value that no header can carry is left out: a line break in it would let a provider write headers of its own.
    if (!HEADER_VALUE.test(text)) continue;
    headers ??= {};
    headers[header] = text;
  }
  return headers;
}

function translated(error: unknown, provider: string): unknown {
  if (error instanceof HessianError) {
    return new GatewayError(
      'PROVIDER_PROTOCOL',
      'The answer of the provider is not valid Hessian 2, or past its limits.',
      {
        log: { provider, fault: error.fault, offset: error.offset, reason: error.message },
      },
    );
  }
  if (error instanceof ByteLimitError) {
    return new GatewayError('RESPONSE_TOO_LARGE', `The answer is larger than ${error.maxBytes} bytes as JSON.`, {
      log: { provider },
    });
  }
  if (error instanceof TranscodeError) {
    return new GatewayError('PROVIDER_PROTOCOL', `The answer cannot be written as JSON: ${error.message}.`, {
      log: { provider },
    });
  }
  return error;
}
