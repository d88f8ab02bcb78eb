import { checkAdmin } from './check-admin.ts';
import { checkAdmission } from './check-admission.ts';
import { checkBulkhead } from './check-bulkhead.ts';
import { checkHedge } from './check-hedge.ts';
import { checkQuarantine } from './check-quarantine.ts';
import { checkRoutes } from './check-routes.ts';
import { checkServer } from './check-server.ts';
import { checkService, type KnownRegistries } from './check-services.ts';
import { checkShape, type Shape } from './check-shape.ts';
import { checkTypes } from './check-types.ts';
import { checkWorkers } from './check-workers.ts';
import { type ConfigNode, nodeOfValue, nodeValue } from './config-node.ts';
import type { Diagnostic } from './diagnostic.ts';
import { flattenIssues } from './flatten-issues.ts';
import { type RegistryConfig, registryType } from './registry-schema.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { type GatewayConfig, gatewaySchema, type MethodConfig, type ServiceConfig } from './schema.ts';
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
  checkMeaning(parsed, reporter);
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

function checkMeaning(shape: Shape, reporter: Reporter): void {
  if (shape.server !== undefined) {
    checkServer(shape.server, reporter);
    checkAdmin(shape.server.admin, shape, reporter);
  }
  checkAdmission(shape, reporter);
  checkBulkhead(shape, reporter);
  checkQuarantine(shape, reporter);
  checkHedge(shape, reporter);
  checkWorkers(shape, reporter);
  const known = checkTypes(shape.types, reporter);
  const registries = registriesAsWritten(reporter);
  const services = new Map<string, ReadonlyMap<string, MethodConfig | undefined>>();
  for (const [key, service] of shape.services) {
    if (service !== undefined) checkService(key, service, known, registries, reporter);
    services.set(key, methodsAsWritten(key, service, reporter));
  }
  checkRoutes(shape.routes, { services, known, isBroken: shape.isBroken }, reporter);
}

/** All registries that are written, also those that could not be read, by their types as far as they are known. */
function registriesAsWritten(reporter: Reporter): KnownRegistries {
  const found = new Map<string, RegistryConfig['type'] | undefined>();
  const written = reporter.node(['registries']);
  if (written?.kind !== 'map') return found;
  for (const [name, { node }] of written.entries) {
    const { success, data } = registryType.safeParse(nodeValue(node));
    found.set(name, success ? data.type : undefined);
  }
  return found;
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
