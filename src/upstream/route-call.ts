import type { GatedCall, MethodGate } from '../bulkhead/method-gate.ts';
import type { SlotCaller } from '../bulkhead/slot.ts';
import type { GatewayError } from '../errors/gateway-error.ts';
import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import { PendingCall } from '../rpc/pending-call.ts';
import type { ProviderChannel } from '../rpc/provider-channel.ts';
import type { RpcFailure } from '../rpc/rpc-failure.ts';
import { CANCELLED, type CallEnd, endOfAnswer, endOfFailure, OK } from './call-end.ts';
import type { CallOutcome, Exchange, RunningCall } from './exchange.ts';
import { rpcError } from './rpc-error.ts';
import type { RpcCallMetrics } from './rpc-metrics.ts';
import type { ServiceProviders } from './service-providers.ts';

/** What a call needs of its route. */
export interface CallRoute {
  readonly providers: ServiceProviders;
  /** Where calls take their slots; undefined where nothing bounds them. */
  readonly gate: MethodGate | undefined;
  /** Undefined where nobody counts. */
  readonly metrics: RpcCallMetrics | undefined;
  /** Writes the call's frame to `writer.out`. Throws `GatewayError` for what is wrong with the request. */
  encode(exchange: Exchange): void;
  readonly writer: HessianWriter;
  /** Throws `GatewayError` for an answer that is no result. */
  decode(frame: AnswerFrame): CallOutcome;
  nowMs(): number;
}

const SENT_ONE_WAY: CallOutcome = { status: 202, body: undefined, headers: undefined };

/**
 * One call of a route: the one object the client links into its tables. It takes a slot of its method's pool, waits for it
 * where that is allowed, and gives it back however it ends. A call whose bytes never left goes to the next provider, each
 * at most once and within the same deadline; everything else is final.
 */
export class RouteCall extends PendingCall implements RunningCall, SlotCaller {
  readonly #route: CallRoute;
  readonly #exchange: Exchange;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: CallOutcome) => void;
  readonly #reject: (error: unknown) => void;
  #gated: GatedCall | undefined = undefined;
  /** Negative before the call has its slot. */
  #startedMs = -1;
  #isOver = false;
  #channel: ProviderChannel | undefined;
  /** Providers that failed before the call was sent. Most calls have none. */
  #tried: ProviderChannel[] | undefined;

  constructor(
    route: CallRoute,
    exchange: Exchange,
    deadlineMs: number,
    resolve: (outcome: CallOutcome) => void,
    reject: (error: unknown) => void,
  ) {
    super();
    this.#route = route;
    this.#exchange = exchange;
    this.#deadlineMs = deadlineMs;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Encodes the call, takes a slot and gives it to the next provider. Throws what is wrong with the request. */
  send(nowMs: number): void {
    // First of all the arguments: what is wrong with them costs no slot and no provider its turn.
    this.#route.encode(this.#exchange);
    this.#gated = this.#enter(nowMs);
    this.#exchange.call = this;
    if (this.#gated?.isWaiting === true) return;
    try {
      this.#start(nowMs);
    } catch (error) {
      this.#fail(error, endOfAnswer(error));
    }
  }

  /** Comes in the middle of another call's end: what it is doing must not be disturbed. */
  onSlot(): void {
    queueMicrotask(() => this.#startAfterWait());
  }

  onSlotRefused(error: GatewayError): void {
    this.#isOver = true;
    this.#exchange.call = undefined;
    this.#route.metrics?.record('refused', 0);
    this.#reject(error);
  }

  override cancel(): void {
    if (this.#isOver) return;
    super.cancel();
    this.#end(CANCELLED);
  }

  onAnswer(frame: AnswerFrame): void {
    let outcome: CallOutcome;
    try {
      outcome = this.#route.decode(frame);
    } catch (error) {
      this.#fail(error, endOfAnswer(error));
      return;
    }
    this.#end(OK);
    this.#resolve(outcome);
  }

  onFailure(failure: RpcFailure): void {
    const nowMs = this.#route.nowMs();
    const next = nowMs < this.#deadlineMs ? this.#elsewhere(failure) : undefined;
    if (next === undefined) {
      this.#fail(rpcError(failure), endOfFailure(failure));
      return;
    }
    try {
      this.#route.encode(this.#exchange);
      this.#sendTo(next, nowMs);
    } catch (error) {
      this.#fail(error, endOfFailure(failure));
    }
  }

  onSent(): void {
    this.#end(OK);
    this.#resolve(SENT_ONE_WAY);
  }

  #startAfterWait(): void {
    if (this.#isOver) return;
    const nowMs = this.#route.nowMs();
    if (nowMs >= this.#deadlineMs) {
      this.onSlotRefused(this.#gated!.tooLate());
      return;
    }
    try {
      this.#gated!.start(nowMs);
      this.#route.encode(this.#exchange);
      this.#start(nowMs);
    } catch (error) {
      this.#fail(error, endOfAnswer(error));
    }
  }

  #enter(nowMs: number): GatedCall | undefined {
    try {
      return this.#route.gate?.enter(this, nowMs, this.#deadlineMs);
    } catch (error) {
      this.#route.metrics?.record('refused', 0);
      throw error;
    }
  }

  #start(nowMs: number): void {
    this.#startedMs = nowMs;
    this.#sendTo(this.#route.providers.pick()!, nowMs);
  }

  #sendTo(channel: ProviderChannel, nowMs: number): void {
    const { out } = this.#route.writer;
    this.#channel = channel;
    this.#exchange.provider = channel.address.key;
    channel.send(out.buffer, 0, out.position, this.#deadlineMs - nowMs, this);
  }

  /** The provider for another try; undefined where the failure is final. */
  #elsewhere({ sent, reason }: RpcFailure): ProviderChannel | undefined {
    if (sent || reason === 'request-too-large' || reason === 'client-stopped') return undefined;
    this.#tried ??= [];
    this.#tried.push(this.#channel!);
    return this.#route.providers.pick(this.#tried);
  }

  #fail(error: unknown, end: CallEnd): void {
    this.#end(end);
    this.#reject(error);
  }

  #end(end: CallEnd): void {
    const exchange = this.#exchange;
    const nowMs = this.#route.nowMs();
    this.#isOver = true;
    exchange.call = undefined;
    if (this.#gated !== undefined) {
      exchange.pool = this.#gated.pool;
      this.#gated.end(end.verdict, nowMs);
    }
    if (this.#startedMs >= 0) this.#route.metrics?.record(end.outcome, (nowMs - this.#startedMs) / 1_000);
  }
}
