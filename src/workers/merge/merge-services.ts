import type { ServicesAnswer } from '../../admin/answers/inventory-answers.ts';
import { earliestOfAll } from './dates.ts';
import { mergeRows } from './merge-rows.ts';

type Service = ServicesAnswer['services'][number];

/** The services, each as the worker sees it that can use the fewest of its providers. */
export function mergeServices(answers: readonly ServicesAnswer[]): ServicesAnswer {
  const services = mergeRows(
    answers.map(({ services }) => services),
    ({ name }) => name,
    (rows) => {
      const all = rows.map(({ value }) => value);
      const worst = all.reduce((one, other) => (other.providers.usable < one.providers.usable ? other : one));
      return { ...worst, confirmedAt: earliestOfAll(all.map(({ confirmedAt }) => confirmedAt)) } satisfies Service;
    },
  );
  return { services };
}
