import type { Diagnostic } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load-config.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { ALL_ROUTES, type RouteSelection, selectRoutes } from '../config/select-routes.ts';
import { findingsOfCompiling } from './compile-findings.ts';

/** What was found when the files of a configuration were read. */
export interface ReadFiles {
  /** Errors and warnings, with their places. */
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
  /** The files of `${file:…}`, also those that cannot be read. */
  readonly secretFiles: readonly string[];
  /** Paths of the values that came from `${…}`. */
  readonly secretPaths: readonly string[];
  /** Equal for equal contents of all files. */
  readonly fingerprint: string;
}

/** A configuration as its files have it now. */
export interface LoadedConfig extends ReadFiles {
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
}

/**
 * Reads, checks and compiles a configuration; opens no connection. What is wrong is in the result, with its place. All of
 * it is checked, also where only a part is selected.
 */
export function readConfigFiles(
  path: string,
  environment: NodeJS.ProcessEnv,
  selection: RouteSelection = ALL_ROUTES,
): LoadedConfig {
  const { config, diagnostics, locate, ...files } = loadConfig(path, environment);
  if (config === undefined) return { ...files, config, diagnostics };
  const found = findingsOfCompiling(config).map(locate);
  const isSound = found.length === 0;
  return selectFrom(
    { ...files, config: isSound ? config : undefined, diagnostics: [...diagnostics, ...found] },
    selection,
  );
}

/** The selected part of what was read. */
export function selectFrom(loaded: LoadedConfig, selection: RouteSelection): LoadedConfig {
  if (loaded.config === undefined) return loaded;
  const { config, secretPaths, diagnostics } = selectRoutes(loaded.config, loaded.secretPaths, selection);
  return { ...loaded, config, secretPaths, diagnostics: [...loaded.diagnostics, ...diagnostics] };
}
