import * as z from 'zod';

/** What there is under `/admin/v1`. */
export const indexAnswer = z.strictObject({
  version: z.string().describe('Version of Sluice.'),
  endpoints: z.array(
    z.strictObject({
      method: z.enum(['GET', 'POST', 'PUT']),
      path: z.string().describe('`{name}` stands for one segment, percent-encoded.'),
      summary: z.string(),
    }),
  ),
});

/** A document in a format of its own. */
export const openApiAnswer = z.record(z.string(), z.unknown()).describe('OpenAPI 3.1.');
