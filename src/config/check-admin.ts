import type { Shape } from './check-shape.ts';
import type { ConfigPath } from './diagnostic.ts';
import { isLoopbackHost } from './loopback-host.ts';
import { isHostName, isIpv4, isIpv6 } from './provider-address.ts';
import type { Reporter } from './reporter.ts';
import type { GatewayConfig } from './schema.ts';

type Admin = GatewayConfig['server']['admin'];

const HOST: ConfigPath = ['server', 'admin', 'host'];
const TOKEN: ConfigPath = ['server', 'admin', 'token'];

/** Shortest token, in characters: one of 16 letters and digits cannot be guessed over a network. */
const MIN_TOKEN_LENGTH = 16;

/** Checks who may use the admin port: a token or a loopback address, and host names it can be called by. */
export function checkAdmin(admin: Admin, shape: Pick<Shape, 'isKnown'>, reporter: Reporter): void {
  checkToken(admin.token, reporter);
  const isKnown = shape.isKnown(TOKEN) && shape.isKnown(HOST);
  if (isKnown && admin.token === '' && !isLoopbackHost(admin.host)) {
    const message =
      'the admin port without a token listens on loopback only: set server.admin.token, or host to 127.0.0.1';
    reporter.report(HOST, message);
  }
  for (const [index, host] of admin.allowedHosts.entries()) {
    checkAllowedHost(host, ['server', 'admin', 'allowedHosts', index], reporter);
  }
}

/** No message says anything of what the token is. */
function checkToken(token: string, reporter: Reporter): void {
  if (token === '') return;
  if (!/^[\x21-\x7e]*$/.test(token)) {
    const message = 'the token is sent in a header: it has visible ASCII characters only, without spaces or newlines';
    reporter.report(TOKEN, message);
  } else if (token.length < MIN_TOKEN_LENGTH) {
    reporter.report(TOKEN, `the token must have at least ${MIN_TOKEN_LENGTH} characters`);
  }
}

function checkAllowedHost(host: string, path: ConfigPath, reporter: Reporter): void {
  if (isHostName(host) || isIpv4(host) || isIpv6(host)) return;
  const found = `found ${reporter.show(path)}`;
  if (host.includes('*') && !reporter.isSecret(path)) {
    reporter.report(
      path,
      `each host is named in full, since a pattern would let in hosts that are not yours, ${found}`,
    );
    return;
  }
  const [, name = ''] = /^(?:[a-z][a-z\d+.-]*:\/\/)?([\w.-]+)(?::\d*)?(?:\/.*)?$/i.exec(host) ?? [];
  const suggestion = isHostName(name) && !reporter.isSecret(path) ? name : undefined;
  const message = `expected a host name such as gateway.example.com, without scheme, port or path, ${found}`;
  reporter.report(path, message, { suggestion });
}
