import { RECORDED_VERSIONS, recordedCalls } from '../support/recorded-frames.ts';
import { body } from '../unit/hessian/bodies.ts';

const HEADER_BYTES = 16;
const HESSIAN2 = 2;
const SERIALIZATION_MASK = 0x1f;
/** The one recorded request that is no Hessian: it shows what a provider answers to such. */
const GARBAGE = 'garbage body';

/** Bodies of recorded requests and responses of real providers, without their 16 header bytes; each body once. */
export function recordedBodies(): Buffer[] {
  const bodies = new Map<string, Buffer>();
  for (const { name, request, response } of RECORDED_VERSIONS.flatMap(recordedCalls)) {
    if (name === GARBAGE) continue;
    for (const frame of [request, response]) {
      if (frame === undefined || (frame[2]! & SERIALIZATION_MASK) !== HESSIAN2) continue;
      const content = frame.subarray(HEADER_BYTES);
      bodies.set(content.toString('latin1'), content);
    }
  }
  return [...bodies.values()];
}

/** Small bodies that together use every form of Hessian 2, also those that Dubbo seldom writes. */
export function handMadeBodies(): Buffer[] {
  return [
    '4e 54 46',
    '80 bf c000 cfff d00000 d7ffff 4980000000 497fffffff',
    'd8 ef f000 ffff 380000 3fffff 5980000000 597fffffff 4c7fffffffffffffff',
    '5b 5c 5d80 5e8000 5f00002fda 444028800000000000 447ff8000000000000',
    '4a000000d04b9284b8 4b00e3838f 4affff8acfffff15a0',
    "00 03'abc' 3003'abc' 530003'abc' 04e4b8adc3a9eda0bdedb880",
    "520001eda0bd 520000 520001'x' 01'y'",
    '20 22ff00 3403112233 42000111 41000122 41000021 42000133',
    '78 799158929192 58929192 579192575a5a',
    "71 04'[int' 72 04'[int' 9192 56 90 92 9192 55 01't' 9192 5a 71 92 71 90 4e",
    "72 04'type' 91 92 76 90 909090909090",
    "48 01'a' 91 01'b' 78 02'xy' 4e 5a",
    "48 91 01'x' 4e 92 4b00000000 93 78 48 5a 5a",
    "4d 01't' 01'a' 71 90 4e 5a 4d 90 5a",
    "43 01'C' 92 01'a' 01'b' 60 91 92 60 93 94 4f 90 95 96 43 01'D' 90 61",
    "43 05'Error' 92 05'cause' 07'message' 60 51 90 02'no' 51 90",
    '7a 79 51 90 7a 51 91 48 90 51 90 5a',
    `${"43 01'c' 90".repeat(18)} 60 6f 4f a0 4f a1`,
    "48 09'__proto__' 48 07'isAdmin' 54 5a 5a",
  ].map(body);
}
