import createTree from 'find-my-way';
import type { Candidate, CandidateGroup } from './candidate-group.ts';
import type { ConditionView } from './conditions.ts';

/** Parameter values by position, and the rest under `*`; an object without prototype. */
export type PathValues = Readonly<Record<string, string | undefined>>;

/** What a search gives back. */
export interface PathTreeHit<T> {
  readonly candidate: Candidate<T>;
  readonly values: PathValues;
}

/** The paths of one method. */
export interface PathTree<T> {
  /** Adds a leaf. Each `treePath` may be added once. */
  add(treePath: string, group: CandidateGroup<T>): void;
  /** The most exact leaf that has a candidate for the request. `rawPath` must be decodable. */
  find(rawPath: string, view: ConditionView): PathTreeHit<T> | undefined;
  /** Whether any leaf has the path for this host, whatever the other conditions. */
  knows(rawPath: string, host: string): boolean;
}

/**
 * A radix tree of find-my-way. Its constraints do the work of conditions: each leaf asks its group whether it has a
 * candidate for the request at hand, and when it says no the search goes back to the next less exact leaf.
 */
export function createPathTree<T>(): PathTree<T> {
  return new FindMyWayTree<T>();
}

type LeafHandler = createTree.Handler<createTree.HTTPVersion.V1>;

/** find-my-way keeps one tree for each of its methods; ours differ by instance, so that any method name can be used. */
const TREE_METHOD = 'GET';
const CONSTRAINT_NAME = 'candidates';
/** Only says that there are constraints to ask; the request itself is in the tree, where the leaves find it. */
const DERIVED = { [CONSTRAINT_NAME]: '' };
const NO_SEARCH_PARAMETERS = {};

class FindMyWayTree<T> implements PathTree<T> {
  readonly #groups: CandidateGroup<T>[] = [];
  readonly #tree = createTree({
    // Values are as long as the URL allows; the URL has its own limit.
    maxParamLength: Number.MAX_SAFE_INTEGER,
    querystringParser: () => NO_SEARCH_PARAMETERS,
    constraints: {
      [CONSTRAINT_NAME]: {
        name: CONSTRAINT_NAME,
        storage: () => this.#leaf(),
        deriveConstraint: () => '',
      },
    },
  });
  /** The search that runs now; searches are synchronous, so one place is enough. */
  #rawPath = '';
  #view: ConditionView | undefined;
  #host = '';
  #chosen: Candidate<T> | undefined;

  add(treePath: string, group: CandidateGroup<T>): void {
    const constraint = String(this.#groups.push(group) - 1);
    this.#tree.on(TREE_METHOD, treePath, { constraints: { [CONSTRAINT_NAME]: constraint } }, ignore);
  }

  find(rawPath: string, view: ConditionView): PathTreeHit<T> | undefined {
    this.#rawPath = rawPath;
    this.#view = view;
    this.#chosen = undefined;
    const result = this.#tree.find(TREE_METHOD, rawPath, DERIVED);
    this.#view = undefined;
    return result === null || this.#chosen === undefined
      ? undefined
      : { candidate: this.#chosen, values: result.params };
  }

  knows(rawPath: string, host: string): boolean {
    this.#rawPath = rawPath;
    this.#host = host;
    return this.#tree.find(TREE_METHOD, rawPath, DERIVED) !== null;
  }

  /** The storage of one leaf: find-my-way sets it once and asks it at each visit. */
  #leaf() {
    let group: CandidateGroup<T> | undefined;
    let accepted: LeafHandler = ignore;
    return {
      set: (constraint: string, handler: LeafHandler) => {
        group = this.#groups[Number(constraint)];
        accepted = handler;
      },
      get: () => (group !== undefined && this.#accepts(group) ? accepted : null),
    };
  }

  #accepts(group: CandidateGroup<T>): boolean {
    if (hasEmptyParameter(this.#rawPath, group.parameterSegments)) return false;
    if (this.#view === undefined) return group.servesHost(this.#host);
    this.#chosen = group.choose(this.#view);
    return this.#chosen !== undefined;
  }
}

/** find-my-way lets a parameter match an empty segment; here it stands for a segment that is there. */
function hasEmptyParameter(rawPath: string, parameterSegments: readonly number[]): boolean {
  if (parameterSegments.length === 0) return false;
  if (!rawPath.includes('//') && !rawPath.endsWith('/')) return false;
  const segments = rawPath.slice(1).split('/');
  return parameterSegments.some((index) => segments[index] === '');
}

function ignore(): void {}
