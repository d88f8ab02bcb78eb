import { gatewaySchema, type ResponseConfig, routeSchema } from '../../src/config/schema.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { AnswerDecoder, type AnswerPlan } from '../../src/invocation/answer-decoder.ts';
import { ErrorMapping } from '../../src/invocation/error-mapping.ts';
import { AnswerFrame } from '../../src/rpc/answer-frame.ts';
import { AnswerShapes } from '../../src/transcoder/answer-shapes.ts';
import { ClassPlans } from '../../src/transcoder/class-plan.ts';
import { compileResponseOptions } from '../../src/transcoder/response-options.ts';
import { ShapeBudget } from '../../src/transcoder/shape-budget.ts';

/** The response options of a route that sets only these. */
export function responseConfig(response: Partial<ResponseConfig> = {}): ResponseConfig {
  return routeSchema.parse({ id: 'r', match: { path: '/' }, call: { service: 's', method: 'm' }, response }).response;
}

/** One for all answers of a test process: what was learnt of one must never show in another. */
const SHAPES = new AnswerShapes(new ShapeBudget());

/** An answer plan with the defaults of the configuration. */
export function answerPlan(
  response: Partial<ResponseConfig> = {},
  rest: Partial<Omit<AnswerPlan, 'options'>> = {},
): AnswerPlan {
  const { defaults } = gatewaySchema.parse({});
  return {
    options: compileResponseOptions(responseConfig(response)),
    shapes: SHAPES,
    maxResponseBytes: defaults.maxResponseBytes,
    errors: new ErrorMapping({}),
    attachmentHeaders: Object.entries(response.attachments ?? {}),
    ...rest,
  };
}

/** A decoder of its own cache; `declaredClasses` are those that `types` names. */
export function createDecoder(declaredClasses: readonly string[] = []): AnswerDecoder {
  return new AnswerDecoder(new ClassPlans(new Set(declaredClasses)));
}

/** The answer frame around a body, as the connection hands it over. */
export function answerFrame(body: Buffer, status = 20, serialization = 2): AnswerFrame {
  const frame = new AnswerFrame('127.0.0.1:20880');
  frame.status = status;
  frame.serialization = serialization;
  // The body stands between other bytes, as it does in a read buffer.
  frame.buffer = Buffer.concat([Buffer.from([0x4e]), body, Buffer.from([0x5a, 0x4e])]);
  frame.start = 1;
  frame.end = 1 + body.length;
  return frame;
}

/** What a caller would get for an answer: JSON text, `(no content)`, or the error's code and detail. */
export function outcomeOf(frame: AnswerFrame, plan: AnswerPlan = answerPlan(), decoder = createDecoder()): string {
  try {
    const { body } = decoder.decode(frame, plan);
    return body === undefined ? '(no content)' : body.toString();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const exception = error.jsonExtensions?.exception;
    return `${error.code} ${error.status}: ${error.detail}${exception === undefined ? '' : ` ${exception}`}`;
  }
}
