import type { ConnectionsAnswer } from '../../admin/answers/inventory-answers.ts';

/** The connections of all workers, each with the number of its worker. */
export function mergeConnections(
  all: readonly { readonly worker: number; readonly answer: ConnectionsAnswer }[],
): ConnectionsAnswer {
  return {
    connections: all.flatMap(({ worker, answer }) =>
      answer.connections.map((connection) => ({ ...connection, worker })),
    ),
  };
}
