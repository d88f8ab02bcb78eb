import type { Admission } from '../admission/admission.ts';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { MethodTransition } from '../bulkhead/method-transition.ts';
import { POOL_NAMES } from '../bulkhead/slot.ts';
import type { HeldRequests } from '../http/held-requests.ts';
import type { SlowReaders } from '../http/slow-readers.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { MetricRegistry } from '../telemetry/metrics/metric-registry.ts';
import type { LoadControl } from './load-control.ts';

/** Series of methods at most: those that ever went into quarantine. */
const MAX_METHOD_SERIES = 1_000;

/** Declares the metrics of what bounds the load, and of the log. All are read when they are rendered. */
export function registerGatewayMetrics(registry: MetricRegistry, load: LoadControl, logger: Logger): void {
  const { admission, bulkheads, slowReaders } = load;
  if (bulkheads !== undefined) {
    registerPools(registry, bulkheads);
    registerMethods(registry, bulkheads);
  }
  if (admission !== undefined) registerAdmission(registry, admission, load.heldRequests);
  registerSlowReaders(registry, slowReaders);
  registry
    .gauge({ name: 'sluice_config_generation', help: 'Number of the configuration that is served, from 1.' })
    .with({})
    .set(1);
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

function registerPools(registry: MetricRegistry, { pools }: Bulkheads): void {
  const labels = ['pool'] as const;
  const each = (read: (pool: ReturnType<typeof pools.status>) => number) => () =>
    POOL_NAMES.map((pool) => ({ labels: { pool }, value: read(pools.status(pool)) }));
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

function registerMethods(registry: MetricRegistry, { methods }: Bulkheads): void {
  registry.collect(
    'gauge',
    {
      name: 'sluice_method_quarantined',
      help: 'Whether a method is in quarantine; methods that never were are left out.',
      labels: ['method'],
      maxSeries: MAX_METHOD_SERIES,
    },
    function* () {
      for (const { key, state, quarantinedTotal } of methods.methods()) {
        if (quarantinedTotal > 0) yield { labels: { method: key }, value: state === 'quarantined' ? 1 : 0 };
      }
    },
  );
  registry.callback(
    'gauge',
    { name: 'sluice_methods_quarantined', help: 'Number of methods in quarantine.' },
    () => methods.quarantined,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_methods_known', help: 'Methods that are remembered.' },
    () => methods.size,
  );
}

function registerAdmission(registry: MetricRegistry, admission: Admission, held: HeldRequests): void {
  registry.callback(
    'gauge',
    { name: 'sluice_admission_held', help: 'Requests of clients that came again before the time they were told.' },
    () => held.size,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_admission_in_flight', help: 'Requests being served.' },
    () => admission.status.inFlight,
  );
  registry.callback(
    'gauge',
    {
      name: 'sluice_admission_in_flight_bytes',
      help: 'Bytes of request bodies, and of answers that are not written yet.',
    },
    () => admission.status.inFlightBytes,
  );
  registry.callback(
    'gauge',
    { name: 'sluice_admission_waiting', help: 'Requests that wait for their turn.' },
    () => admission.waiting,
  );
  registry.callback(
    'counter',
    { name: 'sluice_admission_timed_out_total', help: 'Requests refused with ADMISSION_TIMEOUT.' },
    () => admission.status.timedOutTotal,
  );
  registry.callback(
    'counter',
    { name: 'sluice_admission_queue_full_total', help: 'Requests refused with ADMISSION_QUEUE_FULL.' },
    () => admission.status.queueFullTotal,
  );
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
