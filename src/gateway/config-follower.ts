import { ConfigError } from '../config/config-error.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import { fingerprintOfFiles } from '../config/load-config.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { type ConfigChanges, isUnchanged, NO_CHANGES } from './config-changes.ts';
import { ConfigLoader } from './config-loader.ts';
import { ConfigWatch, type ConfigWatchOptions } from './config-watch.ts';
import type { GenerationSource } from './generations.ts';
import type { LoadedConfig, ReadFiles } from './read-config-files.ts';
import type { ServedConfiguration } from './served-configuration.ts';

/** The files that a configuration was read from. */
export interface ConfigFiles extends Omit<ReadFiles, 'diagnostics'> {
  /** The file or directory that was named. */
  readonly path: string;
}

/** What became of the last reading of the files. */
export interface ReloadRecord {
  readonly source: GenerationSource;
  readonly atWallMs: number;
  /** Whether the files could be read and are in force now. */
  readonly isSuccessful: boolean;
  /** What is wrong, at most 20; empty where nothing is. */
  readonly errors: readonly Diagnostic[];
}

/** What a reading of the files led to. */
export interface ReloadOutcome {
  /** Undefined where it was rejected. */
  readonly changes: ConfigChanges | undefined;
  /** All errors and warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConfigFollowerParts {
  readonly files: ConfigFiles;
  readonly environment: NodeJS.ProcessEnv;
  /** Which of the routes are served; default all. */
  readonly selection?: RouteSelection | undefined;
  readonly live: ServedConfiguration;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly watch?: ConfigWatchOptions;
}

/** Errors that are remembered and logged. */
const MAX_ERRORS = 20;

/**
 * Keeps a gateway in step with the files of its configuration: reads them when they change or when it is told to, and
 * serves what they say if nothing is wrong with it. What is wrong changes nothing, and is logged once.
 */
export class ConfigFollower {
  readonly #parts: ConfigFollowerParts;
  readonly #loader: ConfigLoader;
  readonly #watch: ConfigWatch;
  #files: ConfigFiles;
  /** Of the last files that were refused: the same ones are not refused again with each touch. */
  #refusedFingerprint: string | undefined;
  #last: ReloadRecord | undefined;
  #reloads = { successful: 0, failed: 0 };
  #running: Promise<ReloadOutcome> | undefined;
  /** The reading that follows the one under way, for all who asked meanwhile. */
  #next: Promise<ReloadOutcome> | undefined;
  #isClosed = false;

  constructor(parts: ConfigFollowerParts) {
    this.#parts = parts;
    this.#files = parts.files;
    this.#loader = new ConfigLoader(parts.environment, parts.selection);
    this.#watch = new ConfigWatch(() => void this.#onChange(), parts.watch);
  }

  /** Whether it follows the files no more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The files in force. */
  get files(): ConfigFiles {
    return this.#files;
  }

  /** Undefined before the first reading after the start. */
  get lastReload(): ReloadRecord | undefined {
    return this.#last;
  }

  /** Readings since the start. */
  get reloads(): Readonly<{ successful: number; failed: number }> {
    return this.#reloads;
  }

  /** Begins to watch the files. They are read again where they have changed since they were read. */
  async start(): Promise<void> {
    await this.#follow(this.#files);
    const { path, secretFiles, fingerprint } = this.#files;
    if (!this.#isClosed && fingerprintOfFiles(path, secretFiles) !== fingerprint) void this.#onChange();
  }

  /** Reads the files and serves what they say. Never rejects for what is wrong with them. */
  reload(source: GenerationSource): Promise<ReloadOutcome> {
    if (this.#running === undefined) return this.#run(() => this.#reload(source));
    this.#next ??= this.#whenIdle(() => {
      this.#next = undefined;
      return this.#reload(source);
    });
    return this.#next;
  }

  /**
   * Serves what was read, and is what the files say now, without reading them again. Never rejects for what is wrong with
   * it.
   */
  apply(loaded: LoadedConfig, source: GenerationSource): Promise<ReloadOutcome> {
    return this.#whenIdle(() => this.#reporting(source, () => this.#takeOver(loaded, source)));
  }

  /** Reads another file as if it stood in the place of the one in force; nothing changes. */
  read(path: string): Promise<LoadedConfig> {
    return this.#loader.load(path);
  }

  close(): void {
    this.#isClosed = true;
    this.#watch.close();
    this.#loader.close();
  }

