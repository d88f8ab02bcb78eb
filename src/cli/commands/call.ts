import { nearestName } from '../../config/nearest-name.ts';
import { routeSchema } from '../../config/schema.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { toProblem } from '../../errors/problem.ts';
import { exchangeFor } from '../cli-request.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput, textOption } from '../command.ts';
import { type CompiledConfiguration, openConfiguration } from '../configuration.ts';
import { type FollowedService, followService } from '../followed-service.ts';
import { EXIT_FAILED, EXIT_OK, type Terminal, UsageError } from '../terminal.ts';
import { printable } from '../terminal-text.ts';

/** `sluice call`: one call, without any route. */
export const callCommand: Command = {
  name: 'call',
  summary: 'call a method of a configured service and print its result',
  usage: 'call SERVICE METHOD [JSON]... --config FILE|DIR [--timeout MS]',
  help: `SERVICE and METHOD are keys of the configuration; each argument is a JSON value. The result goes to standard output,
an error to standard error with exit code 1.

${CONFIG_HELP}
      --timeout MS    time for the call; default: the configuration's

Examples:
  sluice call users getUser 42 --config gateway.yaml
  sluice call users saveUser '{"id":42,"name":"Ada"}' --config gateway.yaml`,
  options: { ...CONFIG_OPTION, timeout: { type: 'string' } },
  run: call,
};

async function call(input: CommandInput, terminal: Terminal): Promise<number> {
  const [serviceKey, methodKey, ...args] = input.words;
  if (serviceKey === undefined || methodKey === undefined) {
    throw new UsageError('call takes a service and a method, for example: call users getUser 42');
  }
  const timeoutMs = timeoutOf(input);
  const opened = openConfiguration(input, terminal);
  if (opened === undefined) return EXIT_FAILED;
  let followed: FollowedService | undefined;
  try {
    const method = methodOf(opened, serviceKey, methodKey);
    if (args.length !== method.parameters.length) {
      throw new UsageError(
        `${methodKey} takes ${method.parameters.length} arguments (${method.parameters.join(', ')}), not ${args.length}`,
      );
    }
    for (const [index, text] of args.entries()) checkJson(text, index);
    const config = routeSchema.parse({
      id: 'call',
      match: { method: 'POST', path: '/' },
      call: {
        service: serviceKey,
        method: methodKey,
        args: args.map((_, index) => ({ from: `body[${index}]`, required: false })),
      },
      response: { void: 'null' },
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    followed = await followService(opened.config, serviceKey, { mayAskProviders: true });
    if (followed.problem !== undefined) terminal.error(`${printable(followed.problem)}\n`);
    const { route } = followed.generation.compile(config);
    const exchange = exchangeFor({ method: 'POST', target: '/', headers: [], body: `[${args.join(',')}]` }, opened);
    const { body } = await route.invoke(exchange);
    terminal.out(body === undefined ? 'sent\n' : `${body.toString()}\n`);
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    terminal.error(`${JSON.stringify(JSON.parse(toProblem(error, 'call').body), undefined, 2)}\n`);
    if (error.log !== undefined) terminal.error(`log: ${JSON.stringify(error.log)}\n`);
    return EXIT_FAILED;
  } finally {
    followed?.close();
    opened.close();
  }
}

function methodOf({ config }: CompiledConfiguration, serviceKey: string, methodKey: string): { parameters: string[] } {
  const service = own(config.services, serviceKey, 'service');
  return own(service.methods, methodKey, `method of ${serviceKey}`);
}

function own<T>(entries: Readonly<Record<string, T>>, key: string, what: string): T {
  if (Object.hasOwn(entries, key)) return entries[key]!;
  const nearest = nearestName(key, Object.keys(entries));
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new UsageError(`the configuration has no ${what} called "${key}"${hint}`);
}

function checkJson(text: string, index: number): void {
  try {
    JSON.parse(text);
  } catch {
    throw new UsageError(`argument ${index + 1} is not JSON: ${text} (text needs quotes: '"${text}"')`);
  }
}

function timeoutOf(input: CommandInput): number | undefined {
  const text = textOption(input, 'timeout');
  if (text === undefined) return undefined;
  const timeoutMs = Number(text);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
    throw new UsageError(`--timeout takes whole milliseconds, not "${text}"`);
  return timeoutMs;
}
