import type { RouteConfig } from '../../config/schema.ts';
import type { RouteDescription } from '../../gateway/compile-route.ts';
import { CONFIG_HELP, CONFIG_OPTION, type Command, type CommandInput } from '../command.ts';
import { openConfiguration } from '../configuration.ts';
import { EXIT_FAILED, EXIT_OK, formatTable, type Terminal } from '../terminal.ts';

/** `sluice routes`: what is served, as a table. */
export const routesCommand: Command = {
  name: 'routes',
  summary: 'list the routes',
  usage: 'routes --config FILE|DIR [--json]',
  help: `One line a route, in the order of the configuration.

${CONFIG_HELP}
      --json          as JSON

Example:
  sluice routes --config gateway.yaml`,
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  run: routes,
};

async function routes(input: CommandInput, terminal: Terminal): Promise<number> {
  const opened = openConfiguration(input, terminal);
  if (opened === undefined) return EXIT_FAILED;
  const descriptions = opened.generation.compiled.map(({ description }) => description);
  opened.close();
  if (input.options.json === true) {
    terminal.out(`${JSON.stringify(descriptions.map(asJson), undefined, 2)}\n`);
  } else {
    const rows = descriptions.map(({ config, sides, timeoutMs }) => [
      methodsOf(config.match),
      config.match.path,
      config.id,
      callsOf(sides),
      `${timeoutMs} ms`,
      conditionsOf(config.match),
    ]);
    terminal.out(formatTable([['METHOD', 'PATH', 'ROUTE', 'CALLS', 'TIMEOUT', 'CONDITIONS'], ...rows]));
  }
  return EXIT_OK;
}

function asJson({ config, methodKey, timeoutMs, sides, mirror }: RouteDescription): unknown {
  const split = sides.map(({ side, weight, methodKey: key }) => ({ side, weight, methodKey: key }));
  return {
    id: config.id,
    match: config.match,
    methodKey,
    timeoutMs,
    ...(split.length > 1 && { split }),
    ...(mirror !== undefined && { mirror: { share: mirror.weight, methodKey: mirror.methodKey } }),
  };
}

/** One method, or the name and method of each side. */
function callsOf(sides: RouteDescription['sides']): string {
  if (sides.length === 1) return sides[0]!.methodKey;
  return sides.map(({ side, methodKey }) => `${side}: ${methodKey}`).join(', ');
}

export function methodsOf(match: RouteConfig['match']): string {
  return typeof match.method === 'string' ? match.method : match.method.join(',');
}

/** Conditions beside method and path, in one line. */
export function conditionsOf(match: RouteConfig['match']): string {
  const parts: string[] = [];
  if (match.host !== undefined) parts.push(`host=${[match.host].flat().join('|')}`);
  for (const [kind, conditions] of [
    ['header', match.headers],
    ['query', match.query],
    ['cookie', match.cookie],
  ] as const) {
    for (const [name, value] of Object.entries(conditions)) {
      parts.push(typeof value === 'string' ? `${kind} ${name}=${value}` : `${value ? '' : 'no '}${kind} ${name}`);
    }
  }
  return parts.join(', ');
}
