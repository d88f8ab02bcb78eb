import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { type CallOptions, HttpCaller } from '../support/http-caller.ts';
import { until } from '../support/until.ts';
import type { ProcessSample } from './process-sampler.ts';
import { SOAK_EXCEPTION, SOAK_INTERFACE, soakMethodName } from './soak-service.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SAMPLER = new URL('./process-sampler.ts', import.meta.url).href;
const START_LIMIT_MS = 60_000;
/** Megabytes of metrics come in slices between requests, and take their time on a busy machine. */
const ANSWER_LIMIT_MS = 60_000;
/** Calls of methods that are told to be slow last longer than this. */
export const TIMEOUT_MS = 400;
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
  readonly #configOf: (change: number) => GatewayConfigInput;

  private constructor(
    child: ChildProcess,
    folder: string,
    ports: { readonly http: number; readonly admin: number },
    configOf: (change: number) => GatewayConfigInput,
  ) {
    this.#child = child;
    this.#folder = folder;
    this.#configOf = configOf;
    this.port = ports.http;
    this.#admin = new HttpCaller(ports.admin);
  }

  static async start(providers: readonly string[], methods: number): Promise<SoakGateway> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
    const file = join(folder, 'gateway.yaml');
    const configOf = (change: number) => soakConfig(providers, methods, change);
    writeFileSync(file, JSON.stringify(configOf(0)));
    const words = ['--expose-gc', '--import', 'tsx', '--import', SAMPLER, MAIN, 'start', '--config', file];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const ports = await listening(child);
    return new SoakGateway(child, folder, ports, configOf);
  }

  /** Puts another configuration in the place of the present one; the gateway follows when it has read it. */
  change(change: number): void {
    const file = join(this.#folder, 'gateway.yaml');
    writeFileSync(`${file}.new`, JSON.stringify(this.#configOf(change)));
    renameSync(`${file}.new`, file);
  }

  /** Whether the process still runs. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What the process holds, after garbage was collected. */
  async sample(): Promise<ProcessSample> {
    const answered = once(this.#child, 'message') as Promise<[ProcessSample]>;
    this.#child.send('sample');
    return (await answered)[0];
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
    };
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

/** Limits so tight that the load meets all of them, and a quarantine of a second where it is usually five. */
function soakConfig(providers: readonly string[], methods: number, change: number): GatewayConfigInput {
  const names = Array.from({ length: methods }, (_, index) => soakMethodName(index));
  return {
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
        providers: [...providers],
        methods: { a: { name: names[0]!, parameters: ['String'], timeoutMs: TIMEOUT_MS + change } },
      },
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
  await until(() => line() !== undefined || child.exitCode !== null, 'a gateway that listens', START_LIMIT_MS);
  if (line() === undefined) throw new Error(`the gateway ended: ${text}`);
  const { http, admin } = JSON.parse(line()!) as { http: string; admin: string };
  child.stdout!.off('data', onText).resume();
  return { http: portOf(http), admin: portOf(admin) };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
