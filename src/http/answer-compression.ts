import { ByteText } from '../bytes/byte-text.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { LoopMeter } from '../telemetry/loop-meter.ts';
import type { Clock } from '../time/clock.ts';
import { type ContentCoding, chooseCoding } from './accept-encoding.ts';
import type { Answer } from './answer-writer.ts';
import { BodyCompressor, type CompressionCounts } from './body-compressor.ts';
import { isCompressible } from './compressible.ts';
import { LoopWatermark } from './loop-watermark.ts';
import type { BodyCodec } from './zlib-codec.ts';

export type CompressionConfig = GatewayConfig['server']['compression'];

/** What compression has done so far, and has left undone. */
export interface AnswerCompressionCounts extends CompressionCounts {
  /** Answers sent as they are since the event loop was too busy. */
  readonly skippedLoad: number;
}

/** Decides which answers are compressed, and compresses them. One for a gateway, whatever its configuration becomes. */
export class AnswerCompression {
  readonly #compressor: BodyCompressor;
  readonly #watermark: LoopWatermark;
  readonly #clock: Clock;
  #skippedLoad = 0;

  constructor(codec: BodyCodec, meter: LoopMeter, clock: Clock) {
    this.#compressor = new BodyCompressor(codec);
    this.#watermark = new LoopWatermark(meter, clock.nowMs());
    this.#clock = clock;
  }

  get counts(): AnswerCompressionCounts {
    return { ...this.#compressor.counts, skippedLoad: this.#skippedLoad };
  }

  /**
   * The coding that an answer is to get; undefined for none. An answer that another client could have got compressed is
   * marked with `Vary: Accept-Encoding`, compressed or not, so that no cache gives a client what it cannot read (RFC
   * 9110, section 12.5.5).
   *
   * @param answer `headers` may be added to
   */
  codingFor(answer: Answer, acceptEncoding: string | undefined, config: CompressionConfig): ContentCoding | undefined {
    if (answer.body === undefined || answer.bodyBytes! < config.minBytes || !config.enabled) return undefined;
    if (!isCompressible(answer.headers)) return undefined;
    answer.headers.push('Vary', 'Accept-Encoding');
    const coding = chooseCoding(acceptEncoding);
    if (coding === undefined) return undefined;
    if (!this.#watermark.isAbove(config.maxLoopUtilization, this.#clock.nowMs())) return coding;
    this.#skippedLoad += 1;
    return undefined;
  }

  /**
   * Compresses an answer as `codingFor` has chosen.
   *
   * @param done called once, before this returns or later, with the answer to send: the compressed one, or the same
   *   where that would not be smaller, zlib fails, or too many are being compressed
   */
  compress(answer: Answer, coding: ContentCoding, done: (answer: Answer) => void): void {
    const { body } = answer;
    this.#compressor.compress(bytesOf(body!), coding, (compressed) => {
      done(compressed === undefined ? answer : coded(answer, coding, compressed, compressed.length));
    });
  }
}

/**
 * The answer to a HEAD request whose GET would be compressed: its headers without `Content-Length`, which nobody can know
 * without compressing a body that is not sent. A server may leave out such headers (RFC 9110, section 9.3.2).
 */
export function codedHead(answer: Answer, coding: ContentCoding): Answer {
  return coded(answer, coding, undefined, undefined);
}

function bytesOf(body: Exclude<Answer['body'], undefined>): Buffer {
  if (body instanceof ByteText) return body.toBuffer();
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function coded(
  { status, headers }: Answer,
  coding: ContentCoding,
  body: Buffer | undefined,
  bodyBytes: number | undefined,
): Answer {
  headers.push('Content-Encoding', coding);
  return { status, headers, body, bodyBytes };
}
