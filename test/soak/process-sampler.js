/**
 * Preloaded into the gateway: answers each `sample` of its parent with a ProcessSample. The gateway's own processes
 * have it too, and other messages are theirs. It is no TypeScript, so that nothing but what is measured is loaded.
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

async function sample() {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('the gateway must run with --expose-gc');
  // What a first collection lets go of may be held by weak references and finalizers until the next turns.
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = {};
  for (const type of process.getActiveResourcesInfo()) resources[type] = (resources[type] ?? 0) + 1;
  process.send({ heapBytes: heapUsed, externalBytes: external, residentBytes: rss, resources });
}
