import * as z from 'zod';
import type { AdminView } from './admin-view.ts';
import { bulkheadsAnswer } from './answers/bulkheads-answer.ts';
import { methodState } from './answers/method-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';

/** Methods on a page: each costs about 12 µs, so that a page of this size holds up no request for long. */
const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 2_000;

const query = z.strictObject({
  state: methodState.optional().describe('Only methods in this state.'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('Methods on a page.'),
  after: z.string().optional().describe('Key of the last method of the page before.'),
});

/** `GET bulkheads`: the state of pools, admission and methods. It changes nothing. */
export function bulkheadEndpoints(view: AdminView): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/bulkheads',
      operationId: 'getBulkheads',
      summary: 'Pools, admission, the health of methods and the last changes of it',
      query,
      answerName: 'Bulkheads',
      answer: bulkheadsAnswer,
      handle: ({ query }) => view.bulkheads(query),
    }),
  ];
}
