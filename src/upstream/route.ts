import type { MethodGate } from '../bulkhead/method-gate.ts';
import { ByteLimitError } from '../bytes/byte-writer.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerDecoder, AnswerPlan } from '../invocation/answer-decoder.ts';
import type { InvokeTemplate } from '../invocation/invoke-template.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import { routeText } from '../telemetry/access-log.ts';
import type { Clock } from '../time/clock.ts';
import type { CallOutcome, Exchange, RouteTarget } from './exchange.ts';
import { HedgedCall, type Hedging } from './hedged-call.ts';
import { type CallMetrics, type CallRoute, RouteCall, type SelectionHint } from './route-call.ts';
import type { ServiceProviders } from './service-providers.ts';

/** Everything a route's calls need, compiled. */
export interface RouteParts {
  readonly id: string;
  /** Name of the side that this is of a split; undefined where the route is not split. */
  readonly side: string | undefined;
  readonly methodKey: string;
  readonly readsBody: boolean;
  readonly compresses: boolean;
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
  readonly template: InvokeTemplate;
  readonly answerPlan: AnswerPlan;
  readonly providers: ServiceProviders;
  /** What the balancer goes by; undefined where requests do not differ in it. */
  readonly hint: SelectionHint | undefined;
  readonly retries: number;
  readonly isIdempotent: boolean;
  /** How slow calls are made once more; undefined where they are not. Only with `isIdempotent`. */
  readonly hedging: Hedging | undefined;
  /** Where calls take their slots; undefined where nothing bounds them. */
  readonly gate: MethodGate | undefined;
  /** Undefined where nobody counts. */
  readonly metrics: CallMetrics | undefined;
  /** Shared by all routes: a frame is encoded and handed over within one turn of the event loop. */
  readonly writer: HessianWriter;
  readonly decoder: AnswerDecoder;
  readonly clock: Clock;
}

/** A route with one call, or one side of a split, as the HTTP side calls it: encode, take a slot, pick, call, decode. */
export class Route implements RouteTarget, CallRoute {
  readonly id: string;
  readonly methodKey: string;
  readonly logText: string;
  readonly readsBody: boolean;
  readonly compresses: boolean;
  readonly maxBodyBytes: number;
  /** Time in ms from the start of a call to its answer. */
  readonly timeoutMs: number;
  readonly providers: ServiceProviders;
  readonly hint: SelectionHint | undefined;
  readonly retries: number;
  readonly isIdempotent: boolean;
  readonly gate: MethodGate | undefined;
  readonly metrics: CallMetrics | undefined;
  readonly writer: HessianWriter;
  readonly #parts: RouteParts;
  readonly #hedging: Hedging | undefined;

  constructor(parts: RouteParts) {
    this.id = parts.id;
    this.methodKey = parts.methodKey;
    this.logText = routeText(parts.id, parts.methodKey, parts.side);
    this.readsBody = parts.readsBody;
    this.compresses = parts.compresses;
    this.maxBodyBytes = parts.maxBodyBytes;
    this.timeoutMs = parts.timeoutMs;
    this.providers = parts.providers;
    this.hint = parts.hint;
    this.retries = parts.retries;
    this.isIdempotent = parts.isIdempotent;
    this.gate = parts.gate;
    this.metrics = parts.metrics;
    this.writer = parts.writer;
    this.#parts = parts;
    this.#hedging = parts.hedging;
  }

  invoke(exchange: Exchange): Promise<CallOutcome> {
    return new Promise((resolve, reject) => {
      const nowMs = this.nowMs();
      const deadlineMs = nowMs + this.timeoutMs;
      if (this.#hedging === undefined) new RouteCall(this, exchange, deadlineMs, resolve, reject).send(nowMs);
      else new HedgedCall(this, this.#hedging, exchange, deadlineMs, resolve, reject).send(nowMs);
    });
  }

  nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  encode(exchange: Exchange, leftMs: number = this.timeoutMs): void {
    try {
      this.#parts.template.encode(exchange, this.writer, leftMs);
    } catch (error) {
      if (!(error instanceof ByteLimitError)) throw error;
      throw new GatewayError('REQUEST_TOO_LARGE', `The call made of the request exceeds ${error.maxBytes} bytes.`);
    }
  }

  addToken(token: string): void {
    this.#parts.template.addToken(token, this.writer);
  }

  decode(frame: AnswerFrame): CallOutcome {
    const { decoder, answerPlan } = this.#parts;
    const { body, headers } = decoder.decode(frame, answerPlan);
    return { status: body === undefined ? 204 : 200, body, headers };
  }
}
