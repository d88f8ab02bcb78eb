import { ByteWriter } from '../bytes/byte-writer.ts';
import {
  FLAG_REQUEST,
  FLAG_TWO_WAY,
  FRAME_HEADER_BYTES,
  SERIALIZATION_HESSIAN2,
  writeFrameHeader,
} from '../dubbo/frame-header.ts';
import { HessianWriter } from '../hessian/hessian-writer.ts';
import type { ArgumentPlan } from '../transcoder/arguments/argument-plan.ts';
import type { RequestView } from '../transcoder/request-view.ts';

/** What a generic call is made for. */
export interface InvokeTarget {
  readonly interfaceName: string;
  readonly version: string | undefined;
  readonly group: string | undefined;
  readonly methodName: string;
  /** Erased type names, in the order of the parameters. */
  readonly parameterTypes: readonly string[];
  readonly generic: 'true' | 'raw.return';
  readonly oneway: boolean;
  /** Whole ms that a call has which starts at once. */
  readonly timeoutMs: number;
  readonly application: string;
  /** Default: that of the provider that a frame goes to, which is added to it. */
  readonly token: string | undefined;
}

/** An attachment whose value comes from the request; undefined leaves it out. */
export interface AttachmentPlan {
  readonly name: string;
  readonly value: (request: RequestView) => string | undefined;
}

interface EncodedAttachment {
  /** As a Hessian string. */
  readonly name: Buffer;
  readonly value: AttachmentPlan['value'];
}

/** The body length stands in the last four bytes of the header. */
const LENGTH_OFFSET = 12;
/** More than a token takes in a frame. */
const TOKEN_ROOM_BYTES = 16 * 1024;
/** The protocol version that makes every provider answer with attachments (DubboCodec, `2.0.2`). */
const PROTOCOL_VERSION = '2.0.2';
/** Checked literally by providers since the fix of CVE-2020-1948. */
const INVOKE_DESCRIPTOR = 'Ljava/lang/String;[Ljava/lang/String;[Ljava/lang/Object;';
/** The list types of `$invoke`'s last two arguments; dubbo-go does not answer without them. */
const LIST_TYPES = ['[string', '[object'];

/**
 * Encodes `$invoke` requests of one method. All that does not depend on the request (header, fields 1 to 5 of the body,
 * method name, types, constant attachments) is encoded once; a call writes its arguments in between.
 */
export class InvokeTemplate {
  readonly #head: Buffer;
  /** The constant attachments, last of them how much time there is, and the same without that. */
  readonly #tail: Buffer;
  readonly #tailWithoutTime: Buffer;
  readonly #timeoutMs: number;
  readonly #hasToken: boolean;
  readonly #timeKeys: readonly Buffer[];
  readonly #arguments: ArgumentPlan;
  readonly #attachments: readonly EncodedAttachment[];

  constructor(target: InvokeTarget, args: ArgumentPlan, attachments: readonly AttachmentPlan[]) {
    this.#head = encodeHead(target);
    this.#timeoutMs = target.timeoutMs;
    this.#hasToken = target.token !== undefined && target.token !== '';
    this.#timeKeys = timeKeysOf(target).map(encodeString);
    this.#tailWithoutTime = encodeConstantAttachments(target);
    this.#tail = this.#withTime();
    this.#arguments = args;
    this.#attachments = attachments.map(({ name, value }) => ({ name: encodeString(name), value }));
  }

