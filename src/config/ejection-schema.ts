import * as z from 'zod';
import { durationMs } from './scalar-schemas.ts';

const ejectionRules = z.strictObject({
  consecutiveFailures: z
    .int()
    .positive()
    .default(5)
    .describe('Calls in a row that fail by the provider (connection, time-out, thread pool, protocol) and eject it.'),
  minCalls: z
    .int()
    .positive()
    .default(20)
    .describe(
      'Least number of calls of a provider within `windowMs` for `errorRatio` and `latencyFactor` to mean anything.',
    ),
  errorRatio: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe(
      'Share of failed calls within `windowMs` that ejects a provider, if it is also twice that of the others.',
    ),
  latencyFactor: z
    .number()
    .gt(1)
    .default(5)
    .describe(
      'How many times longer than those of the others its calls must take, and 50 ms longer, to eject a provider.',
    ),
  baseEjectionMs: durationMs
    .default(10_000)
    .describe('Time in ms a provider is left out the first time; twice, three times as long the next times.'),
  maxEjectionMs: durationMs.default(300_000).describe('What that time in ms grows to at most.'),
  maxEjectedShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.5)
    .describe('Most of the providers of a service that can be ejected at a time: never more than half.'),
  windowMs: z
    .int()
    .min(100)
    .max(86_400_000)
    .default(10_000)
    .describe('Length in ms of the time that is looked back on.'),
});

/** When a provider is left out for the outcome of its calls: the section `ejection` of a service or of the defaults. */
export const ejection = z.union([z.literal('off'), ejectionRules]);

export type EjectionConfig = z.output<typeof ejectionRules>;

/** The rules where nothing is said. */
export const DEFAULT_EJECTION: EjectionConfig = ejectionRules.parse({});
