import type { MethodConfig, ServiceConfig } from '../config/schema.ts';
import { methodKey } from '../invocation/method-key.ts';
import { erasedTypeName, parseJavaType } from '../java/java-type.ts';

/** The method key of a configured method; `name` is its key under `methods`. */
export function keyOfMethod(service: ServiceConfig, name: string, method: MethodConfig): string {
  const types = method.parameters.map((type) => erasedTypeName(parseJavaType(type)));
  return methodKey(service.interface, service.version, service.group, method.name ?? name, types);
}
