import { timestamp } from '../telemetry/timestamp.ts';
import type { LatencyPercentiles } from './latency-histogram.ts';
import type { MethodHealth } from './method-health.ts';
import type { MethodState, MethodStateSource, MethodTransition } from './method-transition.ts';
import type { MethodCounts } from './method-window.ts';

/** Calls of a method that hold a slot, by pool. */
export interface ActiveCalls {
  readonly normal: number;
  readonly slow: number;
  readonly heartbeat: number;
}

/** What a snapshot needs beyond the methods themselves. */
export interface SnapshotView {
  readonly nowMs: number;
  /** Milliseconds since 1970 UTC less `nowMs`: what turns times of the calls into dates. */
  readonly wallOffsetMs: number;
  /** What the method holds of the pools. */
  readonly activeOf: (key: string) => ActiveCalls;
}

/** One method in the status. Dates are ISO 8601 in UTC. */
export interface MethodSnapshot {
  readonly key: string;
  readonly state: MethodState;
  /** When the state began: for a method that never left it, when it was first called. */
  readonly since: string;
  readonly pinned: boolean;
  /** Why the state began, and by whom; null for a method that never left it. */
  readonly reason: string | null;
  readonly by: MethodStateSource | null;
  readonly active: ActiveCalls;
  readonly window: MethodCounts;
  /** Null where no call ended within the window. */
  readonly latencyMs: LatencyPercentiles | null;
  /** Null while healthy. */
  readonly probes: { readonly passedInARow: number; readonly needed: number } | null;
  readonly quarantinedTotal: number;
  readonly relapses: number;
  /** Null while healthy, and where only an operator can release the method. */
  readonly earliestRelease: string | null;
}

/** One change of state in the status. */
export interface MethodEvent {
  readonly at: string;
  readonly method: string;
  readonly from: MethodState;
  readonly to: MethodState;
  readonly reason: string;
  readonly by: MethodStateSource;
}

/** The part of the status that is about methods. */
export interface MethodsSnapshot {
  /** Those in quarantine first, then the pinned ones, then the others; each by the time they were first called. */
  readonly methods: readonly MethodSnapshot[];
  /** Oldest first. */
  readonly events: readonly MethodEvent[];
}

/** The status of these methods and events. */
export function methodsSnapshot(
  methods: Iterable<MethodHealth>,
  events: readonly MethodTransition[],
  view: SnapshotView,
): MethodsSnapshot {
  const ordered = [...methods].sort((one, other) => rank(one) - rank(other));
  return {
    methods: ordered.map((method) => methodSnapshot(method, view)),
    events: events.map((event) => methodEvent(event, view.wallOffsetMs)),
  };
}

/** The status of one method. */
export function methodSnapshot(method: MethodHealth, view: SnapshotView): MethodSnapshot {
  const { nowMs, wallOffsetMs } = view;
  const { earliestReleaseMs } = method;
  return {
    key: method.key,
    state: method.state,
    since: timestamp(method.sinceMs + wallOffsetMs),
    pinned: method.isPinned,
    reason: method.reason ?? null,
    by: method.by ?? null,
    active: view.activeOf(method.key),
    window: method.counts(nowMs),
    latencyMs: method.latency(nowMs) ?? null,
    probes:
      method.state === 'healthy'
        ? null
        : { passedInARow: method.probesPassedInARow, needed: method.rules.recoverAfter },
    quarantinedTotal: method.quarantinedTotal,
    relapses: method.relapses(nowMs),
    earliestRelease: earliestReleaseMs === undefined ? null : timestamp(earliestReleaseMs + wallOffsetMs),
  };
}

function methodEvent(event: MethodTransition, wallOffsetMs: number): MethodEvent {
  const { atMs, method, from, to, reason, by } = event;
  return { at: timestamp(atMs + wallOffsetMs), method, from, to, reason, by };
}

function rank(method: MethodHealth): number {
  if (method.state === 'quarantined') return 0;
  return method.isPinned ? 1 : 2;
}
