import { z } from 'zod';
import type { Bulkheads } from '../bulkhead/bulkheads.ts';
import type { MethodHealth } from '../bulkhead/method-health.ts';
import { methodSnapshot } from '../bulkhead/method-snapshot.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { AdminView } from './admin-view.ts';
import { type MethodAnswer, methodAnswer } from './answers/method-answer.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { nearestMethodKeys } from './nearest-method-keys.ts';

const MAX_REASON_LENGTH = 200;
const MAX_NEAREST = 3;

const body = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1)
    .max(MAX_REASON_LENGTH)
    .optional()
    .describe('Why; seen in the status, where the state changes, and in the log.'),
});

type Act = (method: MethodHealth, nowMs: number, reason: string | undefined) => boolean;

interface Action {
  readonly summary: string;
  /** Says whether anything has changed. */
  readonly act: Act;
}

/** What an operator can do to a method. Doing it twice is the same as once. */
const ACTIONS: Readonly<Record<string, Action>> = {
  quarantine: {
    summary: 'Send a method into quarantine; it comes back like any other unless it is pinned',
    act: (method, nowMs, reason) => method.quarantine(nowMs, reason),
  },
  release: {
    summary: 'Let a method out of quarantine',
    act: (method, nowMs, reason) => method.release(nowMs, reason),
  },
  pin: {
    summary: 'Keep the present state of a method until it is unpinned',
    act: (method, nowMs) => method.pin(nowMs),
  },
  unpin: {
    summary: 'Leave the state of a method to the rules again',
    act: (method, nowMs) => method.unpin(nowMs),
  },
};

/** `GET methods/{key}` and what an operator can do: `POST methods/{key}/quarantine`, `release`, `pin`, `unpin`. */
export function methodEndpoints(view: AdminView, logger: Logger): readonly Endpoint[] {
  const actions = Object.entries(ACTIONS).map(([name, { summary, act }]) =>
    endpoint({
      method: 'POST',
      path: `/methods/:key/${name}`,
      operationId: `${name}Method`,
      summary,
      body,
      answerName: 'Method',
      answer: methodAnswer,
      errors: ['METHOD_UNKNOWN'],
      handle: ({ parameters, body, client }) => {
        const key = parameters.key!;
        const bulkheads = bulkheadsWith(key, view);
        const nowMs = view.clock.nowMs();
        const method = bulkheads.methods.method(key, nowMs);
        const changed = act(method, nowMs, body.reason);
        const { state, isPinned: pinned } = method;
        logger.info('operator', { action: name, method: key, reason: body.reason, client, changed, state, pinned });
        return answer(method, bulkheads, view);
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
      handle: ({ parameters }) => {
        const key = parameters.key!;
        const bulkheads = bulkheadsWith(key, view);
        return answer(bulkheads.methods.peek(key, view.clock.nowMs()), bulkheads, view);
      },
    }),
    ...actions,
  ];
}

/** The bulkheads, where they know the method. Throws METHOD_UNKNOWN. */
function bulkheadsWith(key: string, view: AdminView): Bulkheads {
  const { bulkheads } = view;
  if (bulkheads === undefined) {
    const detail = 'No method has a state, since the configuration says `bulkhead: off`.';
    throw new GatewayError('METHOD_UNKNOWN', detail, { extensions: { nearest: [] } });
  }
  const keys = view.methodKeys();
  if (keys.has(key) || bulkheads.methods.find(key) !== undefined) return bulkheads;
  const nearest = nearestMethodKeys(key, keys, MAX_NEAREST);
  throw new GatewayError('METHOD_UNKNOWN', 'There is no method with this key.', { extensions: { nearest } });
}

/** The state as it is now. */
function answer(method: MethodHealth, bulkheads: Bulkheads, { clock, wallOffset }: AdminView): MethodAnswer {
  const activeOf = (key: string) => bulkheads.activeOf(key);
  return methodSnapshot(method, { nowMs: clock.nowMs(), wallOffsetMs: wallOffset.ms, activeOf });
}
