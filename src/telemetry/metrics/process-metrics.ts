import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { MetricRegistry } from './metric-registry.ts';

const MICROSECONDS_PER_SECOND = 1e6;
const OPEN_FILES_FOLDER = '/proc/self/fd';

/** Declares the metrics of the process and its memory, by the names that other clients of Prometheus use. */
export function registerProcessMetrics(registry: MetricRegistry): void {
  const startSeconds = performance.timeOrigin / 1000;
  registry.callback(
    'counter',
    { name: 'process_cpu_user_seconds_total', help: 'CPU time spent in the program.', aggregation: 'worker' },
    () => process.cpuUsage().user / MICROSECONDS_PER_SECOND,
  );
  registry.callback(
    'counter',
    {
      name: 'process_cpu_system_seconds_total',
      help: 'CPU time spent in the operating system for the program.',
      aggregation: 'worker',
    },
    () => process.cpuUsage().system / MICROSECONDS_PER_SECOND,
  );
  registry.callback(
    'gauge',
    { name: 'process_resident_memory_bytes', help: 'Memory that is not swapped out.', aggregation: 'worker' },
    () => process.memoryUsage.rss(),
  );
  registry.callback(
    'gauge',
    {
      name: 'process_start_time_seconds',
      help: 'When the process started, in seconds since 1970.',
      aggregation: 'worker',
    },
    () => startSeconds,
  );
  registerOpenFiles(registry);
  registry.callback(
    'gauge',
    { name: 'nodejs_heap_size_used_bytes', help: 'Bytes of the JavaScript heap in use.', aggregation: 'worker' },
    () => process.memoryUsage().heapUsed,
  );
  registry.callback(
    'gauge',
    { name: 'nodejs_heap_size_total_bytes', help: 'Bytes of the JavaScript heap, used or not.', aggregation: 'worker' },
    () => process.memoryUsage().heapTotal,
  );
  registry.callback(
    'gauge',
    {
      name: 'nodejs_external_memory_bytes',
      help: 'Bytes outside of the JavaScript heap, buffers included.',
      aggregation: 'worker',
    },
    () => process.memoryUsage().external,
  );
  registry.collect(
    'gauge',
    {
      name: 'nodejs_active_resources',
      help: 'Sockets, timers and other resources that keep the event loop alive, by type.',
      labels: ['type'],
      aggregation: 'worker',
    },
    activeResources,
  );
}

/** The open files are listed in a thread of their own: there may be tens of thousands. Linux only. */
function registerOpenFiles(registry: MetricRegistry): void {
  if (!existsSync(OPEN_FILES_FOLDER)) return;
  registry.collect(
    'gauge',
    { name: 'process_open_fds', help: 'Open file descriptors.', aggregation: 'worker' },
    async () => {
      const names = await readdir(OPEN_FILES_FOLDER);
      // One of them is the folder itself, open while it is read.
      return [{ labels: {}, value: names.length - 1 }];
    },
  );
}

function* activeResources() {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, value] of counts) yield { labels: { type }, value };
}
