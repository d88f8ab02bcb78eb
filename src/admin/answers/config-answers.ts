import { z } from 'zod';
import { type Answer, count } from './answer.ts';

/** The configuration that is served, with defaults. */
export const configAnswer = z
  .record(z.string(), z.unknown())
  .describe('As in the file, with defaults and in base units; `***` stands for secrets and what came from a variable.');

/** What was found in a configuration. */
export const validationAnswer = z.strictObject({
  valid: z.boolean().describe('Whether there is no error. Values of variables were not known, and so not checked.'),
  errors: count,
  warnings: count,
  diagnostics: z
    .array(
      z.strictObject({
        severity: z.enum(['error', 'warning']),
        line: count.describe('From 1; 0 where there is no place.'),
        column: count.describe('From 1; 0 where there is no place.'),
        path: z.string().describe('Such as `routes[2].call.service`; empty for the whole.'),
        message: z.string(),
        suggestion: z.string().optional().describe('The nearest known name.'),
      }),
    )
    .describe('The first 200, by place.'),
});
export type ValidationAnswer = Answer<typeof validationAnswer>;
