import { ConfigError } from '../config/config-error.ts';
import { type Diagnostic, formatConfigPath } from '../config/diagnostic.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { workerLimits } from '../config/worker-limits.ts';
import { type ConfigChanges, configChangesSteps, isUnchanged } from '../gateway/config-changes.ts';
import type { GenerationSource } from '../gateway/generations.ts';
import type { ServedConfiguration } from '../gateway/served-configuration.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { runInSlices } from '../time/run-in-slices.ts';
import { TaskQueue } from '../time/task-queue.ts';
import type { GroupGeneration, GroupGenerations } from './group-generations.ts';

export interface GroupConfigurationParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Number of workers. */
  readonly count: number;
  /** Has all workers serve it; rejects where they cannot, and then the one before is served. */
  readonly replace: (generation: GroupGeneration) => Promise<void>;
}

/** The configuration that a group serves, and its replacement in all workers. */
export class GroupConfiguration implements ServedConfiguration {
  readonly generations: GroupGenerations;
  readonly #parts: GroupConfigurationParts;
  /** One replacement at a time. */
  readonly #queue = new TaskQueue();
  #isClosed = false;

  constructor(generations: GroupGenerations, parts: GroupConfigurationParts) {
    this.generations = generations;
    this.#parts = parts;
  }

  get config(): GatewayConfig {
    return this.generations.current.config;
  }

  changes(config: GatewayConfig): Promise<ConfigChanges> {
    return runInSlices(configChangesSteps(this.config, config), this.#parts.clock);
  }

  replace(config: GatewayConfig, source: GenerationSource): Promise<ConfigChanges> {
    return this.#queue.run(() => this.#replace(config, source));
  }

  /** Nothing is replaced any more. */
  close(): void {
    this.#isClosed = true;
  }

  async #replace(config: GatewayConfig, source: GenerationSource): Promise<ConfigChanges> {
    const { count, logger, replace } = this.#parts;
    const changes = await this.changes(config);
    if (isUnchanged(changes)) return changes;
    checkShares(config, count);
    if (this.#isClosed) throw new Error('the gateway is stopping');
    const next = this.generations.next(config, source);
    await replace(next);
    logger.setLevel(config.log.level);
    this.generations.add(next);
    return changes;
  }
}

/** Throws `ConfigError` where there is too little to share for the workers that run, whatever number is configured now. */
function checkShares(config: GatewayConfig, count: number): void {
  const diagnostics = workerLimits(config)
    .filter(({ maxWorkers }) => maxWorkers < count)
    .map(({ path }): Diagnostic => {
      const message = `not enough to share among the ${count} workers that run; raise it, or restart with fewer workers`;
      return { severity: 'error', file: '', line: 0, column: 0, path: formatConfigPath(path), message };
    });
  if (diagnostics.length > 0) throw new ConfigError(diagnostics);
}
