import type { GatewayConfigInput } from '../../src/config/schema.ts';

/** A section of `registries`. */
export type RegistrySection = NonNullable<GatewayConfigInput['registries']>[string];

/** How long a list is kept in ms that a registry empties, or takes most of after it was away: in a rest all is in step. */
export const LIST_GRACE_MS = 1_000;

/** A registry of one service, whose providers the load makes come and go. */
export interface ChurnedRegistry {
  /** Its key in the configuration. */
  readonly name: string;
  /** By which a gateway finds it. */
  readonly section: RegistrySection;
  /** The service is at these addresses from now on, `host:port` each. */
  list(addresses: readonly string[]): Promise<void>;
  /** Sessions are lost, or the whole server is away for a moment; its lists stay. */
  disturb(): Promise<void>;
  stop(): Promise<void>;
}
