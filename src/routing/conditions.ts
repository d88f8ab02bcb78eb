import type { RouteConfig } from '../config/schema.ts';

/** What conditions may read of a request. Names of headers are lower case; an absent value is undefined. */
export interface ConditionView {
  /** As `normalizeHost` gives it; empty when the request has none. */
  readonly host: string;
  header(name: string): string | undefined;
  query(name: string): string | undefined;
  cookie(name: string): string | undefined;
}

/** One compiled condition on a header, query parameter or cookie. */
export interface Condition {
  readonly source: 'header' | 'query' | 'cookie';
  readonly name: string;
  /** The value it must have; `true`: any value, also the empty one; `false`: absent. */
  readonly expected: string | boolean;
}

/** Compiles the `headers`, `query` and `cookie` conditions of a route. */
export function compileConditions(match: RouteConfig['match']): readonly Condition[] {
  return [
    ...entriesOf('header', match.headers).map((condition) => ({ ...condition, name: condition.name.toLowerCase() })),
    ...entriesOf('query', match.query),
    ...entriesOf('cookie', match.cookie),
  ];
}

/** Whether the request fulfils every condition. Values are compared exactly. */
export function conditionsHold(conditions: readonly Condition[], view: ConditionView): boolean {
  for (const { source, name, expected } of conditions) {
    const value = source === 'header' ? view.header(name) : source === 'query' ? view.query(name) : view.cookie(name);
    const holds = typeof expected === 'string' ? value === expected : (value !== undefined) === expected;
    if (!holds) return false;
  }
  return true;
}

function entriesOf(source: Condition['source'], record: Readonly<Record<string, string | boolean>>): Condition[] {
  return Object.entries(record).map(([name, expected]) => ({ source, name, expected }));
}
