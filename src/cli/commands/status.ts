import { systemClock } from '../../time/clock.ts';
import { ADMIN_HELP, ADMIN_OPTIONS, adminAddress } from '../admin-address.ts';
import { AdminClient } from '../admin-client.ts';
import { AdminError } from '../admin-failure.ts';
import { type Command, type CommandInput, textOption } from '../command.ts';
import { repeat } from '../repeat.ts';
import { type StatusOutput, statusOutput } from '../status-output.ts';
import { StatusPoll } from '../status-poll.ts';
import { EXIT_FAILED, EXIT_OK, type Terminal, UsageError } from '../terminal.ts';

const DEFAULT_INTERVAL_MS = 1_000;
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 3_600_000;

/** `sluice status`: pools, admission and methods of a gateway that runs. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'show pools, admission and ill methods of a running gateway',
  usage: 'status [--url URL] [--watch] [--all] [--format text|json]',
  help: `Asks the admin port. Methods are shown that are in quarantine or pinned. In a pipe, each answer is one line of JSON, with
the members of GET /admin/v1/bulkheads, the time as "at", the configuration in force as "generation", and "lastReload".

${ADMIN_HELP}
  -w, --watch         again and again, until Ctrl-C; a gateway that goes away is waited for
      --interval-ms N pause between two answers; default: ${DEFAULT_INTERVAL_MS}
      --all           healthy methods too
      --format FORMAT text or json; default: text on a terminal, json elsewhere

Examples:
  sluice status --watch
  sluice status --config gateway.yaml
  sluice status --url http://10.1.2.3:9090 --format json`,
  options: {
    ...ADMIN_OPTIONS,
    watch: { type: 'boolean', short: 'w' },
    'interval-ms': { type: 'string' },
    all: { type: 'boolean' },
    format: { type: 'string' },
  },
  run: status,
};

async function status(input: CommandInput, terminal: Terminal): Promise<number> {
  if (input.words.length > 0) throw new UsageError(`status takes no word "${input.words[0]}"`);
  const watch = input.options.watch === true;
  const intervalMs = intervalOf(input, watch);
  const format = formatOption(input, terminal);
  const address = adminAddress(input, terminal);
  if (address === undefined) return EXIT_FAILED;
  const all = input.options.all === true;
  const poll = new StatusPoll(new AdminClient(address), systemClock, all);
  const output = statusOutput({ format, watch, all }, terminal);
  try {
    if (watch) await follow(poll, output, intervalMs, terminal.interruption());
    else await poll.to(output, undefined);
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    output.close();
    terminal.error(`${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    output.close();
  }
}

/** What `--format` says; without it, people get text and programs JSON. Throws `UsageError`. */
export function formatOption(input: CommandInput, terminal: Terminal): 'text' | 'json' {
  const format = textOption(input, 'format') ?? (terminal.isTerminal ? 'text' : 'json');
  if (format !== 'text' && format !== 'json') throw new UsageError(`--format takes text or json, not "${format}"`);
  return format;
}

async function follow(
  poll: StatusPoll,
  output: StatusOutput,
  intervalMs: number,
  interruption: AbortSignal,
): Promise<void> {
  const step = async (): Promise<void> => {
    try {
      await poll.to(output, interruption);
    } catch (error) {
      if (!(error instanceof AdminError && error.isTransient)) throw error;
      output.trouble(error);
    }
  };
  await repeat(step, intervalMs, interruption);
}

function intervalOf(input: CommandInput, watch: boolean): number {
  const text = textOption(input, 'interval-ms');
  if (text === undefined) return DEFAULT_INTERVAL_MS;
  if (!watch) throw new UsageError('--interval-ms goes with --watch');
  const intervalMs = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(intervalMs >= MIN_INTERVAL_MS && intervalMs <= MAX_INTERVAL_MS)) {
    throw new UsageError(`--interval-ms takes ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}, not "${text}"`);
  }
  return intervalMs;
}
