import type { AdmissionStatus } from '../admission/admission.ts';
import type { MethodRegistry } from '../bulkhead/method-registry.ts';
import type { MethodTransition } from '../bulkhead/method-transition.ts';
import type { PoolStatus } from '../bulkhead/pools.ts';
import { POOL_NAMES } from '../bulkhead/slot.ts';
import type { SlowReaders } from '../http/slow-readers.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { LoadControl } from './load-control.ts';

/** Series of methods at most: those that ever went into quarantine. */
const MAX_METHOD_SERIES = 1_000;

/** Declares the metrics of what bounds the load, and of the log. All are read when they are rendered. */
export function registerGatewayMetrics(registry: MetricRegistry, load: LoadControl, logger: Logger): void {
  registerPools(registry, load);
  registerMethods(registry, load);
  registerAdmission(registry, load);
  registerSlowReaders(registry, load.slowReaders);
  registry.callback(
    'counter',
    { name: 'sluice_log_dropped_lines_total', help: 'Log lines lost because their reader was too slow.' },
    () => logger.droppedLines,
  );
}

/** Declares the metric of changes of state, which the returned function counts. */
export function stateChangeCounter(registry: MetricRegistry): (transition: MethodTransition) => void {
  const changes = registry.counter({
    name: 'sluice_method_state_changes_total',
    help: 'Methods that went into quarantine or came back, by the state that began and who began it.',
    labels: ['to', 'by'],
  });
  return ({ to, by }) => changes.with({ to, by }).add(1);
}

/** Without samples while there are no pools. */
function registerPools(registry: MetricRegistry, load: LoadControl): void {
  const labels = ['pool'] as const;
  const each = (read: (pool: PoolStatus) => number) => () => {
    const pools = load.bulkheads?.pools;
    return pools === undefined ? [] : POOL_NAMES.map((pool) => ({ labels: { pool }, value: read(pools.status(pool)) }));
  };
  registry.collect(
    'gauge',
    { name: 'sluice_bulkhead_size', help: 'Calls in flight that may be in a pool at a time.', labels },
    each(({ size }) => size),
  );
  registry.collect(
    'gauge',
    { name: 'sluice_bulkhead_active', help: 'Calls in flight that hold a slot of a pool.', labels },
    each(({ active }) => active),
  );
  registry.collect(
    'gauge',
    { name: 'sluice_bulkhead_waiting', help: 'Calls that wait for a slot of a pool.', labels },
    each(({ waiting }) => waiting),
  );
  registry.collect(
    'counter',
    {
      name: 'sluice_bulkhead_rejected_total',
      help: 'Calls that a pool refused, those that waited in vain included.',
      labels,
    },
    each(({ rejectedTotal }) => rejectedTotal),
  );
  registry.collect(
    'counter',
    { name: 'sluice_bulkhead_wait_timed_out_total', help: 'Calls that waited for a slot of a pool in vain.', labels },
    each(({ waitTimedOutTotal }) => waitTimedOutTotal),
  );
  registry.collect(
    'counter',
    {
      name: 'sluice_bulkhead_overflowed_total',
      help: 'Calls meant for a pool that were passed on to the slow one.',
      labels,
    },
    each(({ overflowedTotal }) => overflowedTotal),
  );
}

function registerMethods(registry: MetricRegistry, load: LoadControl): void {
  registry.collect(
    'gauge',
    {
      name: 'sluice_method_quarantined',
      help: 'Whether a method is in quarantine; methods that never were are left out.',
      labels: ['method'],
      maxSeries: MAX_METHOD_SERIES,
      aggregation: 'max',
    },
    function* () {
      for (const { key, state, quarantinedTotal } of load.bulkheads?.methods.methods() ?? []) {
        if (quarantinedTotal > 0 || state === 'quarantined')
          yield { labels: { method: key }, value: state === 'quarantined' ? 1 : 0 };
      }
    },
  );
  const gauge = (name: string, help: string, read: (methods: MethodRegistry) => number): void =>
    registry.collect('gauge', { name, help, aggregation: 'max' }, () => {
      const methods = load.bulkheads?.methods;
      return methods === undefined ? [] : [{ labels: {}, value: read(methods) }];
    });
  gauge('sluice_methods_quarantined', 'Number of methods in quarantine.', (methods) => methods.quarantined);
  gauge('sluice_methods_known', 'Methods that are remembered.', (methods) => methods.size);
}

/** Without samples while there is no admission. */
function registerAdmission(registry: MetricRegistry, load: LoadControl): void {
  const collect = (
    kind: 'gauge' | 'counter',
    name: string,
    help: string,
    read: (status: AdmissionStatus) => number,
  ): void =>
    registry.collect(kind, { name: `sluice_admission_${name}`, help }, () => {
      const status = load.admission?.status;
      return status === undefined ? [] : [{ labels: {}, value: read(status) }];
    });
  const held = 'Requests of clients that came again before the time they were told.';
  collect('gauge', 'held', held, () => load.heldRequests.size);
  collect('gauge', 'in_flight', 'Requests being served.', ({ inFlight }) => inFlight);
  const bytes = 'Bytes of request bodies, and of answers that are not written yet.';
  collect('gauge', 'in_flight_bytes', bytes, ({ inFlightBytes }) => inFlightBytes);
  collect('gauge', 'waiting', 'Requests that wait for their turn.', ({ waiting }) => waiting);
  const timedOut = 'Requests refused with ADMISSION_TIMEOUT.';
  collect('counter', 'timed_out_total', timedOut, ({ timedOutTotal }) => timedOutTotal);
  const queueFull = 'Requests refused with ADMISSION_QUEUE_FULL.';
  collect('counter', 'queue_full_total', queueFull, ({ queueFullTotal }) => queueFullTotal);
}

function registerSlowReaders(registry: MetricRegistry, slowReaders: SlowReaders): void {
  registry.callback(
    'gauge',
    { name: 'sluice_slow_readers_waiting', help: 'Answers that wait for their clients to read.' },
    () => slowReaders.waiting,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_slow_readers_waiting_bytes', help: 'Bytes of answers that wait for their clients to read.' },
    () => slowReaders.status.waitingBytes,
  );
  registry.callback(
    'counter',
    {
      name: 'sluice_slow_readers_cut_off_total',
      help: 'Answers that were cut off because their clients read too slowly.',
    },
    () => slowReaders.status.cutOffTotal,
  );
}
