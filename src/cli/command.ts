import type { ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';

/** Options by long name, as `parseArgs` of node:util takes them. */
export type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** The words after the command's name: options by long name, the rest in order. */
export interface CommandInput {
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly words: readonly string[];
}

/** One command of the CLI. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `sluice` in the usage line. */
  readonly usage: string;
  readonly help: string;
  readonly options: OptionsConfig;
  /** Resolves with the exit code. */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

/** Every command that reads a configuration takes it this way. */
export const CONFIG_OPTION = { config: { type: 'string', short: 'c' } } as const satisfies OptionsConfig;

export const CONFIG_HELP = '  -c, --config PATH   file or directory; default: the environment variable SLUICE_CONFIG';

/** The text of an option that is given once at most. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may come several times. */
export function textOptions(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}
