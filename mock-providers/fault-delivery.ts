import type { Answer, AnswerEncoder, AnswerFrame } from './answer-encoder.ts';
import { nestedLists, sharedLists } from './deep-values.ts';
import type { Fault } from './faults.ts';
import { JavaException } from './java-exception.ts';
import { type JavaValue, raw } from './java-value.ts';
import { encodeFrame, HEADER_BYTES, HESSIAN2, STATUS_OK, STATUS_SERVICE_ERROR } from './wire.ts';

/** The size of the pieces of a slow answer, and the time between them. */
export type Pace = NonNullable<Fault['slowWrite']>;

/** What a fault can do to the connection. */
export interface FaultTarget {
  send(bytes: Buffer): void;
  /** Sends in small pieces and then calls `done`; whatever else is sent meanwhile comes behind. */
  sendSlowly(bytes: Buffer, pace: Pace, done: () => void): void;
  /** Sends what is waiting, then ends the connection. */
  end(): void;
  /** Sends what is waiting, then cuts the connection. */
  cut(): void;
  sendReadonly(): void;
  /** Runs later, unless the connection is gone by then. */
  later(ms: number, action: () => void): void;
}

const NO_ATTACHMENTS: ReadonlyMap<string, string> = new Map();
const STRING_CHUNK_UNITS = 0x8000;
/** Added to a request id to get one that nobody asked with. */
const WRONG_ID_OFFSET = 0x4000_0000_0000_0000n;

/** The answer a fault puts in place of the method's; null when the method is to run. */
export function faultyAnswer(fault: Fault, frame: AnswerFrame, encoder: AnswerEncoder): Answer | null {
  if (fault.exception !== undefined) {
    const exception = new JavaException(fault.exception.class, fault.exception.message);
    return encoder.exception(frame, exception, NO_ATTACHMENTS);
  }
  if (fault.status !== undefined || fault.id23) {
    const { code, text } = fault.status ?? { code: STATUS_SERVICE_ERROR, text: 'a fault of the mock provider' };
    return encoder.status(code, text, fault.id23);
  }
  if (fault.bodyHex !== undefined) {
    return { serialization: HESSIAN2, status: STATUS_OK, body: Buffer.from(fault.bodyHex, 'hex') };
  }
  const value = faultyValue(fault);
  return value === undefined ? null : encoder.value(frame, value, NO_ATTACHMENTS);
}

/** Sends an answer with everything a fault does to it on its way. */
export function deliverFaulty(
  fault: Fault,
  answer: Answer,
  id: Buffer,
  target: FaultTarget,
  random: () => number,
): void {
  if (fault.stall) return;
  if (fault.delayMs !== undefined && fault.delayMs > 0) {
    target.later(fault.delayMs, () => deliverNow(fault, answer, id, target, random));
  } else {
    deliverNow(fault, answer, id, target, random);
  }
}

function deliverNow(fault: Fault, answer: Answer, id: Buffer, target: FaultTarget, random: () => number): void {
  if (fault.dropConnection === 'after') {
    target.cut();
    return;
  }
  if (fault.readonly) target.sendReadonly();
  const frame = faultyFrame(fault, answer, id, random);
  if (fault.dropConnection === 'mid-frame' || fault.truncated) {
    target.send(frame.subarray(0, Math.max(1, frame.length >> 1)));
    if (fault.truncated) target.end();
    else target.cut();
    return;
  }
  const finish = (): void => {
    if (fault.duplicate) target.send(frame);
    if (fault.answerTwiceLate !== undefined) target.later(fault.answerTwiceLate, () => target.send(frame));
    if (fault.closeAfterAnswer) target.end();
  };
  if (fault.slowWrite === undefined) {
    target.send(frame);
    finish();
  } else {
    target.sendSlowly(frame, fault.slowWrite, finish);
  }
}

function faultyFrame(fault: Fault, answer: Answer, id: Buffer, random: () => number): Buffer {
  if (fault.garbage !== undefined) {
    const bytes = randomBytes(fault.garbage, random);
    // Never the magic number by chance: garbage is to be recognized as such.
    bytes[0] = bytes[0]! & 0x7f;
    return bytes;
  }
  let frameId = id;
  if (fault.wrongId) {
    frameId = Buffer.alloc(8);
    frameId.writeBigInt64BE(BigInt.asIntN(64, id.readBigInt64BE() + WRONG_ID_OFFSET));
  }
  let { body } = answer;
  if (fault.trailingBytes !== undefined) body = Buffer.concat([body, randomBytes(fault.trailingBytes, random)]);
  if (fault.corruptBody !== undefined) {
    body = Buffer.from(body);
    for (let rest = fault.corruptBody; rest > 0 && body.length > 0; rest--) {
      const at = Math.floor(random() * body.length);
      body[at] = body[at]! ^ (1 + Math.floor(random() * 255));
    }
  }
  const frame = encodeFrame(answer.serialization, answer.status, frameId, body);
  if (fault.hugeLength !== undefined)
    frame.writeInt32BE(fault.hugeLength === 'max' ? 0x7fff_ffff : -1, HEADER_BYTES - 4);
  return frame;
}

function faultyValue(fault: Fault): JavaValue | undefined {
  if (fault.nestedLists !== undefined) return nestedLists(fault.nestedLists);
  if (fault.referenceBomb !== undefined) return sharedLists(fault.referenceBomb);
  if (fault.oversize !== undefined) return raw(longText(fault.oversize));
  return undefined;
}

/** A Hessian string of that many `x`, written by chunks because hessian.js takes each character by itself. */
function longText(units: number): Buffer {
  const chunks = Math.ceil(units / STRING_CHUNK_UNITS);
  const bytes = Buffer.alloc(units + chunks * 3, 'x');
  let at = 0;
  for (let rest = units; rest > 0; rest -= STRING_CHUNK_UNITS) {
    const size = Math.min(rest, STRING_CHUNK_UNITS);
    bytes[at] = rest > STRING_CHUNK_UNITS ? 0x52 : 0x53;
    bytes.writeUInt16BE(size, at + 1);
    at += 3 + size;
  }
  return bytes;
}

function randomBytes(count: number, random: () => number): Buffer {
  const bytes = Buffer.allocUnsafe(count);
  for (let index = 0; index < count; index++) bytes[index] = Math.floor(random() * 256);
  return bytes;
}
