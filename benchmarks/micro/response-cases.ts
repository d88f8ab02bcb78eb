import { deepStrictEqual } from 'node:assert/strict';
import { DecoderV2 } from 'hessian.js';
import { DIALECTS } from '../../mock-providers/dialects.ts';
import { generalize } from '../../mock-providers/generalize.ts';
import type { JavaValue } from '../../mock-providers/java-value.ts';
import { JavaValueWriter } from '../../mock-providers/java-value-writer.ts';
import { type ByteText, MAX_BYTE_TEXT } from '../../src/bytes/byte-text.ts';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { routeSchema } from '../../src/config/schema.ts';
import { HessianReader } from '../../src/hessian/hessian-reader.ts';
import { AnswerShapes } from '../../src/transcoder/answer-shapes.ts';
import { ClassPlans } from '../../src/transcoder/class-plan.ts';
import { HessianToJson } from '../../src/transcoder/hessian-to-json.ts';
import { compileResponseOptions } from '../../src/transcoder/response-options.ts';
import { ShapeBudget } from '../../src/transcoder/shape-budget.ts';
import type { MicroCase, MicroPair } from './micro-case.ts';
import { responseValues } from './response-values.ts';

const DIALECT = DIALECTS['3.3'];
const BASELINE = 'hessian.js + JSON.stringify';

/** The Hessian of an answer to the JSON of a response. */
export function responseCases(): MicroCase[] {
  return responseValues().flatMap(({ name, summary, value }) => [
    {
      name: `micro/response-${name}-map`,
      prepare: () => responsePair(`${summary}, as generic=true sends it`, generalize(value, DIALECT)),
    },
    {
      name: `micro/response-${name}-raw`,
      prepare: () => responsePair(`${summary}, as raw.return sends it`, value),
    },
  ]);
}

function responsePair(summary: string, value: JavaValue): MicroPair {
  const hessian = new JavaValueWriter(DIALECT.typedArrayList).reset().write(value).bytes();
  const reader = new HessianReader();
  const transcoder = new HessianToJson(reader, new ClassPlans(new Set()));
  const out = new ByteWriter(16 * 1024);
  const shapes = new AnswerShapes(new ShapeBudget());
  const route = { id: 'route', match: { path: '/' }, call: { service: 'service', method: 'method' } };
  const options = compileResponseOptions(routeSchema.parse(route).response);
  // Both end where a server hands its answer on to be sent: with its bytes, or text of known length.
  const transcode = (): Buffer | ByteText => {
    transcoder.start(hessian, 0, hessian.length, shapes);
    out.reset();
    transcoder.write(reader.next(), out, options);
    reader.release();
    return out.position <= MAX_BYTE_TEXT ? out.takeText() : out.take();
  };
  const decode = (): string => JSON.stringify(new DecoderV2(hessian).read());
  return {
    summary: `${summary}: ${hessian.length} bytes to ${transcode().length}`,
    ours: () => transcode().length,
    baselineName: BASELINE,
    baseline: () => Buffer.byteLength(decode()),
    check: () => {
      const withoutClassKeys = (key: string, member: unknown): unknown => (key === 'class' ? undefined : member);
      deepStrictEqual(JSON.parse(transcode().toString()), JSON.parse(decode(), withoutClassKeys));
    },
  };
}
