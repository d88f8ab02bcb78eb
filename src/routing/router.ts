import type { RouteConfig } from '../config/schema.ts';
import { runAtOnce, type Steps } from '../time/run-in-slices.ts';
import { type Candidate, CandidateGroup } from './candidate-group.ts';
import { type ConditionView, compileConditions } from './conditions.ts';
import { parseHostPattern } from './host-pattern.ts';
import { parsePathPattern } from './path-pattern.ts';
import { createPathTree, type PathTree, type PathValues } from './path-tree.ts';

/** A route as the router sees it: which requests, and what it gives back for them. */
export interface RoutingEntry<T> {
  readonly match: RouteConfig['match'];
  readonly target: T;
}

/** The values that path parameters have in one request, percent-decoded. */
export interface PathParameters {
  /** Undefined for a name the pattern lacks. The rest under a final `*` is named `*`. */
  get(name: string): string | undefined;
}

export type Match<T> =
  | { readonly kind: 'found'; readonly target: T; readonly parameters: PathParameters }
  /** No route has this path, or those that have it want other conditions. */
  | { readonly kind: 'not-found' }
  /** The path is known for the host, but with the methods of `allow` only. */
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  /** An OPTIONS request that no route takes itself, for a path that is known for the host. */
  | { readonly kind: 'options'; readonly allow: readonly string[] }
  /** The path has a `%` that is not followed by two hexadecimal digits, or bytes that are not UTF-8. */
  | { readonly kind: 'bad-encoding' };

export interface Router<T> {
  /** Every method that some route takes, sorted, with HEAD and OPTIONS. */
  readonly methods: readonly string[];
  /**
   * Finds the route of a request.
   *
   * @param method in upper case
   * @param rawPath the path as received, still percent-encoded, without the query
   */
  find(method: string, rawPath: string, view: ConditionView): Match<T>;
}

/** The order in which routes are tried; quoted by the reference of the configuration. */
export const ROUTE_PRECEDENCE = `When several routes fit a request, the first of this order serves it:

1. the more exact path, segment by segment from the left: literal text before \`:name\` before \`*\`;
2. among equal paths, an exact host before \`*.example.com\` (the longer one first) before no host;
3. then more conditions on headers, query and cookies before fewer;
4. then the order in the file.

A route whose conditions do not hold is passed over, and the next one of this order is tried, less exact paths
included. HEAD is served by a HEAD route if one fits, else as GET. Paths are compared after percent-decoding and
case-sensitively; a trailing slash counts, double slashes are not folded, and an encoded slash (\`%2F\`) stays inside
its segment. A \`:name\` never stands for an empty segment; \`*\` may.`;

/**
 * Builds the router. One tree of paths for each method, each leaf with the routes of that path; a leaf that has no
 * route for the request is passed over by the search, which then goes on to less exact paths. The time of a search
 * depends on the length of the path, not on the number of routes.
 */
export function createRouter<T>(entries: readonly RoutingEntry<T>[]): Router<T> {
  return runAtOnce(routerSteps(entries));
}

/** The same, one route at a step. */
export function* routerSteps<T>(entries: readonly RoutingEntry<T>[]): Steps<Router<T>> {
  const trees = new Map<string, PathTree<T>>();
  const groups = new Map<string, CandidateGroup<T>>();

  for (const { match, target } of entries) {
    const pattern = parsePathPattern(match.path);
    const candidate: Candidate<T> = {
      target,
      parameterNames: pattern.parameterNames,
      conditions: compileConditions(match),
    };
    for (const method of new Set(asList(match.method).map((name) => name.toUpperCase()))) {
      let tree = trees.get(method);
      if (tree === undefined) {
        tree = createPathTree();
        trees.set(method, tree);
      }
      const key = `${method} ${pattern.treePath}`;
      let group = groups.get(key);
      if (group === undefined) {
        group = new CandidateGroup(pattern.parameterSegments);
        groups.set(key, group);
        tree.add(pattern.treePath, group);
      }
      if (match.host === undefined) group.add(undefined, candidate);
      else for (const host of asList(match.host)) group.add(parseHostPattern(host), candidate);
    }
    yield;
  }
  return new TreeRouter(trees);
}

const NOT_FOUND = { kind: 'not-found' } as const;
const BAD_ENCODING = { kind: 'bad-encoding' } as const;

class TreeRouter<T> implements Router<T> {
  readonly methods: readonly string[];
  readonly #trees: ReadonlyMap<string, PathTree<T>>;

  constructor(trees: ReadonlyMap<string, PathTree<T>>) {
    this.#trees = trees;
    this.methods = withImplied([...trees.keys()]);
  }

  find(method: string, rawPath: string, view: ConditionView): Match<T> {
    if (rawPath.includes('%') && !isDecodable(rawPath)) return BAD_ENCODING;
    const found = this.#findIn(method, rawPath, view);
    if (found !== undefined) return found;
    if (method === 'HEAD') {
      const foundAsGet = this.#findIn('GET', rawPath, view);
      if (foundAsGet !== undefined) return foundAsGet;
    }
    return this.#explainMiss(method, rawPath, view);
  }

  #findIn(method: string, rawPath: string, view: ConditionView): Match<T> | undefined {
    const hit = this.#trees.get(method)?.find(rawPath, view);
    if (hit === undefined) return undefined;
    return {
      kind: 'found',
      target: hit.candidate.target,
      parameters: new PositionalParameters(hit.candidate.parameterNames, hit.values),
    };
  }

  #explainMiss(method: string, rawPath: string, view: ConditionView): Match<T> {
    const known: string[] = [];
    for (const [name, tree] of this.#trees) if (tree.knows(rawPath, view.host)) known.push(name);
    if (known.length === 0) return NOT_FOUND;
    const allow = withImplied(known);
    if (method === 'OPTIONS') return { kind: 'options', allow };
    return allow.includes(method) ? NOT_FOUND : { kind: 'method-not-allowed', allow };
  }
}

class PositionalParameters implements PathParameters {
  readonly #names: readonly string[];
  readonly #values: PathValues;

  constructor(names: readonly string[], values: PathValues) {
    this.#names = names;
    this.#values = values;
  }

  get(name: string): string | undefined {
    if (name === '*') return this.#values['*'];
    const position = this.#names.indexOf(name);
    return position === -1 ? undefined : this.#values[position];
  }
}

function withImplied(methods: readonly string[]): string[] {
  const all = new Set(methods).add('OPTIONS');
  if (all.has('GET')) all.add('HEAD');
  return [...all].sort();
}

function isDecodable(rawPath: string): boolean {
  try {
    decodeURIComponent(rawPath);
    return true;
  } catch {
    return false;
  }
}

function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
