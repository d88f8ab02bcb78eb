import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * The findings of the schema with those inside a union in its place, where the value is of the kind of one branch only:
 * for a map that can be `off` as well it is the keys of the map that are wrong. A union none or several of whose
 * branches are meant stays one finding. Paths are those from the top.
 */
export function flattenIssues(issues: readonly Issue[]): readonly Issue[] {
  return issues.flatMap((issue) => {
    const branch = issue.code === 'invalid_union' ? branchThatFits(issue) : undefined;
    if (branch === undefined) return [issue];
    return flattenIssues(branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue));
  });
}

function branchThatFits(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const fitting = issue.errors.filter((branch) => !branch.some(isOtherKind));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The whole value has another type than the branch, or is none of its words. */
function isOtherKind(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}
