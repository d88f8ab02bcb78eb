import { z } from 'zod';
import { GatewayError } from '../errors/gateway-error.ts';
import type { AdminView } from './admin-view.ts';
import { type BulkheadsAnswer, bulkheadsAnswer } from './answers/bulkheads-answer.ts';
import { methodState } from './answers/method-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { type MethodPageQuery, methodPage } from './method-page.ts';

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
      handle: ({ query }) => bulkheads(view, query),
    }),
  ];
}

function bulkheads(view: AdminView, query: MethodPageQuery): BulkheadsAnswer {
  const { bulkheads, admission, clock, wallOffset } = view;
  const admissionStatus = admission?.status ?? null;
  if (bulkheads === undefined) {
    return { pools: null, admission: admissionStatus, methods: [], methodsTotal: 0, nextAfter: null, events: [] };
  }
  const page = methodPage(bulkheads.methods.methods(), query);
  if (page === undefined) {
    const detail = 'query.after: no such method is known any more; begin with the first page.';
    throw new GatewayError('REQUEST_INVALID', detail, { extensions: { path: 'query.after' } });
  }
  const { pools, methods, events } = bulkheads.status(clock.nowMs(), wallOffset.ms, page.methods);
  return {
    pools,
    admission: admissionStatus,
    methods,
    methodsTotal: page.total,
    nextAfter: page.nextAfter ?? null,
    events,
  };
}
