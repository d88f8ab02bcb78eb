import { bindingCases } from './binding-cases.ts';
import { loadCases } from './load-cases.ts';
import type { MicroCase } from './micro-case.ts';
import { requestCases } from './request-cases.ts';
import { responseCases } from './response-cases.ts';
import { routingCases } from './routing-cases.ts';

/** Cases of the same code, measured in one process that has run all of them before it measures the first. */
export const MICRO_GROUPS: ReadonlyMap<string, () => readonly MicroCase[]> = new Map([
  ['response', responseCases],
  ['request', requestCases],
  ['routing', routingCases],
  ['binding', bindingCases],
  ['load', loadCases],
]);

export const MICRO_CASE_NAMES: readonly string[] = [...MICRO_GROUPS.values()].flatMap((cases) =>
  cases().map(({ name }) => name),
);
