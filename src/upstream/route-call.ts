import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import { PendingCall } from '../rpc/pending-call.ts';
import type { ProviderChannel } from '../rpc/provider-channel.ts';
import type { RpcFailure } from '../rpc/rpc-failure.ts';
import type { CallOutcome, Exchange } from './exchange.ts';
import { rpcError } from './rpc-error.ts';
import type { ServiceProviders } from './service-providers.ts';

/** What a call needs of its route. */
export interface CallRoute {
  readonly providers: ServiceProviders;
  /** Writes the call's frame to `writer.out`. Throws `GatewayError` for what is wrong with the request. */
  encode(exchange: Exchange): void;
  readonly writer: HessianWriter;
  /** Throws `GatewayError` for an answer that is no result. */
  decode(frame: AnswerFrame): CallOutcome;
  nowMs(): number;
}

const SENT_ONE_WAY: CallOutcome = { status: 202, body: undefined, headers: undefined };

/**
 * One call of a route: the one object the client links into its tables. A call whose bytes never left goes to the next
 * provider, each at most once and within the same deadline; everything else is final.
 */
export class RouteCall extends PendingCall {
  readonly #route: CallRoute;
  readonly #exchange: Exchange;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: CallOutcome) => void;
  readonly #reject: (error: unknown) => void;
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

  /** Encodes the call and gives it to the next provider. Throws what is wrong with the request. */
  send(nowMs: number): void {
    // First of all the arguments: what is wrong with them costs no provider its turn.
    this.#route.encode(this.#exchange);
    this.#sendTo(this.#route.providers.pick()!, nowMs);
  }

  onAnswer(frame: AnswerFrame): void {
    this.#exchange.cancel = undefined;
    try {
      this.#resolve(this.#route.decode(frame));
    } catch (error) {
      this.#reject(error);
    }
  }

  onFailure(failure: RpcFailure): void {
    const nowMs = this.#route.nowMs();
    const next = nowMs < this.#deadlineMs ? this.#elsewhere(failure) : undefined;
    if (next === undefined) {
      this.#fail(rpcError(failure));
      return;
    }
    try {
      this.#route.encode(this.#exchange);
      this.#sendTo(next, nowMs);
    } catch (error) {
      this.#fail(error);
    }
  }

  onSent(): void {
    this.#exchange.cancel = undefined;
    this.#resolve(SENT_ONE_WAY);
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

  #fail(error: unknown): void {
    this.#exchange.cancel = undefined;
    this.#reject(error);
  }
}
