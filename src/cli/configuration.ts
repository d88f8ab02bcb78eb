import type { Diagnostic } from '../config/diagnostic.ts';
import { formatDiagnostics } from '../config/format-diagnostics.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { RouteSelection } from '../config/select-routes.ts';
import type { ConfigFiles } from '../gateway/config-follower.ts';
import { detachedParts } from '../gateway/detached-parts.ts';
import { buildGeneration, type Generation } from '../gateway/generation.ts';
import { readConfigFiles } from '../gateway/read-config-files.ts';
import { RpcClient } from '../rpc/rpc-client.ts';
import { type CommandInput, textOption } from './command.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** A configuration with all that is known of its mistakes. */
export interface CheckedConfiguration {
  readonly path: string;
  /** Undefined when there is an error. */
  readonly config: GatewayConfig | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ConfigFiles;
}

/** A configuration, compiled but not serving: what `explain`, `routes` and `call` look at. */
export interface CompiledConfiguration {
  readonly config: GatewayConfig;
  readonly generation: Generation;
  /** Closes the connections that were opened, if any. */
  close(): void;
}

/** The path that `--config` or SLUICE_CONFIG names. Throws `UsageError`. */
export function configurationPath(input: CommandInput, terminal: Terminal): string {
  const path = textOption(input, 'config') ?? terminal.environment.SLUICE_CONFIG;
  if (path === undefined || path === '') throw new UsageError('which configuration? Give --config FILE');
  return path;
}

/** Reads, checks and compiles a configuration; opens no connection. */
export function checkConfiguration(path: string, terminal: Terminal, selection?: RouteSelection): CheckedConfiguration {
  const { config, diagnostics, ...read } = readConfigFiles(path, terminal.environment, selection);
  return { path, config, diagnostics, files: { ...read, path } };
}

/** Loads a configuration to look into it; what is wrong with it is printed, and undefined comes back. */
export function openConfiguration(input: CommandInput, terminal: Terminal): CompiledConfiguration | undefined {
  const path = configurationPath(input, terminal);
  const { config, diagnostics } = checkConfiguration(path, terminal);
  if (config === undefined) {
    terminal.error(formatDiagnostics(diagnostics, path, { color: terminal.color, relative: terminal.relative }));
    return undefined;
  }
  return compile(config);
}

function compile(config: GatewayConfig): CompiledConfiguration {
  const client = new RpcClient(config.defaults);
  const generation = buildGeneration(config, detachedParts(client));
  return { config, generation, close: () => client.close() };
}
