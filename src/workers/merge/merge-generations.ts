import type { GenerationsAnswer } from '../../admin/answers/config-answers.ts';
import type { GenerationUse } from '../worker-requests.ts';

type Generation = GenerationsAnswer['generations'][number];

/** The configurations of the group with the requests that workers still serve by each. */
export function mergeGenerations(
  generations: readonly Generation[],
  uses: readonly (readonly GenerationUse[])[],
): Generation[] {
  const inFlight = new Map<number, number>();
  for (const use of uses.flat()) inFlight.set(use.number, (inFlight.get(use.number) ?? 0) + use.inFlight);
  return generations.map((generation, place) => ({
    ...generation,
    state: place === 0 ? 'serving' : inFlight.has(generation.number) ? 'draining' : 'gone',
    inFlight: inFlight.get(generation.number) ?? 0,
  }));
}
