import type { Dialect } from './dialects.ts';
import type { JavaValue } from './java-value.ts';
import type { JavaClasses } from './realize.ts';

/** `objects` for `generic=raw.return` where the dialect has it, else `maps`. */
export type ResultForm = 'maps' | 'objects';

/** What a method may know of the call besides its arguments. */
export interface CallContext {
  readonly dialect: Dialect;
  readonly resultForm: ResultForm;
  /** Arguments as they came, before they were converted to the parameters' types. */
  readonly wireArguments: readonly JavaValue[];
  /** Type names the caller sent. */
  readonly types: readonly string[];
  readonly attachments: ReadonlyMap<string, string>;
  /** Attachments of the answer; a method may set more. */
  readonly answerAttachments: Map<string, string>;
}

/**
 * How an answer depends on more than the arguments: `constant` not at all, `reads` on the state of the service,
 * `writes` changes that state, `volatile` on attachments or time. The first two may be answered from a cache.
 */
export type MethodEffect = 'constant' | 'reads' | 'writes' | 'volatile';

export interface MethodDefinition {
  readonly name: string;
  /** Java types of the parameters with generics; `any` takes whatever types the caller names. */
  readonly parameters: readonly string[] | 'any';
  readonly effect: MethodEffect;
  /** @throws JavaException for a business exception */
  readonly run: (parameters: readonly JavaValue[], context: CallContext) => JavaValue | Promise<JavaValue>;
}

export interface ServiceDefinition {
  /** Java interface name. */
  readonly name: string;
  readonly version: string;
  readonly group: string;
  readonly classes: JavaClasses;
  readonly methods: readonly MethodDefinition[];
}

/** A method definition in short. */
export function method(
  name: string,
  parameters: readonly string[] | 'any',
  effect: MethodEffect,
  run: MethodDefinition['run'],
): MethodDefinition {
  return { name, parameters, effect, run };
}

/** Key of a service as Dubbo writes it: `group/interface:version`, empty parts and version 0.0.0 left out. */
export function serviceKey(name: string, version: string | null, group: string | null): string {
  const groupPart = group ? `${group}/` : '';
  return version && version !== '0.0.0' ? `${groupPart}${name}:${version}` : `${groupPart}${name}`;
}

/** Parameter types without generics, as callers name them. */
export function erased(parameters: readonly string[]): string[] {
  return parameters.map((type) => type.replace(/<.*>/, ''));
}
