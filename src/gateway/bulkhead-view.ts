import type { MethodChange } from '../admin/admin-view.ts';
import type { BulkheadsAnswer } from '../admin/answers/bulkheads-answer.ts';
import type { MethodAnswer } from '../admin/answers/method-answer.ts';
import type { MethodAction } from '../admin/method-action.ts';
import { type MethodPageQuery, methodPage } from '../admin/method-page.ts';
import { nearestMethodKeys } from '../admin/nearest-method-keys.ts';
import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { MethodHealth } from '../bulkhead/method-health.ts';
import { methodSnapshot } from '../bulkhead/method-snapshot.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Clock } from '../time/clock.ts';
import type { WallOffset } from '../time/wall-offset.ts';

/** What bounds the load of a gateway, as far as the admin API shows it. */
export interface ShownLoad {
  /** Undefined where it is off. */
  readonly admission: Admission | undefined;
  /** Undefined where they are off. */
  readonly bulkheads: Bulkheads | undefined;
}

const MAX_NEAREST = 3;

/** Pools, admission and methods as the admin API sees them, and an operator's hand on the methods. */
export class BulkheadView {
  readonly #load: ShownLoad;
  readonly #clock: Clock;
  readonly #wallOffset: WallOffset;
  readonly #methodKeys: () => ReadonlySet<string>;

  /** @param methodKeys the keys of all configured methods, called or not */
  constructor(load: ShownLoad, clock: Clock, wallOffset: WallOffset, methodKeys: () => ReadonlySet<string>) {
    this.#load = load;
    this.#clock = clock;
    this.#wallOffset = wallOffset;
    this.#methodKeys = methodKeys;
  }

  /** Throws GatewayError REQUEST_INVALID where no method has the key `after` of the query. */
  bulkheads(query: MethodPageQuery): BulkheadsAnswer {
    const { bulkheads } = this.#load;
    const admission = this.#load.admission?.status ?? null;
    if (bulkheads === undefined) {
      return { pools: null, admission, methods: [], methodsTotal: 0, nextAfter: null, events: [] };
    }
    const page = methodPage(bulkheads.methods.methods(), query);
    const { pools, methods, events } = bulkheads.status(this.#clock.nowMs(), this.#wallOffset.ms, page.methods);
    return { pools, admission, methods, methodsTotal: page.total, nextAfter: page.nextAfter, events };
  }

  /** The state of a method; what was never called stays so. Throws GatewayError METHOD_UNKNOWN. */
  method(key: string): MethodAnswer {
    const bulkheads = this.#bulkheadsWith(key);
    return this.#answer(bulkheads.methods.peek(key, this.#clock.nowMs()), bulkheads);
  }

  /** Throws GatewayError METHOD_UNKNOWN. */
  actOnMethod(key: string, action: MethodAction, reason: string | undefined): MethodChange {
    const bulkheads = this.#bulkheadsWith(key);
    const nowMs = this.#clock.nowMs();
    const method = bulkheads.methods.method(key, nowMs);
    const changed = method[action](nowMs, reason);
    return { method: this.#answer(method, bulkheads), changed };
  }

  /** The bulkheads, where they know the method. */
  #bulkheadsWith(key: string): Bulkheads {
    const { bulkheads } = this.#load;
    if (bulkheads === undefined) {
      const detail = 'No method has a state, since the configuration says `bulkhead: off`.';
      throw new GatewayError('METHOD_UNKNOWN', detail, { extensions: { nearest: [] } });
    }
    const keys = this.#methodKeys();
    if (keys.has(key) || bulkheads.methods.find(key) !== undefined) return bulkheads;
    const nearest = nearestMethodKeys(key, keys, MAX_NEAREST);
    throw new GatewayError('METHOD_UNKNOWN', 'There is no method with this key.', { extensions: { nearest } });
  }

  /** The state as it is now. */
  #answer(method: MethodHealth, bulkheads: Bulkheads): MethodAnswer {
    const activeOf = (key: string) => bulkheads.activeOf(key);
    return methodSnapshot(method, { nowMs: this.#clock.nowMs(), wallOffsetMs: this.#wallOffset.ms, activeOf });
  }
}
