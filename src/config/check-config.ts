import type { z } from 'zod';
import { checkRoutes } from './check-routes.ts';
import { checkServer } from './check-server.ts';
import { checkService } from './check-services.ts';
import { checkTypes } from './check-types.ts';
import { type ConfigNode, nodeOfValue, nodeValue } from './config-node.ts';
import { type ConfigPath, type Diagnostic, formatConfigPath } from './diagnostic.ts';
import { flattenIssues } from './flatten-issues.ts';
import { createReporter, type Reporter } from './reporter.ts';
import {
  type GatewayConfig,
  gatewaySchema,
  type MethodConfig,
  type RouteConfig,
  type ServiceConfig,
} from './schema.ts';
import { reportSchemaProblems } from './schema-problems.ts';

/** What the checks give. */
export interface CheckResult {
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a configuration that is an object, as for embedding; the same checks as for a file, without lines. The object
 * is as a user writes it: defaults may be left out.
 */
export function checkConfig(value: unknown): CheckResult {
  return checkNode(nodeOfValue(value));
}

/** Checks a configuration as written: first its shape, then what its parts say about each other. */
export function checkNode(root: ConfigNode): CheckResult {
  const reporter = createReporter(root);
  const parsed = checkShape(root, reporter);
  checkMeaning(parsed, root, reporter);
  const failed = reporter.diagnostics.some(({ severity }) => severity === 'error');
  return { config: failed ? undefined : parsed.config, diagnostics: reporter.diagnostics };
}

/** Checks only what stands there, not what is missing or of another kind; for a text whose end could not be read. */
export function checkWritten(root: ConfigNode): readonly Diagnostic[] {
  const reporter = createReporter(root);
  const issues = gatewaySchema.safeParse(nodeValue(root)).error?.issues ?? [];
  reportSchemaProblems(
    flattenIssues(issues).filter(({ code }) => code !== 'invalid_type' && code !== 'invalid_union'),
    reporter,
  );
  return reporter.diagnostics;
}

/** A configuration as far as its shape is right. */
interface Shape {
  /** Undefined when there was anything wrong. */
  readonly config: GatewayConfig | undefined;
  readonly server: GatewayConfig['server'] | undefined;
  readonly types: GatewayConfig['types'];
  readonly services: ReadonlyMap<string, ServiceConfig | undefined>;
  readonly routes: readonly (RouteConfig | undefined)[];
  isBroken(path: ConfigPath): boolean;
}

/** What is left of a value is read on its own where the whole was refused, so that one run finds all mistakes. */
function checkShape(root: ConfigNode, reporter: Reporter): Shape {
  reportPrototypeKeys(root, [], reporter);
  const value = nodeValue(root);
  const result = gatewaySchema.safeParse(value);
  if (result.success) {
    const config = result.data;
    const services = new Map(Object.entries(config.services));
    return { ...config, config, services, isBroken: () => false };
  }
  const issues = flattenIssues(result.error.issues);
  reportSchemaProblems(issues, reporter);
  const broken = new Set<string>();
  for (const { path } of issues) {
    for (let length = 0; length <= path.length; length++) {
      broken.add(formatConfigPath(path.slice(0, length) as (string | number)[]));
    }
  }
  for (const issue of issues) cutOut(value, issue);
  const { server, types, services, routes } = gatewaySchema.shape;
  const parts = isMap(value) ? value : {};
  const serviceParts = Object.entries(isMap(parts.services) ? parts.services : {});
  const routeParts: unknown[] = Array.isArray(parts.routes) ? parts.routes : [];
  return {
    config: undefined,
    server: read(server, parts.server),
    types: read(types, parts.types) ?? {},
    services: new Map(
      serviceParts.map(([key, part]) => [key, read(services.unwrap().valueType, withRequired(part, SERVICE_REQUIRED))]),
    ),
    routes: routeParts.map((part) => read(routes.unwrap().element, withPath(withRequired(part, ROUTE_REQUIRED)))),
    isBroken: (path) => broken.has(formatConfigPath(path)),
  };
}

/** Stand in for what is missing or wrong, and was reported, so that the rest of a service or route is checked. */
const SERVICE_REQUIRED = { interface: 'missing', providers: ['dubbo://missing:1'] };
const ROUTE_REQUIRED = { id: 'missing' };

function withRequired(part: unknown, required: Readonly<Record<string, unknown>>): unknown {
  return isMap(part) ? { ...required, ...part } : part;
}

/** A path that is missing or wrong must not keep the rest of its route from being checked. */
function withPath(part: unknown): unknown {
  if (!isMap(part)) return part;
  return { ...part, match: isMap(part.match) ? { path: '/', ...part.match } : { path: '/' } };
}

function checkMeaning(shape: Shape, _root: ConfigNode, reporter: Reporter): void {
  if (shape.server !== undefined) checkServer(shape.server, reporter);
  const known = checkTypes(shape.types, reporter);
  const services = new Map<string, ReadonlyMap<string, MethodConfig | undefined>>();
  for (const [key, service] of shape.services) {
    if (service !== undefined) checkService(key, service, known, reporter);
    services.set(key, methodsAsWritten(key, service, reporter));
  }
  checkRoutes(shape.routes, { services, known, isBroken: shape.isBroken }, reporter);
}

/** All method keys that are written, also those of a service that could not be read. */
function methodsAsWritten(
  key: string,
  service: ServiceConfig | undefined,
  reporter: Reporter,
): ReadonlyMap<string, MethodConfig | undefined> {
  const methods = new Map<string, MethodConfig | undefined>(Object.entries(service?.methods ?? {}));
  const written = reporter.node(['services', key, 'methods']);
  if (written?.kind === 'map') {
    for (const name of written.entries.keys()) if (!methods.has(name)) methods.set(name, undefined);
  }
  return methods;
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
    if (key === 'args' && path.length === 3) continue;
    if (key === '__proto__')
      reporter.report([...path, key], 'the key "__proto__" cannot be used here', { atKey: true });
    reportPrototypeKeys(entry.node, [...path, key], reporter);
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
