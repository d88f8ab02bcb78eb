import * as z from 'zod';
import { byteSize, durationMs } from './scalar-schemas.ts';

/** What bounds the load: the sections `admission` and `bulkhead`, and the rules of quarantine. */

const share = z.number().gt(0).max(1);
const waitMs = z.int().min(0).max(60_000);
const off = z.literal('off');

export const admission = z.union([
  off,
  z.strictObject({
    maxInFlight: z.int().positive().default(8_000).describe('Requests served at a time.'),
    maxInFlightBytes: byteSize
      .prefault('256MiB')
      .describe('Bytes of request bodies, and of answers until they are written, of all requests served at a time.'),
    maxWaitMs: waitMs.default(3_000).describe('Longest time in ms a request waits for its turn; 0 refuses at once.'),
    maxQueue: z.int().min(0).default(20_000).describe('Requests that may wait at a time.'),
  }),
]);

function pool(size: number, maxMethodShare: number) {
  return z.strictObject({
    size: z.int().min(0).max(1_000_000).default(size).describe('Calls in flight at a time; 0 takes none.'),
    maxMethodShare: share
      .default(maxMethodShare)
      .describe('Part of the size that one method may have, so that it never starves the others.'),
    maxWaitMs: waitMs
      .default(0)
      .describe('Longest time in ms a call waits for a slot, within its own time-out; 0 refuses at once.'),
    maxQueue: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe('Calls that may wait at a time; default: twice the size.'),
  });
}

/** Each rule of quarantine without its default, which only the global section has. */
const rules = {
  timeouts: z.int().positive().describe('Calls timed out within `windowMs` that put a method in quarantine.'),
  windowMs: z.int().min(100).max(86_400_000).describe('Length in ms of the time that is looked back on.'),
  slowCallMs: durationMs.describe('A call that has lasted this long in ms is slow, whether it has ended or not.'),
  slowRatio: share.describe('Share of slow calls within `windowMs` that puts a method in quarantine.'),
  minCalls: z.int().positive().describe('Least number of calls within `windowMs` for `slowRatio` to mean anything.'),
  probeShare: z
    .number()
    .min(0)
    .max(1)
    .describe('Share of the calls in quarantine that are probes; there is one a second at least.'),
  recoverAfter: z
    .int()
    .positive()
    .describe('Probes in a row that end within three quarters of `slowCallMs` and so bring the method back.'),
  minQuarantineMs: durationMs.describe('Least time in ms in quarantine, doubled with each relapse.'),
  maxQuarantineMs: durationMs.describe('What that least time grows to at most; so long healthy forgets the relapses.'),
};

const quarantine = z.strictObject({
  timeouts: rules.timeouts.default(10),
  windowMs: rules.windowMs.default(10_000),
  slowCallMs: rules.slowCallMs.default(2_000),
  slowRatio: rules.slowRatio.default(0.5),
  minCalls: rules.minCalls.default(20),
  probeShare: rules.probeShare.default(0.05),
  recoverAfter: rules.recoverAfter.default(5),
  minQuarantineMs: rules.minQuarantineMs.default(5_000),
  maxQuarantineMs: rules.maxQuarantineMs.default(300_000),
});

export const bulkhead = z.union([
  off,
  z.strictObject({
    normal: pool(4_000, 0.5).prefault({}).describe('The pool of healthy methods.'),
    slow: pool(1_000, 0.5).prefault({}).describe('The pool of methods in quarantine.'),
    heartbeat: pool(20, 0.25).prefault({}).describe('The pool of probes; nothing waits for it.'),
    quarantine: z
      .union([off, quarantine])
      .prefault({})
      .describe('When a method counts as slow, and how it comes back; `off`: only an operator moves a method.'),
  }),
]);

/** What a service or method says of its own; what it does not say comes from above. */
export const quarantineOverride = z.union([off, z.strictObject(rules).partial()]).optional();

/** Rules of quarantine, complete. */
export type QuarantineConfig = z.output<typeof quarantine>;
export type QuarantineOverride = z.output<typeof quarantineOverride>;

/** The rules where nothing is said: those of a method that is named under `quarantine: off` with rules of its own. */
export const DEFAULT_QUARANTINE: QuarantineConfig = quarantine.parse({});
