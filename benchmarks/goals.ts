import { textTable } from './text-table.ts';

/** A figure of a run beside what it ought to be. A goal whose case was not measured is not listed. */
export interface Goal {
  /** What is measured: `response codec, one object as a map`. */
  readonly what: string;
  /** What it ought to be: `at least 8x hessian.js`. */
  readonly goal: string;
  /** What it is, with its spread: `8.4x ±3 %`. */
  readonly figure: string;
  readonly met: boolean;
}

/** A table of goals, and how many of them were met; empty where there are none. */
export function formatGoals(goals: readonly Goal[]): string {
  if (goals.length === 0) return '';
  const rows = goals.map(({ what, goal, figure, met }) => [what, goal, figure, met ? 'met' : 'MISSED']);
  const metCount = goals.filter(({ met }) => met).length;
  return `goals: ${metCount} of ${goals.length} met\n${textTable(['what', 'goal', 'figure', ''], rows)}`;
}
