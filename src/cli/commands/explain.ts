import { ANY_PROVIDER } from '../../balancing/balancer.ts';
import { durationText } from '../../bulkhead/method-rules.ts';
import type { GatewayConfig, ServiceConfig } from '../../config/schema.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { toProblem } from '../../errors/problem.ts';
import type { CallDescription, CompiledCall } from '../../gateway/compile-call.ts';
import type { CompiledRoute } from '../../gateway/compile-route.ts';
import { quarantineRulesByMethod } from '../../gateway/quarantine-rules.ts';
import type { RequestExchange } from '../../http/request-exchange.ts';
import { systemClock } from '../../time/clock.ts';
import type { HedgeAfter } from '../../upstream/hedge-delay.ts';
import { exchangeFor } from '../cli-request.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput, textOption, textOptions } from '../command.ts';
import { type CompiledConfiguration, openConfiguration } from '../configuration.ts';
import { followService } from '../followed-service.ts';
import { providerLines } from '../provider-lines.ts';
import { sentValues } from '../sent-values.ts';
import { bold, EXIT_FAILED, EXIT_OK, formatTable, type Terminal, UsageError } from '../terminal.ts';
import { printable } from '../terminal-text.ts';
import { conditionsOf, methodsOf } from './routes.ts';

/** `sluice explain`: what would become of a request. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'show what would become of a request; calls nobody',
  usage: 'explain METHOD PATH --config FILE|DIR [-H "name: value"]... [-d JSON]',
  help: `Shows the route, the Dubbo method, each argument with its Java type and value, and the providers: what keeps the request
from each of them, and which one gets it this time; or the error the caller would get. Nothing is sent to providers. Where
they are learnt from a registry, that is asked, for 5 s at most; what a provider would have to be asked is not known then.

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
    return await explainExchange(exchange, opened, terminal);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    terminal.out(answerText(error));
    return EXIT_FAILED;
  } finally {
    opened.close();
  }
}

async function explainExchange(
  exchange: RequestExchange,
  opened: CompiledConfiguration,
  terminal: Terminal,
): Promise<number> {
  const { router } = opened.generation.routes;
  const match = router.find(exchange.method, exchange.path, exchange);
  if (match.kind === 'found') {
    exchange.pathParameters = match.parameters;
    const compiled = opened.generation.compiled.find(({ target }) => target.id === match.target.id)!;
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

async function explainRoute(
  compiled: CompiledRoute,
  gateway: GatewayConfig,
  exchange: RequestExchange,
  terminal: Terminal,
): Promise<number> {
  // Throws where what keeps a request on its side cannot be read.
  const side = compiled.sides[compiled.choice?.sideOf(exchange) ?? 0]!;
  terminal.out(headTable(compiled, side, gateway, terminal));
  terminal.out('\n');
  if (!explainArguments(side, exchange, terminal)) return EXIT_FAILED;
  return (await explainProviders(side, gateway, exchange, terminal)) ? EXIT_OK : EXIT_FAILED;
}

function headTable(
  { description: { config, sides, mirror } }: CompiledRoute,
  { description }: CompiledCall,
  gateway: GatewayConfig,
  terminal: Terminal,
): string {
  const { service, methodKey, timeoutMs, call, side } = description;
  const conditions = conditionsOf(config.match);
  const rows = [
    [
      'route',
      `${config.id} (${methodsOf(config.match)} ${config.match.path}${conditions === '' ? '' : `; ${conditions}`})`,
    ],
  ];
  if (side !== undefined) rows.push(['side', `${side}; ${sidesText(sides)}`]);
  rows.push(
    ['calls', methodKey],
    ['generic', service.generic],
    ['timeout', `${timeoutMs} ms`],
    ['pool', poolText(gateway, methodKey)],
    ['providers', providersText(gateway, service)],
  );
  const { hedge } = service.methods[call.method]!;
  if (hedge !== undefined) rows.push(['hedge', hedgeText(hedge.afterMs)]);
  if (mirror !== undefined) rows.push(['mirror', `${percent(mirror.weight)} also to ${mirror.methodKey}`]);
  const attachments = Object.entries(call.attachments);
  if (attachments.length > 0) {
    rows.push(['attachments', attachments.map(([name, source]) => `${name} = ${sourceText(source)}`).join(', ')]);
  }
  return formatTable(rows.map(([label, value]) => [bold(terminal, label!), value!]));
}

function providersText({ registries }: GatewayConfig, { providers, registry = '' }: ServiceConfig): string {
  return providers?.join(', ') ?? `registry ${registry} (${registries[registry]?.type})`;
}

/** Says whether the request can be sent. */
function explainArguments(
  { route, description, plan }: CompiledCall,
  exchange: RequestExchange,
  terminal: Terminal,
): boolean {
  const lines = description.arguments.map(({ source, type }, index) => [`args[${index}]`, source, type]);
  try {
    route.encode(exchange);
    const values = sentValues(plan, exchange);
    const sent = lines.map((line, index) => [...line, values[index]!]);
    terminal.out(
      lines.length === 0 ? 'no arguments\n' : formatTable([['ARGUMENT', 'SOURCE', 'JAVA TYPE', 'SENT AS'], ...sent]),
    );
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (lines.length > 0) terminal.out(`${formatTable([['ARGUMENT', 'SOURCE', 'JAVA TYPE'], ...lines])}\n`);
    terminal.out(answerText(error));
    return false;
  }
}

/** Says whether anybody gets the call, as far as that is known. */
async function explainProviders(
  { route, description }: CompiledCall,
  gateway: GatewayConfig,
  exchange: RequestExchange,
  terminal: Terminal,
): Promise<boolean> {
  const request = { ...ANY_PROVIDER };
  route.hint?.(exchange, request);
  const followed = await followService(gateway, description.call.service, { mayAskProviders: false });
  try {
    const { providers, problem, warnings } = followed;
    terminal.out('\n');
    for (const warning of warnings) terminal.out(`${printable(warning)}\n`);
    if (problem !== undefined) {
      terminal.out(`${printable(problem)}\nWho would get the call is not known.\n`);
      return true;
    }
    const explained = providers.explain(request);
    const picked = providers.pick(request, systemClock.nowMs())?.instance.address.key;
    if (explained.length > 0) terminal.out(providerLines(explained, request, picked));
    if (picked === undefined) terminal.out('Nobody takes the call: the caller gets 503 PROVIDER_NONE.\n');
    return picked !== undefined;
  } finally {
    followed.close();
  }
}

function hedgeText(afterMs: HedgeAfter): string {
  const after = typeof afterMs === 'number' ? durationText(afterMs) : `the ${afterMs} of its calls`;
  return `once more at another provider after ${after} without an answer`;
}

function sidesText(sides: readonly CallDescription[]): string {
  const sum = sides.reduce((total, { weight }) => total + weight, 0);
  return `${sides.map(({ side, weight }) => `${side} gets ${percent(weight / sum)}`).join(', ')}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
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
