import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { type CallOptions, HttpCaller } from '../support/http-caller.ts';
import { replaceFile } from '../support/replace-file.ts';
import { until } from '../support/until.ts';
import type { ChurnedRegistry } from './churned-registry.ts';
import type { ProcessSample } from './process-sample.ts';
import { SOAK_EXCEPTION, SOAK_INTERFACE, soakMethodName } from './soak-service.ts';

/** As it is published: what has to be compiled first is slow to start, and so are its own processes. */
const MAIN = fileURLToPath(new URL('../../dist/command/main.js', import.meta.url));
const SAMPLER = new URL('./process-sampler.js', import.meta.url).href;
/** Megabytes of metrics come in slices between requests, and take their time on a busy machine. */
const ANSWER_LIMIT_MS = 60_000;
/** Calls of methods that are told to be slow last longer than this. */
export const TIMEOUT_MS = 400;
/** After so many changes of the configuration the registries are other ones. */
const CHANGES_OF_A_SECTION = 4;
/** What the gateway looks back on to judge a method. */
export const WINDOW_MS = 24_000;

/** What the gateway says of itself at one moment, by its admin API. */
export interface GatewayCounts {
  readonly pending: number;
  /** Slots in use: normal, slow, heartbeat. */
  readonly slots: readonly number[];
  readonly waitingForSlots: number;
  readonly inFlight: number;
  readonly inFlightBytes: number;
  readonly waitingForAdmission: number;
  readonly methods: number;
  readonly quarantined: number;
  readonly connections: number;
}

/** What the gateway has of its registries. */
export interface RegistryState {
  readonly subscriptions: number;
  /** What is otherwise than it should be where each registry lists all providers and nobody else, in words. */
  readonly faults: readonly string[];
}

interface RegistriesAnswer {
  readonly registries: readonly {
    readonly name: string;
    readonly state: string;
    readonly subscriptions: number;
    readonly problem: string | null;
  }[];
}

interface ProvidersAnswer {
  readonly lists: readonly { readonly service: string; readonly providers: readonly { readonly address: string }[] }[];
  readonly providers: readonly { readonly address: string }[];
}

interface StatusAnswer {
  readonly pools: Readonly<
    Record<'normal' | 'slow' | 'heartbeat', { readonly active: number; readonly waiting: number }>
  >;
  readonly admission: { readonly inFlight: number; readonly inFlightBytes: number; readonly waiting: number };
  readonly methodsTotal: number;
}

/** The gateway as it is started in earnest, in a process of its own, with many methods and tight limits. */
export class SoakGateway {
  readonly port: number;
  readonly #admin: HttpCaller;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #plan: SoakPlan;
  #change = 0;

  private constructor(
    child: ChildProcess,
    folder: string,
    ports: { readonly http: number; readonly admin: number },
    plan: SoakPlan,
  ) {
    this.#child = child;
    this.#folder = folder;
    this.#plan = plan;
    this.port = ports.http;
    this.#admin = new HttpCaller(ports.admin);
  }

