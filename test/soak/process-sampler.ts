/** What a process holds at one moment, after its garbage was collected. */
export interface ProcessSample {
  readonly heapBytes: number;
  /** Memory outside the heap: buffers and what native code holds. */
  readonly externalBytes: number;
  readonly residentBytes: number;
  /** What keeps the event loop busy, by type; timers that were told not to are not among them. */
  readonly resources: Readonly<Record<string, number>>;
}

/**
 * Preloaded into the gateway: answers each `sample` of its parent with a {@link ProcessSample}. The gateway's own processes
 * have it too, and other messages are theirs.
 */
if (process.channel !== undefined) {
  process.on('message', (message) => {
    if (message !== 'sample') return;
    // A gateway does not outlive its soak.
    if (process.listenerCount('disconnect') === 0) process.once('disconnect', () => process.exit(1));
    void sample();
  });
  process.channel.unref();
}

async function sample(): Promise<void> {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('the gateway must run with --expose-gc');
  // What a first collection lets go of may be held by weak references and finalizers until the next turns.
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) resources[type] = (resources[type] ?? 0) + 1;
  const answer: ProcessSample = { heapBytes: heapUsed, externalBytes: external, residentBytes: rss, resources };
  process.send!(answer);
}
