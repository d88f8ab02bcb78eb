import * as z from 'zod';

/** Providers in the lists of a page: some µs each, so that a page of this size holds up no request for long. */
const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 5_000;

/** Parameters of `GET providers`. */
export const providerQuery = z.strictObject({
  service: z.string().optional().describe('Only the providers of this service; its key under `services`.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .describe('Providers in the lists of a page; a list is never cut, so that one page may have more.'),
  after: z.string().optional().describe('The last service of the page before; the lists begin behind it.'),
});

/** Which providers are shown. */
export type ProviderQuery = z.output<typeof providerQuery>;
