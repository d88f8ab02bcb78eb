import type { GatewayConfig } from '../config/schema.ts';
import type { ConfigChanges } from './config-changes.ts';
import type { GenerationRecord, GenerationSource } from './generations.ts';

/** The configurations that were in force, as operators see them. */
export interface GenerationHistory {
  /** Number of the one that is served. */
  readonly number: number;
  /** Who brought the one that is served. */
  readonly source: GenerationSource;
  /** Newest first. */
  readonly records: readonly GenerationRecord[];
}

/** The configuration that is served, by this process or by a group of them, and its replacement. */
export interface ServedConfiguration {
  readonly generations: GenerationHistory;
  /** Another object after each replacement. */
  readonly config: GatewayConfig;
  /** What another configuration would change. */
  changes(config: GatewayConfig): Promise<ConfigChanges>;
  /** Serves another configuration from now on. Rejects with `ConfigError`, and with an Error when the gateway is closed. */
  replace(config: GatewayConfig, source: GenerationSource): Promise<ConfigChanges>;
}
