import type { SelectionRequest } from '../balancing/balancer.ts';
import type { GatedCall, MethodGate } from '../bulkhead/method-gate.ts';
import type { SlotCaller } from '../bulkhead/slot.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import { PendingCall } from '../rpc/pending-call.ts';
import type { RpcFailure } from '../rpc/rpc-failure.ts';
import { CANCELLED, type CallEnd, endOfAnswer, endOfFailure, OK, OVERTAKEN } from './call-end.ts';
import type { CallOutcome, Exchange, RunningCall } from './exchange.ts';
import { rpcError } from './rpc-error.ts';
import type { RpcOutcome } from './rpc-outcome.ts';
import type { ProviderChoice, ServiceProviders } from './service-providers.ts';

/** Counts calls by how they ended. */
export interface CallMetrics {
  /** @param seconds from its slot to its end; 0 for a call that was refused */
  record(outcome: RpcOutcome, seconds: number): void;
}

/** What a call needs of its route. */
export interface CallRoute {
  readonly providers: ServiceProviders;
  /** Where calls take their slots; undefined where nothing bounds them. */
  readonly gate: MethodGate | undefined;
  /** Undefined where nobody counts. */
  readonly metrics: CallMetrics | undefined;
  /**
   * Writes the call's frame to `writer.out`. Throws `GatewayError` for what is wrong with the request.
   *
   * @param leftMs whole ms that the provider is told it has; default: the route's time-out
   */
  encode(exchange: Exchange, leftMs?: number): void;
  readonly writer: HessianWriter;
  /** Adds to the frame what the provider that it goes to wants to be shown. */
  addToken(token: string): void;
  /** What the balancer goes by; undefined where requests do not differ in it. */
  readonly hint: SelectionHint | undefined;
  /** Further tries of a call that may be run again. */
  readonly retries: number;
  /** Whether a call may be run twice. */
  readonly isIdempotent: boolean;
  /** Throws `GatewayError` for an answer that is no result. */
  decode(frame: AnswerFrame): CallOutcome;
  nowMs(): number;
}

/** Where what the balancer goes by is noted: a call, or who only wants to know. */
export interface SelectionNote {
  tag: string;
  isTagForced: boolean;
  hash: number;
}

/** Reads from a request what the balancer goes by, and notes it. Throws `GatewayError`. */
export type SelectionHint = (exchange: Exchange, note: SelectionNote) => void;

const NO_HASH = -1;
const SENT_ONE_WAY: CallOutcome = { status: 202, body: undefined, headers: undefined };

/**
 * One call of a route: the one object the client links into its tables. It takes a slot of its method's pool, waits for it
 * where that is allowed, and gives it back however it ends.
 *
 * A call whose bytes never left goes to the next provider, each at most once. One that a provider had no thread for, or
 * that was lost on its way and may be run twice, is tried again as often as `retries` says, while the service's budget for
 * that lasts, and never at the same provider while there is another. All of it within one deadline. Everything else is
 * final.
 */
