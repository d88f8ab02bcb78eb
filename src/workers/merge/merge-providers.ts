import type { ProvidersAnswer } from '../../admin/answers/inventory-answers.ts';
import { earliestOfAll } from './dates.ts';
import { mergeRows, type Row } from './merge-rows.ts';
import { sumCounts } from './sum-counts.ts';

type ProviderList = ProvidersAnswer['lists'][number];
type ListedProvider = ProviderList['providers'][number];
type HostName = ProviderList['hostNames'][number];
type Address = ProvidersAnswer['providers'][number];

/** What one worker says. */
export interface WorkerProviders {
  readonly worker: number;
  readonly answer: ProvidersAnswer;
}

/** The states of an address from what needs to be seen first to what does not. */
const STATES: readonly Address['state'][] = ['failing', 'draining', 'connected', 'connecting', 'idle'];

/**
 * Providers of all workers. Each worker balances, ejects and connects by itself: shares are their mean, calls and counters
 * are added up, and the state of an address is the one that most needs to be seen.
 */
export function mergeProviders(all: readonly WorkerProviders[]): ProvidersAnswer {
  const answers = all.map(({ answer }) => answer);
  const lists = mergeRows(
    answers.map((answer) => answer.lists),
    ({ service }) => service,
    (rows) => mergeList(rows, all),
  );
  return {
    ...firstPage(lists, new Set(answers.map(({ nextAfter }) => nextAfter))),
    providers: mergeRows(
      answers.map(({ providers }) => providers),
      ({ address, services }) => `${services.length === 0} ${address}`,
      mergeAddress,
    ),
  };
}

/** A page ends where that of any worker does: what comes behind has not been heard of all. */
function firstPage(
  lists: readonly ProviderList[],
  ends: ReadonlySet<string | null>,
): Pick<ProvidersAnswer, 'lists' | 'nextAfter'> {
  const last = lists.findIndex(({ service }) => ends.has(service));
  if (last === -1) return { lists, nextAfter: null };
  return { lists: lists.slice(0, last + 1), nextAfter: lists[last]!.service };
}

function mergeList(rows: readonly Row<ProviderList>[], all: readonly WorkerProviders[]): ProviderList {
  const lists = rows.map(({ value }) => value);
  const workers = rows.map(({ place }) => all[place]!.worker);
  return {
    ...lists[0]!,
    confirmedAt: earliestOfAll(lists.map(({ confirmedAt }) => confirmedAt)),
    hostNames: mergeRows(
      lists.map(({ hostNames }) => hostNames),
      ({ name }) => name,
      mergeHostName,
    ),
    providers: mergeRows(
      lists.map(({ providers }) => providers),
      ({ address, version, group }) => `${address} ${version} ${group}`,
      (found) => mergeListed(found, workers),
    ),
  };
}

/** Each worker looks names up by itself; what is shown is a look-up that failed, where there is one. */
function mergeHostName(rows: readonly Row<HostName>[]): HostName {
  const all = rows.map(({ value }) => value);
  const shown = all.find(({ problem }) => problem !== null) ?? all[0]!;
  return { ...shown, resolvedAt: earliestOfAll(all.map(({ resolvedAt }) => resolvedAt)) };
}

/** @param workers that have the list, in the order of the lists */
function mergeListed(rows: readonly Row<ListedProvider>[], workers: readonly number[]): ListedProvider {
  const all = rows.map(({ value }) => value);
  const keptOut = rows.filter(({ value }) => value.filter !== null);
  const isUsed = keptOut.length < rows.length;
  return {
    ...all[0]!,
    weight: Math.max(...all.map(({ weight }) => weight)),
    share: all.reduce((sum, { share }) => sum + share, 0) / workers.length,
    filter: isUsed ? null : keptOut[0]!.value.filter,
    ejection: all.find(({ ejection }) => ejection !== null)?.ejection ?? null,
    inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
    ...(isUsed && keptOut.length > 0 && { keptOutBy: keptOut.map(({ place }) => workers[place]!) }),
  };
}

function mergeAddress(rows: readonly Row<Address>[]): Address {
  const all = rows.map(({ value }) => value);
  return {
    address: all[0]!.address,
    services: all[0]!.services,
    state: STATES.find((state) => all.some((one) => one.state === state))!,
    connections: all.reduce((sum, { connections }) => sum + connections, 0),
    pending: all.reduce((sum, { pending }) => sum + pending, 0),
    lastFailure: latestFailure(all),
    counters: sumCounts(all.map(({ counters }) => counters)),
  };
}

function latestFailure(all: readonly Address[]): Address['lastFailure'] {
  let latest: Address['lastFailure'] = null;
  for (const { lastFailure } of all) {
    if (lastFailure !== null && (latest === null || lastFailure.at > latest.at)) latest = lastFailure;
  }
  return latest;
}
