import type { ArgumentSpec } from '../../config/argument-spec.ts';
import type { HessianWriter } from '../../hessian/hessian-writer.ts';
import type { ClassTypes } from '../../java/class-types.ts';
import { formatJavaType, type JavaType } from '../../java/java-type.ts';
import type { RequestView } from '../request-view.ts';
import { ArgumentCompiler } from './argument-compiler.ts';
import { missingArgument } from './argument-error.ts';
import { ArgumentPlanError } from './argument-plan-error.ts';
import type { CompiledArgument } from './compiled-argument.ts';
import { formatArgument } from './source-text.ts';

/** The arguments of a route's call, compiled: from a request straight to Hessian. It keeps no state between requests. */
export interface ArgumentPlan {
  /** Whether any argument takes something of the body, so that it must be read and parsed. */
  readonly readsBody: boolean;
  /**
   * Writes one value for each parameter; the caller has written the list's header.
   *
   * Throws `GatewayError` (REQUEST_INVALID, REQUEST_CLASS_KEY, UNAUTHENTICATED) for what the caller got wrong. The
   * writer then holds a part of the call and class definitions of it: take back its position and `reset` it.
   */
  write(request: RequestView, out: HessianWriter): void;
  /** Source and Java type of each parameter, for people. */
  describe(): readonly { readonly source: string; readonly type: string }[];
}

/**
 * Compiles the arguments of a route.
 *
 * @param specs one for each parameter
 * @param parameterTypes the method's
 * @param options.allowedClasses classes that a `class` key in the request may name
 * @throws ArgumentPlanError for what can work with no request
 */
export function compileArguments(
  specs: readonly ArgumentSpec[],
  parameterTypes: readonly JavaType[],
  classes: ClassTypes,
  options: { readonly allowedClasses: ReadonlySet<string> },
): ArgumentPlan {
  if (specs.length !== parameterTypes.length) {
    throw new ArgumentPlanError(
      `the method has ${parameterTypes.length} parameters, but there are ${specs.length} args`,
    );
  }
  const compiler = new ArgumentCompiler(classes, options.allowedClasses);
  return new CompiledPlan(compiler, specs, parameterTypes);
}

class CompiledPlan implements ArgumentPlan {
  readonly readsBody: boolean;
  readonly #arguments: readonly CompiledArgument[];
  readonly #primitive: readonly boolean[];
  readonly #specs: readonly ArgumentSpec[];
  readonly #types: readonly JavaType[];

  constructor(compiler: ArgumentCompiler, specs: readonly ArgumentSpec[], types: readonly JavaType[]) {
    this.readsBody = specs.some(readsBody);
    this.#arguments = specs.map((spec, index) => atIndex(index, () => compiler.compile(spec, types[index]!)));
    this.#primitive = types.map((type, index) => atIndex(index, () => compiler.isPrimitive(type)));
    this.#specs = specs;
    this.#types = types;
  }

  write(request: RequestView, out: HessianWriter): void {
    const compiled = this.#arguments;
    for (let i = 0; i < compiled.length; i++) {
      if (compiled[i]!.write(request, out)) continue;
      // Null for a Java primitive fails at the provider, and there it looks like a fault of the service.
      if (this.#primitive[i]) throw missingArgument(formatArgument(this.#specs[i]!));
      out.nullValue();
    }
  }

  describe(): readonly { readonly source: string; readonly type: string }[] {
    return this.#specs.map((spec, index) => ({
      source: formatArgument(spec),
      type: formatJavaType(this.#types[index]!),
    }));
  }
}

/** Whether an argument or attachment takes something of the body. */
export function readsBody(spec: ArgumentSpec): boolean {
  switch (spec.kind) {
    case 'source':
      return spec.source.kind === 'body';
    case 'object':
      return spec.fields.some(([, field]) => readsBody(field));
    case 'merge':
      return spec.parts.some(readsBody);
    case 'value':
      return false;
  }
}

function atIndex<T>(index: number, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw error instanceof ArgumentPlanError ? new ArgumentPlanError(`args[${index}]: ${error.message}`, index) : error;
  }
}
