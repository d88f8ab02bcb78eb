import assert from 'node:assert/strict';
import { registriesAnswer } from '../../../src/admin/answers/provider-lists-answer.ts';
import { checkConfig } from '../../../src/config/check-config.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { assembleGateway, type Gateway } from '../../../src/gateway/gateway.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { HttpCaller } from '../../support/http-caller.ts';
import { until } from '../../support/until.ts';
import type { Peer } from '../peers/start-peer.ts';
import { INTEROP_SERVICE } from '../probe/interop-service.ts';

/** 127.0.0.1: Dubbo refuses to register a loopback address in its usual form. */
export const LOOPBACK = '2130706433';

const SOON_MS = 1_000;
const SOON_TURNS = 3;

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

  /**
   * Starts a provider while calls are made, and asserts that it gets one within a second of its coming. Where it does not,
   * another one has its turn: the machine may be doing other work.
   */
  async assertSoonCalled(start: () => Promise<Peer>): Promise<void> {
    const delaysMs: number[] = [];
    for (let turn = 0; turn < SOON_TURNS && !delaysMs.some((ms) => ms < SOON_MS); turn++) {
      const outcomes = await this.under(8, async () => {
        const peer = await start();
        const cameMs = performance.now();
        await until(() => this.answers(peer) > 0, 'a call at a provider that has come', 20_000);
        delaysMs.push(performance.now() - cameMs);
      });
      assertAllAnswered(outcomes);
    }
    assert.ok(Math.min(...delaysMs) < SOON_MS, `the first calls came after ${delaysMs.map(Math.round)} ms`);
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

/** That no call failed. */
export function assertAllAnswered({ safe, once }: Outcomes): void {
  assert.deepEqual([[...safe.keys()], [...once.keys()]], [['200'], ['200']]);
}

/** That of `load` callers none lost more than the call it had in flight, and none of the route that may be called twice. */
export function assertOnlyInFlightLost({ safe, once }: Outcomes, load: number): void {
  assert.deepEqual([...safe.keys()], ['200']);
  const lost = once.get('502 PROVIDER_CONNECTION_LOST') ?? 0;
  assert.ok(lost <= load / 2, `${lost} calls were lost of ${load / 2} that can be in flight`);
  assert.deepEqual(
    [...once.keys()].filter((outcome) => outcome !== '200' && outcome !== '502 PROVIDER_CONNECTION_LOST'),
    [],
  );
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
    defaults: { timeoutMs: 5_000, retries: 2 },
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
