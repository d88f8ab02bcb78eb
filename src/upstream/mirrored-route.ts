import type { CallOutcome, Exchange, RouteTarget } from './exchange.ts';
import type { Mirror } from './mirror.ts';

/** A route of which some requests are called elsewhere as well. */
export class MirroredRoute implements RouteTarget {
  readonly id: string;
  readonly methodKey: string;
  readonly logText: string;
  readonly readsBody: boolean;
  readonly compresses: boolean;
  readonly maxBodyBytes: number;
  readonly #target: RouteTarget;
  readonly #mirror: Mirror;
  readonly #share: number;
  readonly #random: () => number;

  /**
   * @param readsBody whether the mirrored call reads the body
   * @param share part of the requests, above 0 up to 1
   * @param random a number from 0 to below 1, like `Math.random`
   */
  constructor(target: RouteTarget, mirror: Mirror, readsBody: boolean, share: number, random: () => number) {
    this.id = target.id;
    this.methodKey = target.methodKey;
    this.logText = target.logText;
    this.readsBody = target.readsBody || readsBody;
    this.compresses = target.compresses;
    this.maxBodyBytes = target.maxBodyBytes;
    this.#target = target;
    this.#mirror = mirror;
    this.#share = share;
    this.#random = random;
  }

  /** A request that is refused before its call has begun is not mirrored. */
  invoke(exchange: Exchange): Promise<CallOutcome> {
    const outcome = this.#target.invoke(exchange);
    if (exchange.call !== undefined && this.#random() < this.#share) this.#mirror.send(exchange);
    return outcome;
  }
}
