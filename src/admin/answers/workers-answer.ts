import * as z from 'zod';
import { type Answer, count, dateTime } from './answer.ts';

/** The processes that serve. */
export const workersAnswer = z.strictObject({
  workers: z
    .array(
      z.strictObject({
        worker: count.describe('From 1; one that takes the place of another has its number.'),
        pid: count.nullable().describe('Number of the process; null while none runs.'),
        state: z
          .enum(['starting', 'serving', 'stopping', 'down'])
          .describe('Starting: it does not listen yet. Stopping: it drains. Down: it died and will be started again.'),
        startedAt: dateTime.describe('When its process was started.'),
        restarts: count.describe('Times that a process was started in the place of one that had died.'),
      }),
    )
    .describe('Empty where one process does all.'),
});
export type WorkersAnswer = Answer<typeof workersAnswer>;