  async #onChange(): Promise<void> {
    await this.reload('file');
  }

  async #whenIdle(work: () => Promise<ReloadOutcome>): Promise<ReloadOutcome> {
    while (this.#running !== undefined) await this.#running;
    return this.#run(work);
  }

  #run(work: () => Promise<ReloadOutcome>): Promise<ReloadOutcome> {
    const running = work().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  #reload(source: GenerationSource): Promise<ReloadOutcome> {
    return this.#reporting(source, async () => {
      const loaded = await this.#loader.load(this.#files.path);
      // Files that were only touched or renamed, or whose change was told of already.
      if (source !== 'file' || !this.#isInForce(loaded)) return this.#takeOver(loaded, source);
      const { config: _, diagnostics, ...found } = loaded;
      this.#files = { ...found, path: this.#files.path };
      await this.#follow(this.#files);
      return { changes: NO_CHANGES, diagnostics };
    });
  }

  #isInForce({ fingerprint }: LoadedConfig): boolean {
    if (fingerprint !== this.#files.fingerprint || this.#last?.isSuccessful === false) return false;
    return this.#parts.live.generations.source !== 'application';
  }

  async #takeOver(loaded: LoadedConfig, source: GenerationSource): Promise<ReloadOutcome> {
    const { config, diagnostics, ...found } = loaded;
    const files = { ...found, path: this.#files.path };
    await this.#follow(files);
    if (config === undefined) return this.#refuse(source, diagnostics, loaded.fingerprint);
    const changes = await this.#parts.live.replace(config, source);
    this.#files = files;
    this.#refusedFingerprint = undefined;
    this.#record(source, []);
    this.#report(changes, source);
    return { changes, diagnostics };
  }

  async #reporting(source: GenerationSource, work: () => Promise<ReloadOutcome>): Promise<ReloadOutcome> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConfigError) return this.#refuse(source, error.diagnostics, undefined);
      const message = error instanceof Error ? error.message : String(error);
      const failed: Diagnostic = { severity: 'error', file: '', line: 0, column: 0, path: '', message };
      return this.#refuse(source, [failed], undefined);
    }
  }

  async #follow({ path, files, secretFiles }: ConfigFiles): Promise<void> {
    if (!this.#isClosed) await this.#watch.follow([...new Set([path, ...files, ...secretFiles])]);
  }

  #refuse(
    source: GenerationSource,
    diagnostics: readonly Diagnostic[],
    fingerprint: string | undefined,
  ): ReloadOutcome {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const isKnown = fingerprint !== undefined && fingerprint === this.#refusedFingerprint;
    this.#refusedFingerprint = fingerprint;
    this.#record(source, errors.slice(0, MAX_ERRORS));
    if (!this.#isClosed && !(isKnown && source === 'file')) {
      this.#parts.logger.error('configuration refused, the one before stays in force', {
        source,
        errors: errors.length,
        first: errors.slice(0, MAX_ERRORS).map(placeAndMessage),
      });
    }
    return { changes: undefined, diagnostics };
  }

  #record(source: GenerationSource, errors: readonly Diagnostic[]): void {
    const isSuccessful = errors.length === 0;
    this.#reloads[isSuccessful ? 'successful' : 'failed']++;
    this.#last = { source, atWallMs: this.#parts.clock.wallMs(), isSuccessful, errors };
  }

  #report(changes: ConfigChanges, source: GenerationSource): void {
    const { logger, live } = this.#parts;
    if (isUnchanged(changes)) {
      logger.debug('configuration unchanged', { source });
      return;
    }
    const count = ({ added, removed, changed }: ConfigChanges['routes']): object => ({
      added: added.length,
      removed: removed.length,
      changed: changed.length,
    });
    const { routes, services, sections, restartRequired } = changes;
    const generation = live.generations.number;
    logger.info('configuration in force', {
      source,
      generation,
      routes: count(routes),
      services: count(services),
      sections,
    });
    if (restartRequired.length > 0) {
      logger.warn('a part of the configuration holds only after a restart', { keys: restartRequired });
    }
  }
}

function placeAndMessage({ file, line, column, path, message }: Diagnostic): string {
  const place = file === '' ? '' : line === 0 ? `${file}: ` : `${file}:${line}:${column}: `;
  return `${place}${path === '' ? '' : `${path}: `}${message}`;
}
