/** Loaded into a server that has a channel: says, when it is asked, how long its event loop stood still since. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
process.on('message', (message) => {
  if (message !== 'longest stall') return;
  process.send(delays.max / 1e6 - RESOLUTION_MS);
  delays.reset();
});
// The server ends when it wants to.
process.channel.unref();
