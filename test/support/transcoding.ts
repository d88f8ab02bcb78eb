import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import type { ResponseConfig } from '../../src/config/schema.ts';
import { HessianReader } from '../../src/hessian/hessian-reader.ts';
import { AnswerShapes } from '../../src/transcoder/answer-shapes.ts';
import { ClassPlans } from '../../src/transcoder/class-plan.ts';
import { HessianToJson } from '../../src/transcoder/hessian-to-json.ts';
import { compileResponseOptions } from '../../src/transcoder/response-options.ts';
import { ShapeBudget } from '../../src/transcoder/shape-budget.ts';
import { responseConfig } from './answer-decoding.ts';
import { encodeRecipe, type Recipe } from './value-recipe.ts';

/** What a transcoding may differ in from that of a route without options. */
export interface TranscodingOptions extends Partial<ResponseConfig> {
  readonly declaredClasses?: readonly string[];
  readonly maxBytes?: number;
}

/** The JSON text of one Hessian value. Throws as the transcoder does, and where bytes are left over. */
export function toJson(value: Buffer | Recipe, options: TranscodingOptions = {}): string {
  const { declaredClasses = [], maxBytes = 16 * 1024 * 1024, ...response } = options;
  const reader = new HessianReader();
  const out = new ByteWriter(16, maxBytes);
  const transcoder = new HessianToJson(reader, new ClassPlans(new Set(declaredClasses)));
  const bytes = Buffer.isBuffer(value) ? value : encodeRecipe(value);
  transcoder.start(bytes, 0, bytes.length, new AnswerShapes(new ShapeBudget()));
  transcoder.write(reader.next(), out, compileResponseOptions(responseConfig(response)));
  out.checkLimit();
  if (reader.position !== reader.end) throw new Error(`${reader.end - reader.position} bytes left over`);
  return out.take().toString();
}
