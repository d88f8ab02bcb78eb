import * as z from 'zod';
import { type Answer, count, groupPart } from './answer.ts';

/** What was learnt of the answers of providers. Bytes are about right. */
export const plansAnswer = z.strictObject({
  classes: z
    .strictObject({
      entries: count,
      maxEntries: count,
      bytes: count,
      maxBytes: count,
      hits: count.describe('Class definitions in answers that had a plan.'),
      misses: count.describe('Class definitions for which a plan was made.'),
      evictions: count.describe('Plans dropped to make room for others.'),
    })
    .describe('Plans of class definitions, shared by all routes.'),
  shapes: z
    .strictObject({
      learnt: count.describe('Keys and class definitions learnt since the start.'),
      bytes: count,
      maxBytes: count,
      refused: count.describe('Times that something was not learnt for want of room.'),
      forgotten: count.describe('Times that what was known of a route without calls was forgotten to make room.'),
    })
    .describe('Keys of maps and places of class definitions, route by route.'),
  ...groupPart,
});
export type PlansAnswer = Answer<typeof plansAnswer>;
