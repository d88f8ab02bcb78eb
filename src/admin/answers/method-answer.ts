import * as z from 'zod';
import { type Answer, count, dateTime } from './answer.ts';

export const methodKey = z
  .string()
  .describe('`interface[:version[:group]]#method(types)`; percent-encoded where it stands in a path.');

export const methodState = z.enum(['healthy', 'quarantined']);
const stateSource = z.enum(['gateway', 'operator']);

/** One method in the status. */
export const methodAnswer = z.strictObject({
  key: methodKey,
  state: methodState.describe('Healthy: calls take normal slots. Quarantined: slow ones, but for the probes.'),
  since: dateTime.describe('When the state began: for a method that never left it, when it was first called.'),
  pinned: z.boolean().describe('Whether only an operator can change the state.'),
  reason: z.string().nullable().describe('Why the state began; null for a method that never left it.'),
  by: stateSource.nullable().describe('Who began the state; null for a method that never left it.'),
  active: z
    .strictObject({ normal: count, slow: count, heartbeat: count })
    .describe('Calls that hold a slot, by pool. A call that waits for one is not among them.'),
  window: z
    .strictObject({
      calls: count.describe('Calls that ended with an answer or a time-out, or are known to be slow.'),
      timeouts: count,
      slow: count.describe('Calls that lasted `slowCallMs`, those in flight among them.'),
      failed: count.describe('Calls whose connection failed; they are not among `calls`.'),
    })
    .describe('What happened within `windowMs`.'),
  latencyMs: z
    .strictObject({ p50: z.number(), p95: z.number(), p99: z.number() })
    .nullable()
    .describe('Of calls that ended within the window with an answer or a time-out; null where there were none.'),
  probes: z
    .strictObject({ passedInARow: count, needed: count })
    .nullable()
    .describe('How far the return has come; null while healthy.'),
  quarantinedTotal: count.describe('Times the method went into quarantine.'),
  relapses: count.describe('Times it went there again without a long healthy time in between.'),
  earliestRelease: dateTime
    .nullable()
    .describe('No probe brings the method back before; null while healthy, and where only an operator can release it.'),
});

export type MethodAnswer = Answer<typeof methodAnswer>;

/** One change of state in the status. */
export const methodEvent = z.strictObject({
  at: dateTime,
  method: methodKey,
  from: methodState,
  to: methodState,
  reason: z.string(),
  by: stateSource,
});
