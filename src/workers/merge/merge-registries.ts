import type { RegistriesAnswer } from '../../admin/answers/inventory-answers.ts';
import { earliestOfAll } from './dates.ts';
import { mergeRows } from './merge-rows.ts';

type Registry = RegistriesAnswer['registries'][number];

/** The states from what needs to be seen first to what does not. */
const STATES: readonly Registry['state'][] = ['away', 'connecting', 'connected', 'closed', 'unused'];

/** The registries; each worker has sessions of its own, and what is shown is the one that fares worst. */
export function mergeRegistries(answers: readonly RegistriesAnswer[]): RegistriesAnswer {
  const registries = mergeRows(
    answers.map(({ registries }) => registries),
    ({ name, type }) => `${type} ${name}`,
    (rows) => {
      const all = rows.map(({ value }) => value);
      const worst = all.reduce((one, other) => (rank(other) < rank(one) ? other : one));
      return {
        ...worst,
        subscriptions: Math.max(...all.map(({ subscriptions }) => subscriptions)),
        waiting: Math.max(...all.map(({ waiting }) => waiting)),
        confirmedAt: earliestOfAll(all.map(({ confirmedAt }) => confirmedAt)),
        problem: worst.problem ?? all.find(({ problem }) => problem !== null)?.problem ?? null,
      } satisfies Registry;
    },
  );
  return { registries };
}

function rank({ state }: Registry): number {
  return STATES.indexOf(state);
}
