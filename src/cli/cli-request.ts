import { parseJsonBody } from '../http/json-body.ts';
import { RequestExchange } from '../http/request-exchange.ts';
import type { CompiledConfiguration } from './configuration.ts';
import { UsageError } from './terminal.ts';

/** A request that was written on the command line. */
export interface CliRequest {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  /** `name: value` */
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

/** The request as the HTTP side would see it, from 127.0.0.1. Throws `UsageError`, and `GatewayError` for the body. */
export function exchangeFor(request: CliRequest, { generation, config }: CompiledConfiguration): RequestExchange {
  if (!request.target.startsWith('/')) throw new UsageError(`the path must start with "/", not "${request.target}"`);
  const headers: Record<string, string> = { host: 'localhost' };
  for (const header of request.headers) {
    const colon = header.indexOf(':');
    if (colon < 1) throw new UsageError(`a header is written as "name: value", not "${header}"`);
    headers[header.slice(0, colon).trim().toLowerCase()] = header.slice(colon + 1).trim();
  }
  const exchange = new RequestExchange(
    { method: request.method.toUpperCase(), url: request.target, headers },
    '127.0.0.1',
    generation.routes.trustedProxies,
  );
  if (request.body !== undefined) {
    exchange.body = parseJsonBody(Buffer.from(request.body), config.server.limits.maxJsonDepth);
  }
  return exchange;
}
