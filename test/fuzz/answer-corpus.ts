import { readFileSync } from 'node:fs';
import { RECORDED_VERSIONS, recordedCalls } from '../support/recorded-frames.ts';
import { body } from '../unit/hessian/bodies.ts';

const HEADER_BYTES = 16;
const ATTACHMENTS = "48 05'dubbo' 05'2.0.2' 5a";

/** Frames that providers sent (results, exceptions, refusals in both serializations, events), and some they never would. */
export function answerFrames(): Buffer[] {
  const frames = new Map<string, Buffer>();
  const add = (frame: Buffer) => frames.set(frame.toString('latin1', 2), frame);
  for (const { response } of RECORDED_VERSIONS.flatMap(recordedCalls)) if (response !== undefined) add(response);
  for (const bytes of recordedValues()) add(answerFrameBytes(bytes));
  for (const bytes of handMade()) add(answerFrameBytes(bytes));
  return [...frames.values()];
}

/** The frame around the body of a successful answer. */
export function answerFrameBytes(bytes: Buffer): Buffer {
  const header = Buffer.from('dabb0214000000000000000700000000', 'hex');
  header.writeInt32BE(bytes.length, 12);
  return Buffer.concat([header, bytes]);
}

/** The frame with its announced length set to what there is. */
export function withRightLength(frame: Buffer): Buffer {
  if (frame.length < HEADER_BYTES) return frame;
  const right = Buffer.from(frame);
  right.writeInt32BE(frame.length - HEADER_BYTES, 12);
  return right;
}

function recordedValues(): Buffer[] {
  const url = new URL('../fixtures/dubbo-frames/jdk-values.json', import.meta.url);
  const { answers } = JSON.parse(readFileSync(url, 'utf8')) as { answers: { body: string }[] };
  return answers.map((answer) => Buffer.from(answer.body, 'hex'));
}

function handMade(): Buffer[] {
  const level = "43 0e'com.acme.Level' 91 04'name'";
  const atomic = "43 30 26'java.util.concurrent.atomic.AtomicLong' 91 05'value'";
  return [
    // A bomb of references, one with a cycle in it, keys that are objects, and cycles through JDK values.
    `91 58ad 78 ${steps(28, (n) => `7a51${n}51${n}`)}`,
    `91 58ad 795190 ${steps(28, (n) => `7b51${n}51${n}5190`)}`,
    `94 7b 48 ${level} 60 03'LOW' 91 5a 5192 48 5192 5191 5a ${ATTACHMENTS}`,
    `94 7b 48 ${atomic} 60 95 91 5a 5192 48 5192 92 5a ${ATTACHMENTS}`,
    `94 7a 48 06'offset' 48 02'id' 06'+02:00' 05'class' 14'java.time.ZoneOffset' 5a 04'hour' 99 06'minute' a0
       05'class' 14'java.time.OffsetTime' 5a 48 04'hour' 99 06'minute' a0 06'offset' 5192
       05'class' 14'java.time.OffsetTime' 5a ${ATTACHMENTS}`,
    "91 48 01'n' 48 01'p' 5190 01'q' 5191 5a 01'm' 5191 5a",
    "91 57 71 06'[float' 443ff19999a0000000 5191 4a7fffffffffffffff 447ff8000000000000 5a 4e",
    "91 43 05'a.b.C' 93 01'x' 01'y' 01'x' 60 91 520001eda0bd03edb880'ab' 60 5190 4e 4c7fffffffffffffff",
    '92 4e',
    '90 4e',
  ].map((notation) => body(notation.replace(/\s*\n\s*/g, ' ')));
}

function steps(count: number, step: (reference: string) => string): string {
  return Array.from({ length: count }, (_, index) => step((0x91 + index).toString(16))).join('');
}
