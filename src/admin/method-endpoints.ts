import * as z from 'zod';
import type { Logger } from '../telemetry/logger.ts';
import type { AdminView } from './admin-view.ts';
import { methodAnswer } from './answers/method-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { METHOD_ACTIONS, type MethodAction } from './method-action.ts';

const MAX_REASON_LENGTH = 200;

const body = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1)
    .max(MAX_REASON_LENGTH)
    .optional()
    .describe('Why; seen in the status, where the state changes, and in the log.'),
});

const SUMMARIES: Readonly<Record<MethodAction, string>> = {
  quarantine: 'Send a method into quarantine; it comes back like any other unless it is pinned',
  release: 'Let a method out of quarantine',
  pin: 'Keep the present state of a method until it is unpinned',
  unpin: 'Leave the state of a method to the rules again',
};

/** `GET methods/{key}` and what an operator can do: `POST methods/{key}/quarantine`, `release`, `pin`, `unpin`. */
export function methodEndpoints(view: AdminView, logger: Logger): readonly Endpoint[] {
  const actions = METHOD_ACTIONS.map((action) =>
    endpoint({
      method: 'POST',
      path: `/methods/:key/${action}`,
      operationId: `${action}Method`,
      summary: SUMMARIES[action],
      body,
      answerName: 'Method',
      answer: methodAnswer,
      errors: ['METHOD_UNKNOWN'],
      handle: async ({ parameters, body: { reason }, client }) => {
        const key = parameters.key!;
        const { method, changed } = await view.actOnMethod(key, action, reason);
        const { state, pinned } = method;
        logger.info('operator', { action, method: key, reason, client, changed, state, pinned });
        return method;
      },
    }),
  );
  return [
    endpoint({
      method: 'GET',
      path: '/methods/:key',
      operationId: 'getMethod',
      summary: 'The health of one method',
      answerName: 'Method',
      answer: methodAnswer,
      errors: ['METHOD_UNKNOWN'],
      handle: ({ parameters }) => view.method(parameters.key!),
    }),
    ...actions,
  ];
}
