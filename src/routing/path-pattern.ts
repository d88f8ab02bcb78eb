/**
 * A route's path taken apart. `/` separates segments; a segment that starts with `:` is a parameter and stands for
 * exactly one segment that is not empty; `*` as the last segment stands for the rest, which may be empty or hold
 * slashes. Everything else is literal text, compared case-sensitively with the percent-decoded path. There are no
 * regular expressions and no optional parts.
 */
export interface PathPattern {
  /** Names of the `:name` parameters by position. */
  readonly parameterNames: readonly string[];
  /** Their indexes among the segments. */
  readonly parameterSegments: readonly number[];
  /** The same path for find-my-way, with parameters named by position so that patterns of equal shape are equal. */
  readonly treePath: string;
}

/** Reads a path of the configuration. Never throws: what is not a parameter or a final `*` is literal. */
export function parsePathPattern(path: string): PathPattern {
  const segments = path.slice(1).split('/');
  const parameterNames: string[] = [];
  const parameterSegments: number[] = [];
  const treeSegments = segments.map((segment, index) => {
    if (segment.length > 1 && segment.startsWith(':')) {
      parameterSegments.push(index);
      return `:${parameterNames.push(segment.slice(1)) - 1}`;
    }
    return segment === '*' && index === segments.length - 1 ? '*' : literal(segment);
  });
  return { parameterNames, parameterSegments, treePath: `/${treeSegments.join('/')}` };
}

/** find-my-way reads `::` as a literal colon. It has no escape for a literal star; a percent-encoded one never matches. */
function literal(segment: string): string {
  return segment.replaceAll(':', '::').replaceAll('*', '%2A');
}
