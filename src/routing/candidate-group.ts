import { type Condition, type ConditionView, conditionsHold } from './conditions.ts';
import type { HostPattern } from './host-pattern.ts';

/** One way to reach a route: one method, one path, one host or none. */
export interface Candidate<T> {
  readonly target: T;
  readonly parameterNames: readonly string[];
  readonly conditions: readonly Condition[];
}

/**
 * All routes of one method and one path shape, ordered by host and conditions. Hosts are found by hash, so a thousand
 * tenants on one path cost what one costs; only routes that differ in nothing but headers, query or cookies are tried
 * one by one.
 */
export class CandidateGroup<T> {
  readonly parameterSegments: readonly number[];
  readonly #byHost = new Map<string, Candidate<T>[]>();
  readonly #bySuffix = new Map<string, Candidate<T>[]>();
  readonly #anyHost: Candidate<T>[] = [];

  /** @param parameterSegments which path segments must not be empty */
  constructor(parameterSegments: readonly number[]) {
    this.parameterSegments = parameterSegments;
  }

  /** Adds a candidate behind those of the same host that have at least as many conditions. */
  add(host: HostPattern | undefined, candidate: Candidate<T>): void {
    const list =
      host === undefined
        ? this.#anyHost
        : host.kind === 'exact'
          ? listOf(this.#byHost, host.host)
          : listOf(this.#bySuffix, host.suffix);
    let index = list.length;
    while (index > 0 && list[index - 1]!.conditions.length < candidate.conditions.length) index -= 1;
    list.splice(index, 0, candidate);
  }

  /** The first candidate whose host and conditions the request fulfils. */
  choose(view: ConditionView): Candidate<T> | undefined {
    if (this.#byHost.size > 0) {
      const chosen = firstThatHolds(this.#byHost.get(view.host), view);
      if (chosen !== undefined) return chosen;
    }
    if (this.#bySuffix.size > 0) {
      const { host } = view;
      for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
        const chosen = firstThatHolds(this.#bySuffix.get(host.slice(dot + 1)), view);
        if (chosen !== undefined) return chosen;
      }
    }
    return firstThatHolds(this.#anyHost, view);
  }

  /** Whether any candidate serves this host, whatever its other conditions. */
  servesHost(host: string): boolean {
    if (this.#anyHost.length > 0 || this.#byHost.has(host)) return true;
    if (this.#bySuffix.size === 0) return false;
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      if (this.#bySuffix.has(host.slice(dot + 1))) return true;
    }
    return false;
  }
}

function firstThatHolds<T>(candidates: readonly Candidate<T>[] | undefined, view: ConditionView) {
  if (candidates === undefined) return undefined;
  for (const candidate of candidates) {
    if (candidate.conditions.length === 0 || conditionsHold(candidate.conditions, view)) return candidate;
  }
  return undefined;
}

function listOf<T>(lists: Map<string, Candidate<T>[]>, key: string): Candidate<T>[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
