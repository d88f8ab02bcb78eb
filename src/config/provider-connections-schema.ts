import * as z from 'zod';

/** Time in ms, or 0 for never. */
const durationOrNever = z.int().min(0).max(86_400_000);

/** How long connections to providers live: `defaults.connections`. */
export const providerConnections = z.strictObject({
  maxAgeMs: durationOrNever
    .default(1_800_000)
    .describe(
      'Age in ms after which a connection to a provider is replaced, so that behind a virtual address load moves to new instances; up to 10 % is taken off at random. The new one answers a heartbeat before the old one takes no more calls. 0 for never.',
    ),
  maxRequests: z
    .int()
    .min(0)
    .default(10_000_000)
    .describe('Calls after which a connection to a provider is replaced likewise, less up to 10 %. 0 for never.'),
  idleTimeoutMs: durationOrNever
    .default(600_000)
    .describe(
      'Time in ms without a call after which a connection to a provider is closed; the next call opens another. 0 for never.',
    ),
});
