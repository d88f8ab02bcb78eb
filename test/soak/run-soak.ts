import { setTimeout as delay } from 'node:timers/promises';
import { findLeaks, LEAST_SAMPLES, type RestSample, slopePerMinute } from './leak-verdict.ts';
import type { GatewayCounts, SoakGateway } from './soak-gateway.ts';
import type { SoakLoad } from './soak-load.ts';

const SAMPLE_EVERY_MS = 10_000;
/** Time in ms in which all that is in use must be given back once the load rests. */
const REST_LIMIT_MS = 20_000;
const LOOK_AGAIN_MS = 100;
const MIB = 1024 ** 2;

/** Server sockets, sockets and pipes; the rest of what is counted are timers and unfinished work. */
const HANDLE = /Wrap$/;

/** What must have been seen for the run to mean anything: by the beginning of the outcome. */
const MUST_HAPPEN = [
  '200',
  '404 NOT_FOUND',
  '404 ROUTE_NOT_FOUND',
  '400 REQUEST_JSON',
  '504 PROVIDER_TIMEOUT',
  '503 BULKHEAD_FULL',
  '503 ADMISSION_TIMEOUT',
  '503 ADMISSION_QUEUE_FULL',
  'abandoned',
  'read slowly',
  'read late',
];

const COLUMNS = [
  ['min', 5],
  ['heap MiB', 9],
  ['ext', 6],
  ['rss', 6],
  ['handles', 8],
  ['timers', 7],
  ['methods', 8],
  ['series', 7],
  ['conns', 6],
  ['subs', 5],
  ['| pending', 10],
  ['slots n/s/h', 12],
  ['wait', 5],
  ['in flight', 10],
  ['wait', 5],
  ['quar.', 6],
  ['| 2xx', 9],
  ['4xx', 7],
  ['502', 5],
  ['503', 6],
  ['504', 6],
  ['left', 6],
  ['kills', 6],
  ['changes', 8],
  ['churn', 6],
] as const;

/**
 * Runs a load for so many minutes. Every ten seconds it rests: what the gateway holds then must be nothing, and what it
 * keeps is compared in the end.
 *
 * @param print is given the table as it comes, and the verdict
 * @returns the exit code: 0 if nothing was lost and nothing grew
 */
export async function runSoak(
  gateway: SoakGateway,
  load: SoakLoad,
  minutes: number,
  print: (text: string) => void,
): Promise<number> {
  const samples: RestSample[] = [];
  const faults: string[] = [];
  await load.warmUp();
  const startMs = performance.now();
  print(`${COLUMNS.map(([title, width]) => title.padStart(width)).join('')}\n`);
  const broken = load.start().then(
    () => 'the load ended',
    (error: unknown) => `the load broke off: ${error instanceof Error ? error.stack : String(error)}`,
  );
  let quarantines = 0;
  const isLongEnough = () => performance.now() - startMs >= minutes * 60_000 && samples.length >= LEAST_SAMPLES;
  while (!isLongEnough() && faults.length === 0) {
    const fault = await Promise.race([delay(SAMPLE_EVERY_MS, undefined), broken]);
    if (fault !== undefined) faults.push(fault);
    if (!gateway.isRunning) faults.push('the gateway has ended');
    if (faults.length > 0) break;
    const busy = await gateway.counts();
    quarantines += busy.quarantined;
    await load.pause();
    const held = await heldAtRest(gateway);
    if (held !== undefined) faults.push(held);
    samples.push(await restSample(gateway, (performance.now() - startMs) / 60_000, busy, load, print));
    load.resume();
  }
  await load.end();
  if (faults.length === 0) faults.push(...lateFaults(samples, load, quarantines));
  print(verdict(faults, samples, load));
  return faults.length === 0 ? 0 : 1;
}

