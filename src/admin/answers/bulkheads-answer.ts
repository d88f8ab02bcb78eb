import * as z from 'zod';
import { type Answer, count, groupPart } from './answer.ts';
import { methodAnswer, methodEvent } from './method-answer.ts';

const pool = z.strictObject({
  size: count.describe('Calls in flight that may be in the pool at a time.'),
  active: count.describe('Calls in flight; more than `size` for a while after a reload made the pool smaller.'),
  waiting: count.describe('Calls that wait for a slot.'),
  rejectedTotal: count.describe('Calls refused, those whose wait ran out included.'),
  waitTimedOutTotal: count.describe('Calls refused because their wait ran out.'),
  overflowedTotal: count.describe('Calls meant for this pool that were passed on to the slow one.'),
});

const admission = z.strictObject({
  inFlight: count.describe('Requests being served.'),
  inFlightBytes: count.describe('Bytes of their bodies, and of answers that are not written yet.'),
  waiting: count.describe('Requests that wait for their turn.'),
  timedOutTotal: count.describe('Requests refused with ADMISSION_TIMEOUT.'),
  queueFullTotal: count.describe('Requests refused with ADMISSION_QUEUE_FULL.'),
});

/** Pools, admission and methods. */
export const bulkheadsAnswer = z.strictObject({
  pools: z
    .strictObject({ normal: pool, slow: pool, heartbeat: pool })
    .nullable()
    .describe('Null where `bulkhead` is `off`; then there are no methods and events either.'),
  admission: admission.nullable().describe('Null where `admission` is `off`.'),
  methods: z
    .array(methodAnswer)
    .describe(
      'Those in quarantine first, then the pinned ones, then the others; each by the time of their first call.',
    ),
  methodsTotal: count.describe('Methods that fit the query, on all pages.'),
  nextAfter: z.string().nullable().describe('What `after` of the next page is; null on the last one.'),
  events: z.array(methodEvent).describe('The last 200 changes of state, oldest first.'),
  ...groupPart,
});

export type BulkheadsAnswer = Answer<typeof bulkheadsAnswer>;
