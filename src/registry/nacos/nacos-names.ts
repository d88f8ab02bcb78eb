import type { ServiceQuery } from '../registry.ts';

/** What stands before the interface in the names of services that provide one. */
const PROVIDERS = 'providers:';

/**
 * The names under which the providers of a service register (`NacosServiceName`): `providers:interface:version:group`,
 * and as it was before Dubbo 2.7.6, without colons for parts that are empty.
 */
export function providerServiceNames({ interfaceName, version, group }: ServiceQuery): readonly string[] {
  const name = `${PROVIDERS}${interfaceName}:${version}:${group}`;
  const legacy = PROVIDERS + [interfaceName, version, group].filter((part) => part !== '').join(':');
  return legacy === name ? [name] : [name, legacy];
}

/** Group of the entries that say which applications serve an interface; the entry has the interface's name. */
export const MAPPING_GROUP = 'mapping';

/** Namespace that everybody has; Nacos knows it by its name or, for configuration, by none at all. */
export const PUBLIC_NAMESPACE = 'public';
