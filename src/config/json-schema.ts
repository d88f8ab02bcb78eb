import * as z from 'zod';
import { gatewaySchema } from './schema.ts';

/** The part of JSON Schema that this configuration needs. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** The shape of the configuration as a user writes it: keys with a default may be left out. */
export function writtenSchema(): JsonSchema {
  return simplify(z.toJSONSchema(gatewaySchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
}

/**
 * The JSON Schema (draft 2020-12) of the configuration for editors. Unlike `writtenSchema` it lets `${…}` stand for any
 * number, word or switch, because it judges the text before variables are resolved.
 */
export function configJsonSchema(): object {
  const { $schema, ...schema } = withVariables(writtenSchema()) as JsonSchema & { readonly $schema?: string };
  return { $schema, title: 'Configuration of Sluice', ...schema };
}

/** Keywords that say nothing: Zod's own formats, the range of safe integers, "names of keys are text". */
function simplify(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(mapChildren(schema, simplify))) {
    const isNoise =
      (keyword === 'format' && value === 'starts_with') ||
      (keyword === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
      (keyword === 'propertyNames' && Object.keys(value as object).join() === 'type');
    if (!isNoise) result[keyword] = value;
  }
  return result;
}

const VARIABLE: JsonSchema = { type: 'string', pattern: '\\$\\{' };

function withVariables(schema: JsonSchema): JsonSchema {
  const inner = mapChildren(schema, withVariables);
  if (inner.anyOf?.includes(VARIABLE)) return inner;
  const { description, default: fallback, ...rest } = inner;
  const isFreeText =
    schema.type === 'string' && schema.enum === undefined && schema.const === undefined && schema.pattern === undefined;
  const isScalar = typeof schema.type === 'string' && !['object', 'array'].includes(schema.type);
  if (!isScalar || isFreeText) return inner;
  const named = description === undefined ? {} : { description };
  return { ...named, ...(fallback === undefined ? {} : { default: fallback }), anyOf: [rest, VARIABLE] };
}

/** The schema with every schema inside it replaced. */
function mapChildren(schema: JsonSchema, replace: (child: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, items, additionalProperties, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, replace(child)])) }),
    ...(items === undefined ? {} : { items: replace(items) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: replace(additionalProperties) } : {}),
    ...(anyOf === undefined
      ? {}
      : { anyOf: [...new Set(anyOf.map((branch) => replace(branch)).flatMap(flattenBranch))] }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map((branch) => replace(branch)) }),
  };
}

/** A branch that became a choice itself joins the choice around it. */
function flattenBranch(branch: JsonSchema): readonly JsonSchema[] {
  return branch.anyOf !== undefined && Object.keys(branch).length === 1 ? branch.anyOf : [branch];
}
