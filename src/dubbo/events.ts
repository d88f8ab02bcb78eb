import type { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeFastjson2Text } from './fastjson2-text.ts';
import {
  FLAG_EVENT,
  FLAG_REQUEST,
  FLAG_TWO_WAY,
  FRAME_HEADER_BYTES,
  SERIALIZATION_FASTJSON2,
  SERIALIZATION_HESSIAN2,
  writeFrameHeader,
  writeRequestId,
} from './frame-header.ts';
import type { FrameView } from './frame-view.ts';
import { RESPONSE_STATUS } from './response-status.ts';

/** What the body of an event says. `unknown` is to be ignored. */
export type EventKind = 'heartbeat' | 'readonly' | 'writeable' | 'unknown';

/**
 * Larger event bodies are not answered. Dubbo itself refuses more than 50 bytes (2.6) or 15 (2.7.9 and later), and a
 * peer must not make the gateway echo megabytes.
 */
export const MAX_EVENT_BODY_BYTES = 64;

const HESSIAN_NULL = 0x4e;

/**
 * Reads the body of an event frame: null is a heartbeat, `R` is READONLY, `W` is WRITEABLE
 * (`HeartBeatRequest`, `Request.READONLY_EVENT`, `Request.WRITEABLE_EVENT`). An empty body counts as null.
 */
export function readEvent(frame: FrameView): EventKind {
  const { buffer, start, end } = frame;
  if (start === end) return 'heartbeat';
  if (frame.serialization === SERIALIZATION_HESSIAN2) return readHessianEvent(buffer, start, end);
  if (frame.serialization !== SERIALIZATION_FASTJSON2 || end - start > MAX_EVENT_BODY_BYTES) return 'unknown';
  const text = decodeFastjson2Text(buffer, start, end);
  return text === null ? 'heartbeat' : eventOfCode(text === undefined || text.length !== 1 ? 0 : text.charCodeAt(0));
}

/** Appends the heartbeat of a client: a two-way event whose body is hessian2's null. */
export function writeHeartbeat(writer: ByteWriter, id: number): void {
  const at = reserve(writer, FRAME_HEADER_BYTES + 1);
  const flags = FLAG_REQUEST | FLAG_TWO_WAY | FLAG_EVENT | SERIALIZATION_HESSIAN2;
  writeFrameHeader(writer.buffer, at, flags, 0, 0, 0, 1);
  writeRequestId(writer.buffer, at, id);
  writer.buffer[at + FRAME_HEADER_BYTES] = HESSIAN_NULL;
}

/** Appends the answer to a two-way event: the same id, serialization and body bytes, status 20. */
export function writeEventAnswer(writer: ByteWriter, event: FrameView): void {
  const bodyBytes = event.end - event.start;
  const at = reserve(writer, FRAME_HEADER_BYTES);
  const flags = FLAG_EVENT | event.serialization;
  writeFrameHeader(writer.buffer, at, flags, RESPONSE_STATUS.OK, event.idHigh, event.idLow, bodyBytes);
  writer.bytes(event.buffer, event.start, event.end);
}

function reserve(writer: ByteWriter, count: number): number {
  writer.ensure(count);
  const at = writer.position;
  writer.position = at + count;
  return at;
}

/** Bytes after the value are ignored: dubbo-go appends a null. */
function readHessianEvent(buffer: Buffer, start: number, end: number): EventKind {
  const tag = buffer[start]!;
  if (tag === HESSIAN_NULL) return 'heartbeat';
  // A string of one character in its three forms: one byte, two bytes, or a final chunk.
  let at = end;
  if (tag === 0x01) at = start + 1;
  else if (tag === 0x30 && buffer[start + 1] === 1) at = start + 2;
  else if (tag === 0x53 && buffer[start + 1] === 0 && buffer[start + 2] === 1) at = start + 3;
  return at < end ? eventOfCode(buffer[at]!) : 'unknown';
}

function eventOfCode(code: number): EventKind {
  if (code === 0x52) return 'readonly';
  return code === 0x57 ? 'writeable' : 'unknown';
}
