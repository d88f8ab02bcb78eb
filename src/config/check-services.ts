import { checkTypeText, type KnownClasses } from './check-types.ts';
import type { ConfigPath } from './diagnostic.ts';
import { ProviderAddressError, parseProviderAddress } from './provider-address.ts';
import type { Reporter } from './reporter.ts';
import type { ServiceConfig } from './schema.ts';

/** A class or interface name with or without package. */
export const CLASS_NAME = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/;

const METHOD_NAME = /^[A-Za-z_$][\w$]*$/;

/** Checks one service: interface name, providers, methods and their parameter types. */
export function checkService(key: string, service: ServiceConfig, known: KnownClasses, reporter: Reporter): void {
  const path = ['services', key];
  if (!CLASS_NAME.test(service.interface)) {
    const at = [...path, 'interface'];
    reporter.report(at, `expected the full name of a Java interface, found ${reporter.show(at)}`);
  }
  checkProviders(service.providers, [...path, 'providers'], reporter);
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
