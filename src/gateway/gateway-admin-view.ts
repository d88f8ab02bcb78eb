import type { AdminView } from '../admin/admin-view.ts';
import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { Clock } from '../time/clock.ts';
import { WallOffset } from '../time/wall-offset.ts';
import type { Generation } from './generation.ts';
import type { LoadControl } from './load-control.ts';
import { configuredMethodKeys } from './method-keys.ts';

/** The parts of a gateway that its admin API shows. */
export interface AdminViewParts {
  readonly clock: Clock;
  readonly load: LoadControl;
  /** The generation that serves now. */
  current(): Generation;
  /** What readiness is made of, by name: the gateway is ready while all of it is true. */
  readinessChecks(): Readonly<Record<string, boolean>>;
}

/** A running gateway as its admin API sees it. */
export class GatewayAdminView implements AdminView {
  readonly clock: Clock;
  readonly wallOffset: WallOffset;
  readonly admission: Admission | undefined;
  readonly bulkheads: Bulkheads | undefined;
  readonly #parts: AdminViewParts;

  constructor(parts: AdminViewParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.wallOffset = new WallOffset(parts.clock);
    this.admission = parts.load.admission;
    this.bulkheads = parts.load.bulkheads;
  }

  isReady(): boolean {
    return Object.values(this.readinessChecks()).every(Boolean);
  }

  readinessChecks(): Readonly<Record<string, boolean>> {
    return this.#parts.readinessChecks();
  }

  methodKeys(): ReadonlySet<string> {
    return configuredMethodKeys(this.#parts.current().config);
  }
}
