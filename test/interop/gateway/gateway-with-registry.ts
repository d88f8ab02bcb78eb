import assert from 'node:assert/strict';
import { registriesAnswer } from '../../../src/admin/answers/provider-lists-answer.ts';
import { checkConfig } from '../../../src/config/check-config.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { assembleGateway, type Gateway } from '../../../src/gateway/gateway.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { HttpCaller } from '../../support/http-caller.ts';
import type { Peer } from '../peers/start-peer.ts';
import { INTEROP_SERVICE } from '../probe/interop-service.ts';

/** What came back of each route, by status and code. */
export interface Outcomes {
  readonly safe: Map<string, number>;
  readonly once: Map<string, number>;
}

type Registries = NonNullable<GatewayConfigInput['registries']>;
type RegistryAnswer = ReturnType<typeof registriesAnswer.parse>['registries'][number];

/**
 * A gateway that knows only the interface of its providers, and what it said while it ran. `/safe` may be called twice,
 * `/once` may not, `/guarded` asks for a token, which nobody has told the gateway; all are learnt from the first registry.
 * `/KEY` is learnt from the registry of that key.
 */
export class GatewayWithRegistry {
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
  /** The log lines that are no requests. */
  readonly said: string[];
  readonly #gateway: Gateway;
  /** Calls answered, by the port of the provider, from the log lines of the gateway. */
  readonly #answeredBy: ReadonlyMap<number, number>;

  private constructor(gateway: Gateway, ports: Awaited<ReturnType<Gateway['start']>>, log: ProviderLog) {
    this.http = new HttpCaller(ports.http.port);
    this.admin = new HttpCaller(ports.admin.port);
    this.said = log.said;
    this.#gateway = gateway;
    this.#answeredBy = log.answeredBy;
  }

  static async start(registries: Registries): Promise<GatewayWithRegistry> {
    const { config, diagnostics } = checkConfig(configWith(registries));
    assert.ok(config, JSON.stringify(diagnostics));
    const log = new ProviderLog();
    const sink = { write: (line: string) => log.note(line), flushSync: () => {}, close: async () => {} };
    const gateway = assembleGateway(config, { logger: createLogger({ level: 'info', sink }) });
    return new GatewayWithRegistry(gateway, await gateway.start(), log);
  }

  async stop(): Promise<void> {
    this.http.close();
    this.admin.close();
    await this.#gateway.stop();
  }

  /** How many calls a provider answered. */
  answers({ port }: Peer): number {
    return this.#answeredBy.get(port) ?? 0;
  }

  /** A registry as the admin API shows it. */
  async registry(name: string): Promise<RegistryAnswer> {
    const { registries } = registriesAnswer.parse(await this.admin.json('/admin/v1/registries'));
    return registries.find((one) => one.name === name)!;
  }

  /** Calls without a pause, so many at a time, half of them on each route, while something happens. */
  async under(load: number, happens: () => Promise<void>): Promise<Outcomes> {
    const outcomes = { safe: new Map<string, number>(), once: new Map<string, number>() };
    let isOver = false;
    const caller = async (route: 'safe' | 'once'): Promise<void> => {
      while (!isOver) {
        const { status, text } = await this.http.send(`/${route}?v=x`);
        const code = status === 200 ? '200' : `${status} ${(JSON.parse(text) as { code: string }).code}`;
        outcomes[route].set(code, (outcomes[route].get(code) ?? 0) + 1);
      }
    };
    const callers = Array.from({ length: load }, (_, index) => caller(index % 2 === 0 ? 'safe' : 'once'));
    try {
      await happens();
    } finally {
      isOver = true;
      await Promise.all(callers);
    }
    return outcomes;
  }
}

class ProviderLog {
  readonly said: string[] = [];
  readonly answeredBy = new Map<number, number>();

  note(line: string): void {
    const { msg, status, provider } = JSON.parse(line) as { msg: string; status?: number; provider?: string };
    if (msg !== 'request') this.said.push(line);
    if (msg !== 'request' || status !== 200 || provider === undefined) return;
    const port = Number(provider.slice(provider.lastIndexOf(':') + 1));
    this.answeredBy.set(port, (this.answeredBy.get(port) ?? 0) + 1);
  }
}

function configWith(registries: Registries): GatewayConfigInput {
  const parameters = ['java.lang.String'];
  const methods = {
    safe: { name: 'overloaded', parameters, idempotent: true },
    once: { name: 'overloaded', parameters },
  };
  const keys = Object.keys(registries);
  const route = (id: string, service: string, method: string) => ({
    id,
    match: { path: `/${id}` },
    call: { service, method, args: ['query.v'] },
  });
  return {
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    // On a busy machine one of them may well be slow, and left out; but not for minutes.
    defaults: { timeoutMs: 5_000, retries: 2, ejection: { maxEjectionMs: 10_000 } },
    registries,
    services: {
      ...Object.fromEntries(keys.map((registry) => [registry, { interface: INTEROP_SERVICE, registry, methods }])),
      guarded: { interface: INTEROP_SERVICE, group: 'guarded', registry: keys[0]!, methods },
    },
    routes: [
      route('safe', keys[0]!, 'safe'),
      route('once', keys[0]!, 'once'),
      route('guarded', 'guarded', 'safe'),
      ...keys.map((key) => route(key, key, 'safe')),
    ],
  };
}
