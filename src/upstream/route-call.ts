import type { HessianWriter } from '../hessian/hessian-writer.ts';
import type { AnswerFrame } from '../rpc/answer-frame.ts';
import { PendingCall } from '../rpc/pending-call.ts';
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
  #providersLeft: number;

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
    this.#providersLeft = route.providers.size;
  }

  /** Encodes the call and gives it to the next provider. Throws what is wrong with the request. */
  send(nowMs: number): void {
    const { writer, providers } = this.#route;
    const { out } = writer;
    this.#route.encode(this.#exchange);
    this.#providersLeft--;
    const channel = providers.pick()!;
    this.#exchange.provider = channel.address.key;
    channel.send(out.buffer, 0, out.position, this.#deadlineMs - nowMs, this);
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
    if (!failure.sent && this.#canGoElsewhere(failure)) {
      const nowMs = this.#route.nowMs();
      if (nowMs < this.#deadlineMs) {
        try {
          this.send(nowMs);
        } catch (error) {
          this.#fail(error);
        }
        return;
      }
    }
    this.#fail(rpcError(failure));
  }

  onSent(): void {
    this.#exchange.cancel = undefined;
    this.#resolve(SENT_ONE_WAY);
  }

  #canGoElsewhere({ reason }: RpcFailure): boolean {
    return this.#providersLeft > 0 && reason !== 'request-too-large' && reason !== 'client-stopped';
  }

  #fail(error: unknown): void {
    this.#exchange.cancel = undefined;
    this.#reject(error);
  }
}
