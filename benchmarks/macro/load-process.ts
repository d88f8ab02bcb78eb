/**
 * The load, in a process of its own: does one job at a time, as told over the message channel. It stays alive between
 * jobs, so that its own code is warm in each of them.
 */
import autocannon from 'autocannon';
import { bodyCheck } from './body-check.ts';
import type { LoadJob, LoadReport } from './load.ts';

/** How often autocannon looks whether its time is over, in ms. Its default of a second makes any shorter job that long. */
const LOOK_MS = 20;

process.on('message', (job: LoadJob) => {
  void run(job).then((report) => process.send!(report));
});

async function run(job: LoadJob): Promise<LoadReport> {
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const result = await autocannon({
    url: job.url,
    method: job.method,
    ...(job.body === undefined ? {} : { body: job.body, headers: { 'content-type': 'application/json' } }),
    connections: job.connections,
    duration: job.seconds,
    sampleInt: LOOK_MS,
    verifyBody: bodyCheck(job.expectedBody),
    timeout: 10,
  });
  const elapsedMs = performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    requests: result['2xx'],
    failures: result.non2xx + result.errors + result.mismatches,
    failedAs: `${result.non2xx} other statuses, ${result.errors} errors, ${result.mismatches} other bodies`,
    elapsedMs,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicros: cpu.user + cpu.system,
  };
}
