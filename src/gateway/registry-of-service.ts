import type { RegistryConfig } from '../config/registry-schema.ts';
import type { GatewayConfig, ServiceConfig } from '../config/schema.ts';

/** A registry that has to be asked. */
export type AskedRegistryConfig = Exclude<RegistryConfig, { type: 'static' }>;

/** Where the providers of a service are learnt; undefined where they stand in the configuration. */
export function registryOfService(
  { registries }: Pick<GatewayConfig, 'registries'>,
  { providers, registry: name }: ServiceConfig,
): { readonly name: string; readonly config: AskedRegistryConfig } | undefined {
  const config = name === undefined ? undefined : registries[name];
  if (name === undefined || providers !== undefined || config === undefined || config.type === 'static') {
    return undefined;
  }
  return { name, config };
}
