import { checkTypeText, type KnownClasses } from './check-types.ts';
import type { ConfigPath } from './diagnostic.ts';
import { ProviderAddressError, parseProviderAddress } from './provider-address.ts';
import type { RegistryConfig } from './registry-schema.ts';
import type { Reporter } from './reporter.ts';
import type { ServiceConfig } from './schema.ts';

/** The types of all registries by their keys; undefined for one that could not be read. */
export type KnownRegistries = ReadonlyMap<string, RegistryConfig['type'] | undefined>;

/** A class or interface name with or without package. */
export const CLASS_NAME = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;

const METHOD_NAME = /^[A-Za-z_$][\w$]*$/;

/** Checks one service: interface name, providers, methods and their parameter types. */
export function checkService(
  key: string,
  service: ServiceConfig,
  known: KnownClasses,
  registries: KnownRegistries,
  reporter: Reporter,
): void {
  const path = ['services', key];
  if (!CLASS_NAME.test(service.interface)) {
    const at = [...path, 'interface'];
    reporter.report(at, `expected the full name of a Java interface, found ${reporter.show(at)}`);
  }
  checkSource(service, path, registries, reporter);
  for (const [methodKey, method] of Object.entries(service.methods)) {
    const methodPath = [...path, 'methods', methodKey];
    if (method.name !== undefined && !METHOD_NAME.test(method.name)) {
      const at = [...methodPath, 'name'];
      reporter.report(at, `expected the name of a Java method, found ${reporter.show(at)}`);
    } else if (method.name === undefined && !METHOD_NAME.test(methodKey)) {
      const message = `"${methodKey}" is no name of a Java method; give the Java name as "name"`;
      reporter.report(methodPath, message, { atKey: true });
    }
    for (const [index, text] of method.parameters.entries()) {
      checkTypeText(text, [...methodPath, 'parameters', index], known, [], reporter);
    }
  }
}

/** Where the providers of a service come from: exactly one of both keys, or a static registry and the addresses. */
function checkSource(
  { providers, registry }: ServiceConfig,
  path: ConfigPath,
  registries: KnownRegistries,
  reporter: Reporter,
): void {
  if (providers !== undefined) checkProviders(providers, [...path, 'providers'], reporter);
  // What is written but wrong was told of already.
  const isNamed = reporter.node([...path, 'providers']) !== undefined;
  if (registry === undefined) {
    const isLearnt = reporter.node([...path, 'registry']) !== undefined;
    if (!isNamed && !isLearnt) reporter.report(path, 'a service needs "providers" or a "registry"', { atKey: true });
    return;
  }
  const at = [...path, 'registry'];
  if (!registries.has(registry)) {
    const suggestion = reporter.nearest(at, registry, registries.keys());
    reporter.report(at, `${reporter.show(at)} is no key of "registries"`, { suggestion });
    return;
  }
  const type = registries.get(registry);
  if (type === 'static') {
    if (!isNamed) {
      reporter.report(at, `the registry ${reporter.show(at)} is static: the service needs "providers"`);
    }
  } else if (isNamed) {
    reporter.report(at, 'the providers are either named or learnt from a registry: leave one of both keys out');
  }
}

function checkProviders(providers: readonly string[], path: ConfigPath, reporter: Reporter): void {
  const seen = new Map<string, number>();
  for (const [index, text] of providers.entries()) {
    const at = [...path, index];
    try {
      const { host, port } = parseProviderAddress(text);
      const address = `${host.toLowerCase()}:${port}`;
      if (seen.has(address)) {
        reporter.report(
          at,
          `this address is there twice, first in ${reporter.where([...path, seen.get(address)!], at)}`,
        );
      } else seen.set(address, index);
    } catch (error) {
      if (!(error instanceof ProviderAddressError)) throw error;
      const suggestion = reporter.isSecret(at) ? undefined : error.suggestion;
      reporter.report(at, `${reporter.show(at)}: ${error.message}`, { suggestion });
    }
  }
}
