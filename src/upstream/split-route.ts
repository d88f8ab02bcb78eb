import type { CallOutcome, Exchange, RouteTarget } from './exchange.ts';
import type { SideChoice } from './side-choice.ts';

/** A route of which each request goes to one of several sides. */
export class SplitRoute implements RouteTarget {
  readonly id: string;
  /** That of the first side. */
  readonly methodKey: string;
  /** That of the first side, for requests that end before one is chosen. */
  readonly logText: string;
  readonly readsBody: boolean;
  readonly compresses: boolean;
  readonly maxBodyBytes: number;
  readonly #sides: readonly RouteTarget[];
  readonly #choice: SideChoice;

  /** @param sides at least one, in the order of the choice */
  constructor(sides: readonly RouteTarget[], choice: SideChoice) {
    const [first] = sides;
    this.id = first!.id;
    this.methodKey = first!.methodKey;
    this.logText = first!.logText;
    this.readsBody = choice.readsBody || sides.some((side) => side.readsBody);
    this.compresses = first!.compresses;
    this.maxBodyBytes = first!.maxBodyBytes;
    this.#sides = sides;
    this.#choice = choice;
  }

  invoke(exchange: Exchange): Promise<CallOutcome> {
    let side: RouteTarget;
    try {
      side = this.#sides[this.#choice.sideOf(exchange)]!;
    } catch (error) {
      return Promise.reject(error);
    }
    exchange.routeText = side.logText;
    return side.invoke(exchange);
  }
}