  /**
   * Writes a whole frame to `writer.out`, which is emptied first; the request id is left 0. Throws `GatewayError` for
   * what is wrong with the request and `ByteLimitError` when the frame exceeds the cap of `writer.out`.
   *
   * @param leftMs whole ms that the provider is told it has; default: the time-out of the target
   */
  encode(request: RequestView, writer: HessianWriter, leftMs: number = this.#timeoutMs): void {
    const { out } = writer;
    out.reset();
    writeWhole(this.#head, out);
    writer.reset(LIST_TYPES);
    this.#arguments.write(request, writer);
    if (leftMs === this.#timeoutMs) {
      writeWhole(this.#tail, out);
    } else {
      writeWhole(this.#tailWithoutTime, out);
      this.#writeTime(leftMs, writer);
    }
    const attachments = this.#attachments;
    for (let i = 0; i < attachments.length; i++) {
      const { name, value } = attachments[i]!;
      const text = value(request);
      if (text === undefined) continue;
      out.bytes(name);
      writer.string(text);
    }
    writer.mapEnd();
    out.checkLimit();
    out.patchInt32(LENGTH_OFFSET, out.position - FRAME_HEADER_BYTES);
  }

  /**
   * Adds the token of the provider that a frame goes to, of 1,024 characters at most, where the target has none of its
   * own. The frame is what `encode` has just written to `writer.out`; for its cap the token does not count.
   */
  addToken(token: string, writer: HessianWriter): void {
    if (this.#hasToken) return;
    const { out } = writer;
    out.ensure(TOKEN_ROOM_BYTES);
    // Over the end of the attachments.
    out.position--;
    writer.string('token');
    writer.string(token);
    writer.mapEnd();
    out.patchInt32(LENGTH_OFFSET, out.position - FRAME_HEADER_BYTES);
  }

  #writeTime(leftMs: number, writer: HessianWriter): void {
    const text = String(leftMs);
    for (const key of this.#timeKeys) {
      writer.out.bytes(key);
      writer.string(text);
    }
  }

  #withTime(): Buffer {
    const writer = new HessianWriter(new ByteWriter(512));
    writer.out.bytes(this.#tailWithoutTime);
    this.#writeTime(this.#timeoutMs, writer);
    return writer.out.take();
  }
}

/**
 * `timeout` is for the provider's log. `_TO` (TimeoutCountDown, Dubbo 2.7.9 and later) is what is left for the calls that
 * the provider makes in its turn. What a one-way call sets off may last longer than the call.
 */
function timeKeysOf({ oneway }: InvokeTarget): readonly string[] {
  return oneway ? ['timeout'] : ['timeout', '_TO'];
}

/** Of a whole buffer no part has to be made before the engine copies it. */
function writeWhole(bytes: Buffer, out: ByteWriter): void {
  out.ensure(bytes.length);
  out.buffer.set(bytes, out.position);
  out.position += bytes.length;
}

function encodeHead(target: InvokeTarget): Buffer {
  const out = new ByteWriter(512);
  const writer = new HessianWriter(out);
  out.ensure(FRAME_HEADER_BYTES);
  const flags = FLAG_REQUEST | (target.oneway ? 0 : FLAG_TWO_WAY) | SERIALIZATION_HESSIAN2;
  writeFrameHeader(out.buffer, 0, flags, 0, 0, 0, 0);
  out.position = FRAME_HEADER_BYTES;
  writer.string(PROTOCOL_VERSION);
  writer.string(target.interfaceName);
  writer.string(target.version ?? '');
  writer.string('$invoke');
  writer.string(INVOKE_DESCRIPTOR);
  writer.string(target.methodName);
  writer.typedListStart('[string', target.parameterTypes.length);
  for (const type of target.parameterTypes) writer.string(type);
  writer.typedListStart('[object', target.parameterTypes.length);
  return out.take();
}

function encodeString(text: string): Buffer {
  const writer = new HessianWriter(new ByteWriter(64));
  writer.string(text);
  return writer.out.take();
}

/** The start of the attachments: a map without its end, because the request's own attachments follow. */
function encodeConstantAttachments(target: InvokeTarget): Buffer {
  const out = new ByteWriter(512);
  const writer = new HessianWriter(out);
  writer.untypedMapStart();
  const put = (name: string, value: string | undefined) => {
    if (value === undefined || value === '') return;
    writer.string(name);
    writer.string(value);
  };
  put('path', target.interfaceName);
  // dubbo-go builds its service key from the attachments alone.
  put('interface', target.interfaceName);
  put('version', target.version);
  put('group', target.group);
  put('generic', target.generic);
  put('remote.application', target.application);
  put('token', target.token);
  return out.take();
}
