import { parseArgs } from 'node:util';
import { nearestName } from '../config/nearest-name.ts';
import type { Command } from './command.ts';
import { callCommand } from './commands/call.ts';
import { explainCommand } from './commands/explain.ts';
import { methodCommand } from './commands/method.ts';
import { routesCommand } from './commands/routes.ts';
import { schemaCommand } from './commands/schema.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { validateCommand } from './commands/validate.ts';
import { versionCommand } from './commands/version.ts';
import { bold, EXIT_OK, EXIT_USAGE, formatTable, type Terminal, UsageError } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  startCommand,
  validateCommand,
  routesCommand,
  explainCommand,
  callCommand,
  statusCommand,
  methodCommand,
  schemaCommand,
  versionCommand,
];

const HELP_WORDS = new Set(['help', '--help', '-h']);

/** Runs one command line (without node and script). Resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words;
  try {
    if (name === undefined) {
      terminal.error(overview(terminal));
      return EXIT_USAGE;
    }
    if (HELP_WORDS.has(name)) {
      terminal.out(rest[0] === undefined ? overview(terminal) : commandHelp(commandNamed(rest[0]), terminal));
      return EXIT_OK;
    }
    const command = commandNamed(name === '--version' || name === '-v' ? 'version' : name);
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out(commandHelp(command, terminal));
      return EXIT_OK;
    }
    return await run(command, rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.error(`sluice: ${error.message}\n`);
    terminal.error(`Run "sluice help${isCommand(name) ? ` ${name}` : ''}" for help.\n`);
    return EXIT_USAGE;
  }
}

async function run(command: Command, words: string[], terminal: Terminal): Promise<number> {
  return command.run(parse(command, words), terminal);
}

function parse(command: Command, words: string[]): Parameters<Command['run']>[0] {
  try {
    const { values, positionals } = parseArgs({ args: words, options: command.options, allowPositionals: true });
    return { options: values, words: positionals };
  } catch (error) {
    const unknown = /Unknown option '(--?[^']*)'/.exec(String(error))?.[1];
    if (unknown === undefined) throw new UsageError(error instanceof Error ? error.message : String(error));
    const nearest = nearestName(unknown.replace(/^-+/, ''), Object.keys(command.options));
    const hint = nearest === undefined ? '' : `; did you mean --${nearest}?`;
    throw new UsageError(`"${command.name}" has no option ${unknown}${hint}`);
  }
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const nearest = nearestName(
    name,
    COMMANDS.map((candidate) => candidate.name),
  );
  throw new UsageError(`there is no command "${name}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`);
}

function isCommand(name: string | undefined): boolean {
  return COMMANDS.some((command) => command.name === name);
}

function overview(terminal: Terminal): string {
  const rows = COMMANDS.map(({ name, summary }) => [`  ${name}`, summary]);
  return `${bold(terminal, 'sluice')}: the HTTP gateway for Dubbo services

Usage: sluice COMMAND [options]

${formatTable(rows)}
Examples:
  sluice validate --config gateway.yaml
  sluice explain GET /users/42 --config gateway.yaml
  sluice start --config gateway.yaml

Exit codes: 0 done, 1 failed, 2 wrong usage. "sluice help COMMAND" says more.
`;
}

function commandHelp(command: Command, terminal: Terminal): string {
  return `${bold(terminal, `sluice ${command.name}`)}: ${command.summary}

Usage: sluice ${command.usage}

${command.help}
`;
}
