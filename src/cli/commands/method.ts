import { nearestName } from '../../config/nearest-name.ts';
import { escapeInvisible } from '../../telemetry/log-text.ts';
import { systemClock } from '../../time/clock.ts';
import { ADMIN_HELP, ADMIN_OPTIONS, adminAddress } from '../admin-address.ts';
import { AdminClient } from '../admin-client.ts';
import { AdminError, notAdminPort } from '../admin-failure.ts';
import { type Command, type CommandInput, textOption } from '../command.ts';
import { methodDetails } from '../method-lines.ts';
import { AnswerShapeError, type MethodAnswer, readMethod } from '../status-answer.ts';
import { EXIT_FAILED, EXIT_OK, type Terminal, UsageError } from '../terminal.ts';
import { formatOption } from './status.ts';

const ACTIONS = ['quarantine', 'release', 'pin', 'unpin'] as const;
type Action = (typeof ACTIONS)[number];

/** `sluice method`: an operator's hand on the state of a method. */
export const methodCommand: Command = {
  name: 'method',
  summary: 'quarantine, release, pin or unpin a method of a running gateway',
  usage: "method quarantine|release|pin|unpin 'KEY' [--reason TEXT] [--url URL]",
  help: `KEY is a method as "sluice status --all" lists it, in quotes because of its parentheses. A pinned method keeps its state,
whatever its calls do. The state after the change is printed.

${ADMIN_HELP}
  -r, --reason TEXT   why: seen in the status and in the log
      --format FORMAT text or json; default: text on a terminal, json elsewhere

Examples:
  sluice method quarantine 'com.acme.user.UserService#getUser(long)' --reason 'database is moved'
  sluice method release 'com.acme.user.UserService#getUser(long)'`,
  options: { ...ADMIN_OPTIONS, reason: { type: 'string', short: 'r' }, format: { type: 'string' } },
  run: method,
};

async function method(input: CommandInput, terminal: Terminal): Promise<number> {
  const [word, key, ...others] = input.words;
  if (word === undefined) throw new UsageError(`method takes ${ACTIONS.join(', ')} and a key`);
  const action = actionOf(word);
  if (key === undefined || key === '')
    throw new UsageError(`${action} which method? "sluice status --all" lists the keys`);
  if (others.length > 0) throw new UsageError('method takes one key; put it in quotes');
  const reason = textOption(input, 'reason');
  const format = formatOption(input, terminal);
  const address = adminAddress(input, terminal);
  if (address === undefined) return EXIT_FAILED;
  const client = new AdminClient(address);
  try {
    const body = reason === undefined ? {} : { reason };
    const { json, wallMs } = await client.post(`methods/${encodeURIComponent(key)}/${action}`, body);
    const answer = read(json, client);
    terminal.out(
      format === 'json'
        ? `${escapeInvisible(JSON.stringify(json))}\n`
        : methodDetails(answer, { color: terminal.color, wallMs: wallMs ?? systemClock.wallMs() }),
    );
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    terminal.error(`${error.message}\n`);
    return EXIT_FAILED;
  }
}

function actionOf(word: string): Action {
  const action = ACTIONS.find((candidate) => candidate === word);
  if (action !== undefined) return action;
  const nearest = nearestName(word, ACTIONS);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new UsageError(`method takes ${ACTIONS.join(', ')}, not "${word}"${hint}`);
}

function read(json: unknown, { address }: AdminClient): MethodAnswer {
  try {
    return readMethod(json);
  } catch (error) {
    if (!(error instanceof AnswerShapeError)) throw error;
    throw notAdminPort(address, error.message);
  }
}
