import { formatDiagnostics } from '../config/format-diagnostics.ts';
import { loadConfig } from '../config/load-config.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { CONFIG_OPTION, type CommandInput, type OptionsConfig, textOption } from './command.ts';
import { type Terminal, UsageError } from './terminal.ts';

/** Where the admin API of a gateway is, and what opens it. */
export interface AdminAddress {
  /** `http://host:port`, perhaps with a path, without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
}

/** Every command that talks to a running gateway takes its address this way. */
export const ADMIN_OPTIONS = {
  ...CONFIG_OPTION,
  url: { type: 'string', short: 'u' },
  token: { type: 'string' },
} as const satisfies OptionsConfig;

export const ADMIN_HELP = `  -u, --url URL       the admin port; default: server.admin of the configuration, else http://127.0.0.1:9090
  -c, --config PATH   file or directory; default: the environment variable SLUICE_CONFIG
      --token TEXT    better in the environment variable SLUICE_ADMIN_TOKEN: others can see the words of a command;
                      default: that of the configuration, where the address comes from there too`;

const DEFAULT_URL = 'http://127.0.0.1:9090';

/** Addresses that mean "all of this machine" to a listener, and what to connect to for them. */
const ANY_HOST: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1' };

/** What may stand in a header without quotes or escapes. */
const TOKEN = /^[!-~]+$/;

/**
 * The address that the options, the environment and the configuration name, in this order. Where `--url` is given, no
 * configuration is read, and so its token goes to no other gateway. What is wrong with the configuration is printed, and
 * undefined comes back. Throws `UsageError`.
 */
export function adminAddress(input: CommandInput, terminal: Terminal): AdminAddress | undefined {
  const url = textOption(input, 'url');
  const given = textOption(input, 'token') ?? (terminal.environment.SLUICE_ADMIN_TOKEN || undefined);
  const path = textOption(input, 'config') ?? (terminal.environment.SLUICE_CONFIG || undefined);
  if (url !== undefined || path === undefined) {
    return { url: checkedUrl(url ?? DEFAULT_URL), token: checkedToken(given) };
  }
  const { config, diagnostics } = loadConfig(path, terminal.environment);
  if (config === undefined) {
    terminal.error(formatDiagnostics(diagnostics, path, { color: terminal.color, relative: terminal.relative }));
    terminal.error('With --url, no configuration is needed.\n');
    return undefined;
  }
  const { admin } = config.server;
  return { url: urlOf(admin), token: checkedToken(given ?? (admin.token || undefined)) };
}

function urlOf({ host, port }: GatewayConfig['server']['admin']): string {
  if (port === 0) throw new UsageError('by the configuration, any free port is the admin port; give --url');
  const name = ANY_HOST[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function checkedUrl(text: string): string {
  const example = /^[\w.-]+:\d+$/.test(text) ? `http://${text}` : DEFAULT_URL;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`--url takes a URL such as ${example}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('--url must not hold a user or a password; the token goes into SLUICE_ADMIN_TOKEN');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UsageError(`--url takes a URL such as ${example}`);
  if (url.search !== '' || url.hash !== '') throw new UsageError('--url must not have a "?" or "#"');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function checkedToken(token: string | undefined): string | undefined {
  if (token !== undefined && !TOKEN.test(token)) {
    throw new UsageError('the admin token may have visible ASCII characters only, and no spaces');
  }
  return token;
}
