import assert from 'node:assert/strict';
import { ByteWriter } from '../../../../src/bytes/byte-writer.ts';
import type { ArgumentSource, ArgumentSpec } from '../../../../src/config/argument-spec.ts';
import { GatewayError } from '../../../../src/errors/gateway-error.ts';
import { HessianWriter } from '../../../../src/hessian/hessian-writer.ts';
import { createClassTypes } from '../../../../src/java/class-types.ts';
import { parseJavaType } from '../../../../src/java/java-type.ts';
import { type JsonDocument, parseJson } from '../../../../src/json/json-document.ts';
import { type ArgumentPlan, compileArguments } from '../../../../src/transcoder/arguments/argument-plan.ts';
import type { RequestView } from '../../../../src/transcoder/request-view.ts';

export interface RequestParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** JSON text. */
  readonly claims?: string;
}

export function request(parts: RequestParts = {}): RequestView {
  return {
    pathParameter: (name) => parts.path?.[name],
    query: (name) => parts.query?.[name]?.[0],
    queryAll: (name) => parts.query?.[name] ?? [],
    header: (name) => parts.headers?.[name],
    cookie: (name) => parts.cookies?.[name],
    body: document(parts.body),
    claims: document(parts.claims),
    clientIp: '192.0.2.7',
    requestId: 'r-1',
  };
}

export const BODY: ArgumentSpec = source({ kind: 'body', path: [] });

export function source(
  from: ArgumentSource,
  rest: { type?: string; default?: unknown; required?: boolean } = {},
): ArgumentSpec {
  return {
    kind: 'source',
    source: from,
    required: from.kind === 'path' || from.kind === 'body' || from.kind === 'jwt',
    ...rest,
  };
}

export function query(name: string, rest: { type?: string; default?: unknown; required?: boolean } = {}): ArgumentSpec {
  return source({ kind: 'query', name, all: false }, rest);
}

export function constant(value: unknown): ArgumentSpec {
  return { kind: 'value', value };
}

export function object(fields: Readonly<Record<string, ArgumentSpec>>): ArgumentSpec {
  return { kind: 'object', fields: Object.entries(fields) };
}

export function merge(...parts: ArgumentSpec[]): ArgumentSpec {
  return { kind: 'merge', parts };
}

export type Types = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function plan(
  spec: ArgumentSpec,
  type: string,
  types: Types = {},
  allowed: readonly string[] = [],
): ArgumentPlan {
  return compileArguments([spec], [parseJavaType(type)], createClassTypes(types), { allowedClasses: new Set(allowed) });
}

/** The bytes of a plan's only argument. */
export function run(compiled: ArgumentPlan, parts: RequestParts): Buffer {
  return written((out) => compiled.write(request(parts), out));
}

export function written(write: (out: HessianWriter) => void): Buffer {
  const bytes = new ByteWriter();
  write(new HessianWriter(bytes));
  return bytes.take();
}

/** The error a plan throws for a request. */
export function refusal(compiled: ArgumentPlan, parts: RequestParts): GatewayError {
  try {
    run(compiled, parts);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `accepted ${JSON.stringify(parts)}` });
}

function document(text: string | undefined): JsonDocument | undefined {
  return text === undefined ? undefined : parseJson(Buffer.from(text), 64);
}
