import type { GatewayConfigInput } from '../../src/config/schema.ts';

type ServiceInput = NonNullable<GatewayConfigInput['services']>[string];
export type RouteInput = NonNullable<GatewayConfigInput['routes']>[number];

/** The mock provider's service with every kind of value, as a service of the configuration. */
export function typesService(provider: string | readonly string[], more: Partial<ServiceInput> = {}): ServiceInput {
  return { interface: TYPES_SERVICE, providers: [provider].flat(), ...more };
}

export const TYPES_SERVICE = 'com.acme.types.TypesService';

export const DIALECT_NAMES = ['2.6', '2.7', '3.2', '3.3', 'go'] as const;
