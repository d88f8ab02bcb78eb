import * as z from 'zod';
import { configFinding } from './config-answers.ts';

/** Problem Details (RFC 9457), the body of every error. */
export const problemAnswer = z.looseObject({
  type: z.string().describe('`urn:sluice:error:` and the code.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong, in one sentence.'),
  code: z.string().describe('Stable; see the table of codes.'),
  requestId: z.string().describe('The log names it, where it has more to say.'),
  path: z.string().optional().describe('What is wrong in the request, such as `body.reason`.'),
  offset: z.int().optional().describe('Place of the first mistake in a JSON body, in bytes.'),
  diagnostics: z.array(configFinding).optional().describe('What is wrong with a configuration, the first 200.'),
  entityTag: z.string().optional().describe('What `If-Match` would have to name now.'),
  nearest: z.array(z.string()).optional().describe('Method keys that may be meant.'),
});
