import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { RequestView } from '../request-view.ts';
import { missingArgument } from './argument-error.ts';
import type { ConstantArgument } from './constant-argument.ts';

/** What takes the place of a source that the request does not have. */
export interface AbsentRule {
  /** The default; undefined when there is none. */
  readonly fallback: ConstantArgument | undefined;
  readonly required: boolean;
}

/** Whether an absent source still gives a value or an error. */
export function isNeverAbsent(rule: AbsentRule): boolean {
  return rule.required || rule.fallback !== undefined;
}

/** The default, or false, or an error, as the rule says. */
export function writeAbsent(rule: AbsentRule, source: string, request: RequestView, out: HessianWriter): boolean {
  if (rule.fallback !== undefined) return rule.fallback.write(request, out);
  if (rule.required) throw missingArgument(source);
  return false;
}
