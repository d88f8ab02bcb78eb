import type { AdmissionStatus } from '../../../src/admission/admission.ts';
import type { MethodEvent, MethodSnapshot } from '../../../src/bulkhead/method-snapshot.ts';
import type { PoolStatus } from '../../../src/bulkhead/pools.ts';

/** The answer of the admin API, in the types that it is made from. */
export interface StatusSample {
  readonly pools: PoolsSample | null;
  readonly admission: AdmissionStatus | null;
  readonly methods: readonly MethodSnapshot[];
  readonly methodsTotal: number;
  readonly nextAfter: string | null;
  readonly events: readonly MethodEvent[];
}

export interface PoolsSample {
  readonly normal: PoolStatus;
  readonly slow: PoolStatus;
  readonly heartbeat: PoolStatus;
}

/** The time that samples are about. */
export const SAMPLE_MS = Date.parse('2026-01-31T10:00:12.000Z');
export const USER_KEY = 'com.acme.user.UserService:1.0.0:core#getUser(long)';

export function poolSample(size: number, active: number, rejectedTotal = 0, waiting = 0): PoolStatus {
  return { size, active, waiting, rejectedTotal, waitTimedOutTotal: 0, overflowedTotal: 0 };
}

/** A method that was called and is well, with the given changes. */
export function methodSample(key: string, changes: Partial<MethodSnapshot> = {}): MethodSnapshot {
  return {
    key,
    state: 'healthy',
    since: '2026-01-31T09:00:00.000Z',
    pinned: false,
    reason: null,
    by: null,
    active: { normal: 1, slow: 0, heartbeat: 0 },
    window: { calls: 400, timeouts: 0, slow: 0, failed: 0 },
    latencyMs: { p50: 3.06, p95: 12, p99: 18 },
    probes: null,
    quarantinedTotal: 0,
    relapses: 0,
    earliestRelease: null,
    ...changes,
  };
}

/** A method in quarantine for 12 s, with the given changes. */
export function quarantinedSample(key: string, changes: Partial<MethodSnapshot> = {}): MethodSnapshot {
  return methodSample(key, {
    state: 'quarantined',
    since: '2026-01-31T10:00:00.000Z',
    reason: '10 timeouts in 10 s',
    by: 'gateway',
    active: { normal: 0, slow: 3, heartbeat: 1 },
    window: { calls: 40, timeouts: 10, slow: 12, failed: 0 },
    latencyMs: { p50: 3, p95: 900, p99: 1000 },
    probes: { passedInARow: 3, needed: 5 },
    quarantinedTotal: 1,
    earliestRelease: '2026-01-31T10:00:17.000Z',
    ...changes,
  });
}

export function eventSample(changes: Partial<MethodEvent> = {}): MethodEvent {
  return {
    at: '2026-01-31T10:00:00.000Z',
    method: USER_KEY,
    from: 'healthy',
    to: 'quarantined',
    reason: '10 timeouts in 10 s',
    by: 'gateway',
    ...changes,
  };
}

/** The pools of the sample, with the given changes. */
export function poolsSample(changes: Partial<PoolsSample> = {}): PoolsSample {
  const [normal, slow, heartbeat] = [poolSample(4000, 12), poolSample(1000, 1000, 1204, 7), poolSample(20, 1)];
  return { normal, slow, heartbeat, ...changes };
}

export function admissionSample(changes: Partial<AdmissionStatus> = {}): AdmissionStatus {
  return { inFlight: 1014, inFlightBytes: 20_480, waiting: 0, timedOutTotal: 2, queueFullTotal: 1, ...changes };
}

/** A gateway with one method in quarantine, one pinned and one healthy, with the given changes. */
export function statusSample(changes: Partial<StatusSample> = {}): StatusSample {
  return {
    pools: poolsSample(),
    admission: admissionSample(),
    methodsTotal: changes.methods?.length ?? 3,
    nextAfter: null,
    methods: [
      quarantinedSample(USER_KEY),
      methodSample('com.acme.report.ReportService#monthly(int,int)', {
        pinned: true,
        reason: 'slow by nature',
        by: 'operator',
        latencyMs: null,
      }),
      methodSample('com.acme.order.OrderService#place(com.acme.order.Order)'),
    ],
    events: [
      eventSample({ at: '2026-01-30T23:59:59.999Z', to: 'healthy', from: 'quarantined', reason: '5 probes passed' }),
      eventSample({
        reason: 'checked by hand',
        by: 'operator',
        method: 'com.acme.report.ReportService#monthly(int,int)',
      }),
      eventSample(),
    ],
    ...changes,
  };
}

/** The answer of `GET generations`: the file was changed for the worse after it had been good. */
export function generationsSample() {
  return {
    generations: [
      {
        number: 5,
        source: 'file',
        since: '2026-01-31T09:30:00.000Z',
        routes: 12,
        services: 3,
        state: 'serving',
        inFlight: 2,
      },
    ],
    lastReload: {
      source: 'file',
      at: '2026-01-31T10:00:05.000Z',
      successful: false,
      errors: [
        {
          severity: 'error',
          file: 'gateway.yaml',
          line: 3,
          column: 7,
          path: 'log.levl',
          message: 'unknown key "levl"',
          suggestion: 'level',
        },
      ],
    },
  };
}
