import { lookupHost } from '../registry/dns-lookup.ts';
import { type HostNameEvent, HostNames } from '../registry/host-names.ts';
import type { RpcEvent } from '../rpc/client-context.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Clock } from '../time/clock.ts';
import { Ticker } from '../time/ticker.ts';

/** The host names of the providers of a gateway, kept up to date. */
export class ProviderNames {
  readonly hostNames: HostNames;
  readonly #ticker: Ticker;

  constructor(clock: Clock, logger: Logger, lookup = lookupHost) {
    const ticker = new Ticker(() => this.hostNames.tick(clock.nowMs()));
    this.#ticker = ticker;
    this.hostNames = new HostNames({
      lookup,
      clock,
      random: Math.random,
      log: (event) => logEvent(event, logger),
      wake: (intervalMs) => ticker.wake(intervalMs),
    });
  }

  /** What happened to a connection: where one fails, the name may have other addresses by now. */
  onRpcEvent({ type, provider }: RpcEvent): void {
    if (type !== 'connect-failed' && type !== 'connection-closed') return;
    this.hostNames.suspect(hostOf(provider));
  }

  close(): void {
    this.#ticker.stop();
    this.hostNames.close();
  }
}

/** @param provider `host:port`, an IPv6 host in brackets */
function hostOf(provider: string): string {
  const host = provider.slice(0, provider.lastIndexOf(':'));
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function logEvent({ type, name, addresses, message }: HostNameEvent, logger: Logger): void {
  const fields = { host: name, addresses, reason: message };
  if (type === 'failed') logger.warn('provider name cannot be looked up; its last known addresses serve', fields);
  else if (type === 'changed') logger.info('provider name has other addresses', fields);
  else logger.info('provider name is looked up again', fields);
}