  static async start(plan: SoakPlan): Promise<SoakGateway> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, JSON.stringify(soakConfig(plan, 0)));
    const words = ['--expose-gc', '--import', SAMPLER, MAIN, 'start', '--config', file];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const ports = await listening(child);
    return new SoakGateway(child, folder, ports, plan);
  }

  /** Puts another configuration in the place of the present one; the gateway follows when it has read it. */
  change(change: number): void {
    replaceFile(join(this.#folder, 'gateway.yaml'), JSON.stringify(soakConfig(this.#plan, change)));
    this.#change = change;
  }

  /** Whether the process still runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the process holds, after garbage was collected. Rejects where it has ended. */
  async sample(): Promise<ProcessSample> {
    if (!this.isRunning) throw new Error('the gateway has ended');
    const ended = new AbortController();
    const end = () => ended.abort(new Error('the gateway has ended'));
    this.#child.once('exit', end);
    try {
      const answered = once(this.#child, 'message', { signal: ended.signal }) as Promise<[ProcessSample]>;
      this.#child.send('sample', () => {});
      return (await answered)[0];
    } finally {
      this.#child.off('exit', end);
    }
  }

  async counts(): Promise<GatewayCounts> {
    const [status, quarantined, connections] = await Promise.all([
      this.#ask<StatusAnswer>('/admin/v1/bulkheads?limit=1'),
      this.#ask<StatusAnswer>('/admin/v1/bulkheads?limit=1&state=quarantined'),
      this.#ask<{ connections: readonly { pending: number }[] }>('/admin/v1/connections'),
    ]);
    const pools = Object.values(status.pools);
    const { inFlight, inFlightBytes, waiting } = status.admission;
    return {
      pending: connections.connections.reduce((sum, { pending }) => sum + pending, 0),
      slots: pools.map(({ active }) => active),
      waitingForSlots: pools.reduce((sum, pool) => sum + pool.waiting, 0),
      inFlight,
      inFlightBytes,
      waitingForAdmission: waiting,
      methods: status.methodsTotal,
      quarantined: quarantined.methodsTotal,
      connections: connections.connections.length,
    };
  }

  async registryState(): Promise<RegistryState> {
    const { registries, providers: addresses } = this.#plan;
    const [{ registries: open }, { lists, providers }] = await Promise.all([
      this.#ask<RegistriesAnswer>('/admin/v1/registries'),
      this.#ask<ProvidersAnswer>('/admin/v1/providers'),
    ]);
    const everywhere = addresses.map(hostAndPort).sort().join();
    const subscriptions = open.reduce((sum, one) => sum + one.subscriptions, 0);
    const followed = registries.length + (sourceOfLive(this.#plan, this.#change) === undefined ? 0 : 1);
    const faults: string[] = [];
    if (open.length !== registries.length) faults.push(`${open.length} registries are open`);
    if (subscriptions !== followed) faults.push(`${subscriptions} services are followed instead of ${followed}`);
    for (const { name, state, problem } of open) {
      if (state !== 'connected') faults.push(`registry ${name} is ${state}: ${problem}`);
    }
    for (const { service, providers: listed } of lists) {
      const text = listed
        .map(({ address }) => address)
        .sort()
        .join();
      if (text !== everywhere) faults.push(`${service} is at ${text}`);
    }
    const strangers = providers.filter(({ address }) => !everywhere.includes(address));
    if (strangers.length > 0) faults.push(`${strangers.length} addresses are kept where nobody is`);
    return { subscriptions, faults };
  }

  /** The status of all methods, as an operator's screen asks for it. */
  async look(): Promise<void> {
    await this.#ask('/admin/v1/bulkheads');
  }

  /** An order of an operator, such as `quarantine`. */
  async order(methodKey: string, action: string): Promise<void> {
    await this.#ask(`/admin/v1/methods/${encodeURIComponent(methodKey)}/${action}`, { method: 'POST', body: {} });
  }

  /** Number of time series of the metrics. */
  async series(): Promise<number> {
    const text = await this.#askText('/metrics');
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  }

  async stop(): Promise<void> {
    this.#admin.close();
    if (this.isRunning) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }

  async #ask<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
    return JSON.parse(await this.#askText(path, options)) as Answer;
  }

  /** Each on a connection of its own: one that is kept may be closed by the gateway while the next request is sent. */
  async #askText(path: string, options: CallOptions = {}): Promise<string> {
    const text = await this.#admin.text(path, { ...options, fresh: true, limitMs: ANSWER_LIMIT_MS });
    this.#admin.answered.length = 0;
    return text;
  }
}

/** The path of the route that every change of the configuration moves. */
export function livePath(change: number): string {
  return `/live-${change}/ok`;
}

/** The path of the route to a service that is learnt from a registry. */
export function learntPath(registry: string): string {
  return `/learnt-${registry}/ok`;
}

/** What a soak is made of. */
export interface SoakPlan {
  /** Addresses of the providers, `dubbo://host:port`. */
  readonly providers: readonly string[];
  readonly methods: number;
  readonly registries: readonly ChurnedRegistry[];
}

/** Where the service of the route that moves is learnt; undefined where its providers stand in the configuration. */
function sourceOfLive({ registries }: SoakPlan, change: number): string | undefined {
  return [...registries, undefined][change % (registries.length + 1)]?.name;
}

/** The section of a registry, which changes now and then: then it is opened anew. */
function sectionOf({ section }: ChurnedRegistry, change: number) {
  return { ...section, connectTimeoutMs: 3_000 + (Math.floor(change / CHANGES_OF_A_SECTION) % 2) };
}

export function hostAndPort(address: string): string {
  return address.slice('dubbo://'.length);
}

/** Limits so tight that the load meets all of them, and a quarantine of a second where it is usually five. */
function soakConfig(plan: SoakPlan, change: number): GatewayConfigInput {
  const { providers, methods, registries } = plan;
  const names = Array.from({ length: methods }, (_, index) => soakMethodName(index));
  const source = sourceOfLive(plan, change);
  const method = { name: names[0]!, parameters: ['String'] };
  return {
    registries: Object.fromEntries(registries.map((registry) => [registry.name, sectionOf(registry, change)])),
    server: {
      http: { host: '127.0.0.1', port: 0 },
      admin: { host: '127.0.0.1', port: 0 },
      limits: { answerTimeoutMs: 3_000 },
    },
    admission: { maxInFlight: 40, maxWaitMs: 120, maxQueue: 60 },
    bulkhead: {
      normal: { size: 24, maxMethodShare: 0.5, maxWaitMs: 100, maxQueue: 20 },
      slow: { size: 10, maxMethodShare: 0.5 },
      heartbeat: { size: 5, maxMethodShare: 0.5 },
      quarantine: {
        timeouts: 4,
        windowMs: WINDOW_MS,
        slowCallMs: 2_000,
        probeShare: 0.2,
        recoverAfter: 2,
        minQuarantineMs: 1_000,
        maxQuarantineMs: 2_000,
      },
    },
    defaults: { timeoutMs: TIMEOUT_MS },
    services: {
      shop: {
        interface: SOAK_INTERFACE,
        providers: [...providers],
        methods: Object.fromEntries(names.map((name) => [name, { parameters: ['String'] }])),
      },
      [`live-${change % 3}`]: {
        interface: SOAK_INTERFACE,
        balancer: change % 2 === 0 ? 'p2c' : 'round-robin',
        ...(source === undefined ? { providers: [...providers] } : { registry: source }),
        methods: { a: { ...method, timeoutMs: TIMEOUT_MS + change } },
      },
      ...Object.fromEntries(
        registries.map(({ name }) => [
          `learnt-${name}`,
          { interface: SOAK_INTERFACE, registry: name, methods: { a: { ...method, idempotent: true } } },
        ]),
      ),
    },
    routes: [
      ...names.map((name) => ({
        id: name,
        match: { path: `/${name}/:order` },
        call: { service: 'shop', method: name, args: ['path.order'] },
        errors: { [SOAK_EXCEPTION]: { status: 404, code: 'NOT_FOUND' } },
      })),
      {
        id: 'post',
        match: { method: 'POST', path: '/post' },
        call: { service: 'shop', method: names[0]!, args: ['body.order'] },
      },
      {
        id: `live-${change}`,
        match: { path: `/live-${change}/:order` },
        call: { service: `live-${change % 3}`, method: 'a', args: ['path.order'] },
      },
      ...registries.map(({ name }) => ({
        id: `learnt-${name}`,
        match: { path: `/learnt-${name}/:order` },
        call: { service: `learnt-${name}`, method: 'a', args: ['path.order'] },
      })),
    ],
  };
}

/** The log is read and dropped; its first lines say where the gateway listens. */
async function listening(child: ChildProcess): Promise<{ http: number; admin: number }> {
  let text = '';
  const onText = (chunk: string) => {
    text += chunk;
  };
  child.stdout!.setEncoding('utf8').on('data', onText);
  const line = () => text.split('\n').find((candidate) => candidate.includes('"listening"'));
  await until(() => line() !== undefined || child.exitCode !== null, 'a gateway that listens');
  if (line() === undefined) throw new Error(`the gateway ended: ${text}`);
  const { http, admin } = JSON.parse(line()!) as { http: string; admin: string };
  child.stdout!.off('data', onText).resume();
  return { http: portOf(http), admin: portOf(admin) };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
