import type { BalancerName } from '../balancing/create-balancer.ts';
import { hashText } from '../balancing/murmur3.ts';
import { parseArgument } from '../config/argument-source.ts';
import type { ArgumentSpec } from '../config/argument-spec.ts';
import type { CallConfig } from '../config/schema.ts';
import { ArgumentPlanError } from '../transcoder/arguments/argument-plan-error.ts';
import { type AttachmentReader, compileAttachment } from '../transcoder/arguments/attachment-plan.ts';
import type { SelectionHint } from './route-call.ts';

/**
 * Compiles what the balancer goes by in the requests of a route: the tag, and what equal requests have in common.
 * Undefined where requests do not differ in it.
 *
 * @throws ArgumentPlanError for a source that is not one text
 */
export function compileSelectionHint(call: CallConfig, balancer: BalancerName): SelectionHint | undefined {
  const { tag, forceTag, hashOn = call.args[0] } = call;
  const readTag = tag === undefined ? undefined : compileAttachment(parseArgument(tag));
  const readHash = balancer === 'consistent-hash' ? hashReader(hashOn, call.hashOn !== undefined) : undefined;
  if (readTag === undefined && readHash === undefined) return undefined;
  return (exchange, target) => {
    target.tag = readTag?.(exchange) ?? '';
    target.isTagForced = forceTag;
    const text = readHash?.(exchange);
    if (text !== undefined) target.hash = hashText(text);
  };
}

/** The sources that the balancer goes by in the requests of a route; more than it may need. */
export function selectionSources({ args, tag, hashOn }: CallConfig, balancer: BalancerName): ArgumentSpec[] {
  const byHash = balancer === 'consistent-hash' ? (hashOn ?? args[0]) : undefined;
  return [tag, byHash].flatMap((source) => (source === undefined ? [] : [parseArgument(source)]));
}

/** Where nothing is written the first argument will do, if it is one text; if not, calls go anywhere. */
function hashReader(source: CallConfig['hashOn'], isWritten: boolean): AttachmentReader | undefined {
  if (source === undefined) return undefined;
  try {
    return compileAttachment(withoutType(parseArgument(source)));
  } catch (error) {
    if (isWritten || !(error instanceof ArgumentPlanError)) throw error;
    return undefined;
  }
}

/** What the Java type is makes no difference to which provider it is. */
function withoutType(spec: ReturnType<typeof parseArgument>): ReturnType<typeof parseArgument> {
  if (spec.kind !== 'source' || spec.type === undefined) return spec;
  const { type: _, ...rest } = spec;
  return rest;
}
