import type { PlansAnswer } from '../../admin/answers/plans-answer.ts';
import { sumCounts } from './sum-counts.ts';

/** What all workers have learnt; each learns for itself, and has room of its own. */
export function mergePlans(answers: readonly PlansAnswer[]): PlansAnswer {
  return {
    classes: sumCounts(answers.map(({ classes }) => classes)),
    shapes: sumCounts(answers.map(({ shapes }) => shapes)),
  };
}
