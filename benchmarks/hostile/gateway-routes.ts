import type { ByteText } from '../../src/bytes/byte-text.ts';
import { gatewaySchema, routeSchema } from '../../src/config/schema.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { AnswerDecoder, type AnswerPlan } from '../../src/invocation/answer-decoder.ts';
import { ErrorMapping } from '../../src/invocation/error-mapping.ts';
import { AnswerFrame } from '../../src/rpc/answer-frame.ts';
import { AnswerShapes } from '../../src/transcoder/answer-shapes.ts';
import { ClassPlans } from '../../src/transcoder/class-plan.ts';
import { compileResponseOptions } from '../../src/transcoder/response-options.ts';
import { ShapeBudget } from '../../src/transcoder/shape-budget.ts';

/** The routes of one generation, with the default limits: they share a decoder, its plans and a budget. */
export class GatewayRoutes {
  readonly #budget = new ShapeBudget();
  readonly #decoder = new AnswerDecoder(new ClassPlans(new Set()));

  add(): GatewayRoute {
    const { defaults } = gatewaySchema.parse({});
    const { response } = routeSchema.parse({
      id: 'route',
      match: { path: '/' },
      call: { service: 'service', method: 'method' },
    });
    return new GatewayRoute(this.#decoder, {
      options: compileResponseOptions(response),
      shapes: new AnswerShapes(this.#budget),
      maxResponseBytes: defaults.maxResponseBytes,
      errors: new ErrorMapping({}),
      attachmentHeaders: [],
    });
  }
}

/** A route, of which only the way back is there. */
export class GatewayRoute {
  readonly #decoder: AnswerDecoder;
  readonly #plan: AnswerPlan;
  readonly #frame = new AnswerFrame('127.0.0.1:20880');

  constructor(decoder: AnswerDecoder, plan: AnswerPlan) {
    this.#decoder = decoder;
    this.#plan = plan;
    this.#frame.status = 20;
    this.#frame.serialization = 2;
  }

  /** The JSON of an answer. @throws GatewayError */
  answer(body: Buffer): Buffer | ByteText {
    this.#frame.buffer = body;
    this.#frame.start = 0;
    this.#frame.end = body.length;
    return this.#decoder.decode(this.#frame, this.#plan).body!;
  }

  /** `ok`, or the code of the error that the caller gets. */
  outcomeOf(body: Buffer): string {
    try {
      this.answer(body);
      return 'ok';
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return error.code;
    }
  }
}
