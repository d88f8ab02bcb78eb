import type { GatewayConfig, MethodConfig, ServiceConfig } from '../config/schema.ts';
import { methodKey } from '../invocation/method-key.ts';
import { erasedTypeName, parseJavaType } from '../java/java-type.ts';

/** The method key of a configured method; `name` is its key under `methods`. */
export function keyOfMethod(service: ServiceConfig, name: string, method: MethodConfig): string {
  const types = method.parameters.map((type) => erasedTypeName(parseJavaType(type)));
  return methodKey(service.interface, service.version, service.group, method.name ?? name, types);
}

/** The keys of all methods of a configuration, whether routes call them or not. */
export function configuredMethodKeys(config: GatewayConfig): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const service of Object.values(config.services)) {
    for (const [name, method] of Object.entries(service.methods)) keys.add(keyOfMethod(service, name, method));
  }
  return keys;
}
