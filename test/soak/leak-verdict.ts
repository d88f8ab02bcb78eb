/** What is compared over time, each taken while the gateway had nothing to do. */
export interface RestSample {
  /** Time in minutes since the start. */
  readonly minutes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** Sockets, pipes and servers. */
  readonly handles: number;
  readonly timers: number;
  /** To providers. */
  readonly connections: number;
  /** Services followed in registries. */
  readonly subscriptions: number;
}

/** Samples from which anything can be said, those of the warm-up among them. */
export const LEAST_SAMPLES = 8;
/** Part of the samples that is left out: caches fill, code is compiled, and each method is seen for the first time. */
const WARM_UP_SHARE = 0.25;
/** The same for the slope of the heap, which fills for longer: with what each method can come to at all. */
const HEAP_WARM_UP_SHARE = 0.4;
const MIB = 1024 ** 2;
/** A heap that grows faster is a leak, and one that has grown by more than the share, however slowly. */
const MAX_HEAP_BYTES_PER_MINUTE = MIB;
const MAX_HEAP_GROWTH = 0.1;
/** Buffers are freed by collections that nobody can ask for; they may go up and down by this much. */
const MAX_EXTERNAL_GROWTH_BYTES = 16 * MIB;
/** Connections to providers come and go. */
const MAX_HANDLE_GROWTH = 8;

/** What has leaked, in words; nothing if nothing has. Throws where the samples are too few to tell. */
export function findLeaks(samples: readonly RestSample[]): string[] {
  if (samples.length < LEAST_SAMPLES) {
    throw new RangeError(`${samples.length} samples are too few to tell; ${LEAST_SAMPLES} are needed`);
  }
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE));
  const third = Math.floor(warm.length / 3);
  const [early, late] = [warm.slice(0, third), warm.slice(-third)];
  const leaks: string[] = [];

  const filled = samples.slice(Math.ceil(samples.length * HEAP_WARM_UP_SHARE));
  const slope = slopePerMinute(filled, ({ heapBytes }) => heapBytes);
  if (slope > MAX_HEAP_BYTES_PER_MINUTE) leaks.push(`the heap grows by ${mebibytes(slope)} MiB a minute`);
  const growth = middle(late, ({ heapBytes }) => heapBytes) / middle(early, ({ heapBytes }) => heapBytes) - 1;
  if (growth > MAX_HEAP_GROWTH) leaks.push(`the heap has grown by ${(100 * growth).toFixed(1)} %`);

  const external =
    middle(late, ({ externalBytes }) => externalBytes) - middle(early, ({ externalBytes }) => externalBytes);
  if (external > MAX_EXTERNAL_GROWTH_BYTES)
    leaks.push(`memory outside the heap has grown by ${mebibytes(external)} MiB`);
  for (const name of ['handles', 'timers', 'connections', 'subscriptions'] as const) {
    const more = middle(late, (sample) => sample[name]) - middle(early, (sample) => sample[name]);
    if (more > MAX_HANDLE_GROWTH) leaks.push(`there are ${more} more ${name} than before`);
  }
  return leaks;
}

/** The slope of the line through most of the points (Theil and Sen): the middle one of the slopes between any two. */
export function slopePerMinute<Sample extends { readonly minutes: number }>(
  samples: readonly Sample[],
  read: (sample: Sample) => number,
): number {
  const slopes: number[] = [];
  for (const [index, first] of samples.entries()) {
    for (const second of samples.slice(index + 1)) {
      slopes.push((read(second) - read(first)) / (second.minutes - first.minutes));
    }
  }
  return median(slopes);
}

function middle(samples: readonly RestSample[], read: (sample: RestSample) => number): number {
  return median(samples.map(read));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
