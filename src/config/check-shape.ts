import type * as z from 'zod';
import { type ConfigNode, nodeAt, nodeValue } from './config-node.ts';
import { type ConfigPath, formatConfigPath } from './diagnostic.ts';
import { flattenIssues } from './flatten-issues.ts';
import type { Reporter } from './reporter.ts';
import { type GatewayConfig, gatewaySchema, type RouteConfig, type ServiceConfig } from './schema.ts';
import { reportSchemaProblems } from './schema-problems.ts';

/** A configuration as far as its shape is right. */
export interface Shape {
  /** Undefined when there was anything wrong. */
  readonly config: GatewayConfig | undefined;
  readonly server: GatewayConfig['server'] | undefined;
  readonly admission: GatewayConfig['admission'] | undefined;
  readonly bulkhead: GatewayConfig['bulkhead'] | undefined;
  readonly defaults: GatewayConfig['defaults'] | undefined;
  readonly types: GatewayConfig['types'];
  readonly services: ReadonlyMap<string, ServiceConfig | undefined>;
  readonly routes: readonly (RouteConfig | undefined)[];
  /** Whether something was wrong at this path or below it. */
  isBroken(path: ConfigPath): boolean;
  /** Whether the value at this path, written or a default, is what holds: neither it nor what is around it was wrong. */
  isKnown(path: ConfigPath): boolean;
}

/**
 * Checks a configuration against the schema. What is left of a value is read on its own where the whole was refused, so that one run finds all mistakes.
 */
export function checkShape(root: ConfigNode, reporter: Reporter): Shape {
  reportPrototypeKeys(root, [], reporter);
  const value = nodeValue(root);
  const result = gatewaySchema.safeParse(value);
  if (result.success) {
    const config = result.data;
    const services = new Map(Object.entries(config.services));
    return { ...config, config, services, isBroken: () => false, isKnown: (path) => isResolved(root, path) };
  }
  const issues = flattenIssues(result.error.issues);
  reportSchemaProblems(issues, reporter);
  const broken = new Set<string>();
  for (const { path } of issues) {
    for (let length = 0; length <= path.length; length++) {
      broken.add(pathText(path.slice(0, length)));
    }
  }
  const wrong = new Set(issues.filter(({ code }) => code !== 'unrecognized_keys').map(({ path }) => pathText(path)));
  for (const issue of issues) cutOut(value, issue);
  const { server, admission, bulkhead, defaults, types, services, routes } = gatewaySchema.shape;
  const parts = isMap(value) ? value : {};
  const serviceParts = Object.entries(isMap(parts.services) ? parts.services : {});
  const routeParts: unknown[] = Array.isArray(parts.routes) ? parts.routes : [];
  return {
    config: undefined,
    server: read(server, parts.server),
    admission: read(admission, parts.admission),
    bulkhead: read(bulkhead, parts.bulkhead),
    defaults: read(defaults, parts.defaults),
    types: read(types, parts.types) ?? {},
    services: new Map(
      serviceParts.map(([key, part]) => [key, read(services.unwrap().valueType, withRequired(part, SERVICE_REQUIRED))]),
    ),
    routes: routeParts.map((part) => read(routes.unwrap().element, withPath(withRequired(part, ROUTE_REQUIRED)))),
    isBroken: (path) => broken.has(formatConfigPath(path)),
    isKnown: (path) =>
      isResolved(root, path) && !path.some((_, index) => wrong.has(pathText(path.slice(0, index + 1)))),
  };
}

function pathText(path: readonly PropertyKey[]): string {
  return formatConfigPath(path as ConfigPath);
}

/** False for a value whose `${…}` could not be resolved. */
function isResolved(root: ConfigNode, path: ConfigPath): boolean {
  const node = nodeAt(root, path);
  return node?.kind !== 'scalar' || !node.unresolved;
}

/** Stand in for what is missing or wrong, and was reported, so that the rest of a service or route is checked. */
const SERVICE_REQUIRED = { interface: 'missing' };
const ROUTE_REQUIRED = { id: 'missing' };

function withRequired(part: unknown, required: Readonly<Record<string, unknown>>): unknown {
  return isMap(part) ? { ...required, ...part } : part;
}

/** A path that is missing or wrong must not keep the rest of its route from being checked. */
function withPath(part: unknown): unknown {
  if (!isMap(part)) return part;
  return { ...part, match: isMap(part.match) ? { path: '/', ...part.match } : { path: '/' } };
}

/** Removes what the schema refused, or the nearest key around it, so that the rest can be read with defaults. */
function cutOut(value: unknown, issue: z.core.$ZodIssue): void {
  if (issue.code === 'unrecognized_keys') for (const key of issue.keys) cutPath(value, [...issue.path, key]);
  else if (issue.code !== 'invalid_key') cutPath(value, issue.path);
}

function cutPath(value: unknown, path: readonly PropertyKey[]): void {
  let target: Record<PropertyKey, unknown> | undefined;
  let key: PropertyKey = '';
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) break;
    if (!Array.isArray(current)) {
      target = current as Record<PropertyKey, unknown>;
      key = step;
    }
    current = (current as Record<PropertyKey, unknown>)[step];
  }
  if (target !== undefined && key !== 'routes') delete target[key];
}

/** Levels around a missing key that are given up, one after the other, before the whole part is. */
const MAX_ATTEMPTS = 4;

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path } of result.error.issues) cutPath(value, path.slice(0, -1));
  }
  return undefined;
}

/**
 * A record type of the schema would drop a key named `__proto__` without a word. Arguments are data and keep it; anywhere
 * else it is a mistake.
 */
function reportPrototypeKeys(node: ConfigNode, path: ConfigPath, reporter: Reporter): void {
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) reportPrototypeKeys(item, [...path, index], reporter);
  }
  if (node.kind !== 'map') return;
  for (const [key, entry] of node.entries) {
    if (key === 'args' && path[0] === 'routes' && path.at(-1) === 'call') continue;
    if (key === '__proto__')
      reporter.report([...path, key], 'the key "__proto__" cannot be used here', { atKey: true });
    reportPrototypeKeys(entry.node, [...path, key], reporter);
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
