import { durationText } from '../../bulkhead/method-rules.ts';
import type { GatewayConfig } from '../../config/schema.ts';
import type { GatewayError } from '../../errors/gateway-error.ts';
import { toProblem } from '../../errors/problem.ts';
import type { CompiledRoute } from '../../gateway/compile-route.ts';
import { quarantineRulesByMethod } from '../../gateway/quarantine-rules.ts';
import type { RequestExchange } from '../../http/request-exchange.ts';
import { exchangeFor } from '../cli-request.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput, textOption, textOptions } from '../command.ts';
import { type CompiledConfiguration, openConfiguration } from '../configuration.ts';
import { sentValues } from '../sent-values.ts';
import { bold, EXIT_FAILED, EXIT_OK, formatTable, type Terminal, UsageError } from '../terminal.ts';
import { conditionsOf, methodsOf } from './routes.ts';

/** `sluice explain`: what would become of a request. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'show what would become of a request; sends nothing',
  usage: 'explain METHOD PATH --config FILE|DIR [-H "name: value"]... [-d JSON]',
  help: `Shows the route, the Dubbo method, the providers, and each argument with its Java type and value, or the error the
caller would get. Nothing is sent.

${CONFIG_HELP}
  -H, --header TEXT   a request header; may come several times
  -d, --data JSON     the request body

Examples:
  sluice explain GET /users/42 --config gateway.yaml
  sluice explain PUT /users/42 -H "x-tenant: acme" -d '{"name":"Ada"}' --config gateway.yaml`,
  options: {
    ...CONFIG_OPTION,
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
  },
  run: explain,
};

async function explain(input: CommandInput, terminal: Terminal): Promise<number> {
  const [method, target] = input.words;
  if (method === undefined || target === undefined || input.words.length > 2) {
    throw new UsageError('explain takes a method and a path, for example: explain GET /users/42');
  }
  const opened = openConfiguration(input, terminal);
  if (opened === undefined) return EXIT_FAILED;
  try {
    const headers = textOptions(input, 'header');
    const exchange = exchangeFor({ method, target, headers, body: textOption(input, 'data') }, opened);
    return explainExchange(exchange, opened, terminal);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    terminal.out(answerText(error as GatewayError));
    return EXIT_FAILED;
  } finally {
    opened.close();
  }
}

function explainExchange(exchange: RequestExchange, opened: CompiledConfiguration, terminal: Terminal): number {
  const { router } = opened.generation.routes;
  const match = router.find(exchange.method, exchange.path, exchange);
  if (match.kind === 'found') {
    exchange.pathParameters = match.parameters;
    const compiled = opened.generation.compiled.find(({ route }) => route.id === match.target.id)!;
    return explainRoute(compiled, opened.config, exchange, terminal);
  }
  const refusals = {
    'not-found': 'No route matches: the caller gets 404 ROUTE_NOT_FOUND.',
    'bad-encoding': 'The path is not valid percent-encoded UTF-8: the caller gets 400 REQUEST_TARGET.',
    'method-not-allowed': `The path is known, but not with ${exchange.method}: the caller gets 405 METHOD_NOT_ALLOWED.`,
    options: 'The gateway answers OPTIONS itself: 204 with the methods the path takes.',
  };
  terminal.out(`${refusals[match.kind]}\n`);
  if ('allow' in match) terminal.out(`Allow: ${match.allow.join(', ')}\n`);
  return match.kind === 'options' ? EXIT_OK : EXIT_FAILED;
}

function explainRoute(
  { route, description, plan }: CompiledRoute,
  gateway: GatewayConfig,
  exchange: RequestExchange,
  terminal: Terminal,
): number {
  const { config, service, methodKey, timeoutMs } = description;
  const conditions = conditionsOf(config.match);
  const rows = [
    [
      'route',
      `${config.id} (${methodsOf(config.match)} ${config.match.path}${conditions === '' ? '' : `; ${conditions}`})`,
    ],
    ['calls', methodKey],
    ['generic', service.generic],
    ['timeout', `${timeoutMs} ms`],
    ['pool', poolText(gateway, methodKey)],
    ['providers', service.providers?.join(', ') ?? `registry ${service.registry}`],
  ];
  const attachments = Object.entries(description.call.attachments);
  if (attachments.length > 0) {
    rows.push(['attachments', attachments.map(([name, source]) => `${name} = ${sourceText(source)}`).join(', ')]);
  }
  terminal.out(formatTable(rows.map(([label, value]) => [bold(terminal, label!), value!])));
  terminal.out('\n');
  try {
    route.encode(exchange);
    const values = sentValues(plan, exchange);
    const lines = description.arguments.map(({ source, type }, index) => [
      `args[${index}]`,
      source,
      type,
      values[index]!,
    ]);
    terminal.out(
      lines.length === 0 ? 'no arguments\n' : formatTable([['ARGUMENT', 'SOURCE', 'JAVA TYPE', 'SENT AS'], ...lines]),
    );
    return EXIT_OK;
  } catch (error) {
    const lines = description.arguments.map(({ source, type }, index) => [`args[${index}]`, source, type]);
    if (lines.length > 0) terminal.out(`${formatTable([['ARGUMENT', 'SOURCE', 'JAVA TYPE'], ...lines])}\n`);
    terminal.out(answerText(error as GatewayError));
    return EXIT_FAILED;
  }
}

/** The pool of a healthy call, and what would send the method to another. */
function poolText(gateway: GatewayConfig, methodKey: string): string {
  if (gateway.bulkhead === 'off') return 'none (bulkhead: off)';
  const rules = quarantineRulesByMethod(gateway).get(methodKey)!;
  if (!rules.enabled) return 'normal (quarantine: off)';
  const { timeouts, windowMs, slowRatio, minCalls, slowCallMs } = rules;
  const share = `${Math.round(slowRatio * 100)} % of ${minCalls} calls or more`;
  return `normal; slow after ${timeouts} timeouts or ${share} taking ${durationText(slowCallMs)}, in ${durationText(windowMs)}`;
}

function sourceText(source: unknown): string {
  return typeof source === 'string' ? source : JSON.stringify(source);
}

/** What the caller would get instead of a call. */
function answerText(error: GatewayError): string {
  const { status, body } = toProblem(error, 'example');
  return `Nothing would be sent; the caller gets ${status}:\n${JSON.stringify(JSON.parse(body), undefined, 2)}\n`;
}