/** Waits until nothing is in use; what still is after a long while. */
async function heldAtRest(gateway: SoakGateway): Promise<string | undefined> {
  const deadline = performance.now() + REST_LIMIT_MS;
  for (;;) {
    const counts = await gateway.counts();
    const { pending, slots, waitingForSlots, inFlight, inFlightBytes, waitingForAdmission } = counts;
    const held = { pending, slots: sum(slots), waitingForSlots, inFlight, inFlightBytes, waitingForAdmission };
    const { faults } = await gateway.registryState();
    const isFree = Object.values(held).every((count) => count === 0);
    if (isFree && faults.length === 0) return undefined;
    if (performance.now() > deadline) {
      return [...(isFree ? [] : [`not given back: ${JSON.stringify(held)}`]), ...faults].join('; ');
    }
    await delay(LOOK_AGAIN_MS);
  }
}

async function restSample(
  gateway: SoakGateway,
  minutes: number,
  busy: GatewayCounts,
  load: SoakLoad,
  print: (text: string) => void,
): Promise<RestSample> {
  const series = await gateway.series();
  const { subscriptions } = await gateway.registryState();
  const { connections } = await gateway.counts();
  const { heapBytes, externalBytes, residentBytes, resources } = await gateway.sample();
  let handles = 0;
  for (const [type, count] of Object.entries(resources)) if (HANDLE.test(type)) handles += count;
  const timers = sum(Object.values(resources)) - handles;
  const cells = [
    minutes.toFixed(1),
    mebibytes(heapBytes),
    mebibytes(externalBytes),
    mebibytes(residentBytes, 0),
    handles,
    timers,
    busy.methods,
    series,
    connections,
    subscriptions,
    busy.pending,
    busy.slots.join('/'),
    busy.waitingForSlots,
    busy.inFlight,
    busy.waitingForAdmission,
    busy.quarantined,
    outcomes(load, '2'),
    outcomes(load, '4'),
    outcomes(load, '502'),
    outcomes(load, '503'),
    outcomes(load, '504'),
    outcomes(load, 'abandoned'),
    load.events.kills,
    load.events.changes,
    load.events.churns,
  ];
  print(`${cells.map((cell, column) => String(cell).padStart(COLUMNS[column]![1])).join('')}\n`);
  return { minutes, heapBytes, externalBytes, handles, timers, connections, subscriptions };
}

function lateFaults(samples: readonly RestSample[], load: SoakLoad, quarantines: number): string[] {
  const { client, events } = load;
  const faults = findLeaks(samples);
  if (client.answers !== client.requests) faults.push(`${client.requests - client.answers} requests had no answer`);
  for (const outcome of client.outcomes.keys()) {
    if (outcome.startsWith('500')) faults.push(`a fault of the gateway: ${outcome}`);
  }
  for (const outcome of MUST_HAPPEN) if (outcomes(load, outcome) === 0) faults.push(`it never came to: ${outcome}`);
  for (const [name, count] of Object.entries(events)) if (count === 0) faults.push(`it never came to: ${name}`);
  if (quarantines === 0) faults.push('it never came to: a quarantine');
  return faults;
}

function verdict(faults: readonly string[], samples: readonly RestSample[], load: SoakLoad): string {
  const lines = [...load.client.outcomes]
    .sort()
    .map(([outcome, count]) => `  ${String(count).padStart(8)}  ${outcome}`);
  const slope = samples.length < 2 ? 0 : slopePerMinute(samples, ({ heapBytes }) => heapBytes) / MIB;
  return [
    '',
    ...lines,
    '',
    `heap: ${slope.toFixed(2)} MiB a minute over the whole run`,
    ...(faults.length === 0 ? ['nothing was lost, and nothing has grown'] : faults.map((fault) => `FAILED: ${fault}`)),
    '',
  ].join('\n');
}

/** Number of requests whose outcome begins like this. */
function outcomes({ client }: SoakLoad, beginning: string): number {
  let count = 0;
  for (const [outcome, times] of client.outcomes) if (outcome.startsWith(beginning)) count += times;
  return count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mebibytes(bytes: number, digits = 1): string {
  return (bytes / MIB).toFixed(digits);
}