export class RouteCall extends PendingCall implements RunningCall, SlotCaller, SelectionRequest {
  tag = '';
  isTagForced = false;
  hash = NO_HASH;
  readonly #route: CallRoute;
  readonly #exchange: Exchange;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: CallOutcome) => void;
  readonly #reject: (error: unknown) => void;
  #gated: GatedCall | undefined = undefined;
  /** Negative before the call has its slot. */
  #startedMs = -1;
  #isOver = false;
  /** Where it is, since `#triedMs`. */
  #choice: ProviderChoice | undefined = undefined;
  #triedMs = 0;
  /** Where it was before, and where it is; undefined while that is the first one. */
  #tried: ProviderChoice[] | undefined = undefined;
  #retriesLeft: number;

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
    this.#retriesLeft = route.retries;
  }

  /** Encodes the call, takes a slot and gives it to the next provider. Throws what is wrong with the request. */
  send(nowMs: number): void {
    // First of all the arguments: what is wrong with them costs no slot and no provider its turn.
    this.#route.encode(this.#exchange);
    this.#route.hint?.(this.#exchange, this);
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
    this.#giveUp(CANCELLED);
  }

  /** Gives up as `cancel` does, because another call of the request was answered first. */
  overtake(): void {
    this.#giveUp(OVERTAKEN);
  }

  /**
   * Makes the call beside `other`, which is at a provider, with the same request: at a provider where that was not. It takes
   * a slot only if one is free, and from then on neither of both is tried again at the other's provider, or once it was run.
   *
   * @returns whether it was made
   * @throws GatewayError for a request that cannot be encoded
   */
  sendBeside(other: RouteCall, nowMs: number): boolean {
    const { gate, providers } = this.#route;
    const first = other.#choice;
    if (first === undefined || nowMs >= this.#deadlineMs) return false;
    this.#encodeAgain(nowMs);
    this.#gated = gate?.tryEnter(this, nowMs);
    if (gate !== undefined && this.#gated === undefined) return false;
    this.tag = other.tag;
    this.isTagForced = other.isTagForced;
    this.hash = other.hash;
    const tried = other.#tried ?? [first];
    const choice = providers.pick(this, nowMs, tried);
    if (choice?.target.isUsable !== true) {
      this.#isOver = true;
      this.#gated?.end('cancelled', nowMs);
      return false;
    }
    this.#exchange.call = this;
    this.#startedMs = nowMs;
    // From here on both go by one list, so that neither ever comes to where the other is.
    tried.push(choice);
    this.#tried = tried;
    other.#tried = tried;
    this.#retriesLeft = 0;
    other.#retriesLeft = 0;
    this.#sendTo(choice, nowMs);
    return true;
  }

  onAnswer(frame: AnswerFrame): void {
    const nowMs = this.#route.nowMs();
    let outcome: CallOutcome;
    try {
      // A provider that was told the deadline may answer with nothing when that is over (TimeoutFilter of Dubbo 2.7).
      if (nowMs > this.#deadlineMs) throw lateAnswer(this.#exchange.provider);
      outcome = this.#route.decode(frame);
    } catch (error) {
      const end = endOfAnswer(error);
      if (!this.#isRunElsewhere(end, isBusy(error))) this.#fail(error, end);
      return;
    }
    this.#end(OK, nowMs);
    this.#resolve(outcome);
  }

  onFailure(failure: RpcFailure): void {
    const end = endOfFailure(failure);
    const isElsewhere = failure.sent
      ? this.#isRunElsewhere(end, failure.reason === 'connection-lost' && this.#route.isIdempotent)
      : end.result === 'failure' && this.#goOn(end);
    if (!isElsewhere) this.#fail(rpcError(failure), end);
  }

  onSent(): void {
    this.#end(OK);
    this.#resolve(SENT_ONE_WAY);
  }

  #giveUp(end: CallEnd): void {
    if (this.#isOver) return;
    super.cancel();
    this.#end(end);
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
      this.#encodeAgain(nowMs);
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
    const { providers, retries } = this.#route;
    if (retries > 0) providers.retryBudget.recordCall(nowMs);
    const choice = providers.pick(this, nowMs);
    if (choice === undefined) throw new GatewayError('PROVIDER_NONE', providers.absence);
    this.#sendTo(choice, nowMs);
  }

  /** Others have used the writer since; and the provider is told how much time is left. */
  #encodeAgain(nowMs: number): void {
    this.#route.encode(this.#exchange, Math.ceil(this.#deadlineMs - nowMs));
  }

  #sendTo(choice: ProviderChoice, nowMs: number): void {
    const { token } = choice.instance;
    if (token !== '') this.#route.addToken(token);
    const { out } = this.#route.writer;
    const channel = choice.target;
    this.#choice = choice;
    this.#triedMs = nowMs;
    this.#exchange.provider = channel.address.key;
    this.#route.providers.onStart(choice);
    channel.send(out.buffer, 0, out.position, this.#deadlineMs - nowMs, this);
  }

  /** Tries a call again that was sent, if it `isRepeatable` and may be; false where it is over. */
  #isRunElsewhere(end: CallEnd, isRepeatable: boolean): boolean {
    if (!isRepeatable || this.#retriesLeft === 0) return false;
    if (!this.#route.providers.retryBudget.tryTake(this.#route.nowMs())) return false;
    this.#retriesLeft--;
    return this.#goOn(end, true);
  }

  /** Goes on to another provider, or to the same one again where it `mayRepeat`; false where there is none. */
  #goOn(end: CallEnd, mayRepeat = false): boolean {
    const nowMs = this.#route.nowMs();
    if (nowMs >= this.#deadlineMs) return false;
    const { providers } = this.#route;
    this.#tried ??= [this.#choice!];
    const next = providers.pick(this, nowMs, this.#tried) ?? (mayRepeat ? providers.pick(this, nowMs) : undefined);
    if (next === undefined) return false;
    this.#tried.push(next);
    this.#leave(end, nowMs);
    try {
      this.#encodeAgain(nowMs);
      this.#sendTo(next, nowMs);
    } catch (error) {
      this.#fail(error, end);
    }
    return true;
  }

  /** Tells what is to be known of the provider the call was at. */
  #leave({ result }: CallEnd, nowMs: number): void {
    const choice = this.#choice;
    this.#choice = undefined;
    if (choice !== undefined) this.#route.providers.onEnd(choice, result, this.#triedMs, nowMs);
  }

  #fail(error: unknown, end: CallEnd): void {
    this.#end(end);
    this.#reject(error);
  }

  #end(end: CallEnd, nowMs: number = this.#route.nowMs()): void {
    const exchange = this.#exchange;
    this.#isOver = true;
    exchange.call = undefined;
    this.#leave(end, nowMs);
    if (this.#gated !== undefined) {
      exchange.pool = this.#gated.pool;
      this.#gated.end(end.verdict, nowMs);
    }
    if (this.#startedMs >= 0) this.#route.metrics?.record(end.outcome, (nowMs - this.#startedMs) / 1_000);
  }
}

function lateAnswer(provider: string | undefined): GatewayError {
  const log = { provider, reason: 'timeout', message: 'the answer came after the deadline' };
  return new GatewayError('PROVIDER_TIMEOUT', 'The provider did not answer in time.', { log });
}

/** Whether the provider had no thread for the call, which was not run then. */
function isBusy(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'PROVIDER_BUSY';
}
