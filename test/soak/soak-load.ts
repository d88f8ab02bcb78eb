import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderProcess } from '../support/provider-process.ts';
import type { ChurnedRegistry } from './churned-registry.ts';
import { PauseGate } from './pause-gate.ts';
import { SoakClient } from './soak-client.ts';
import {
  hostAndPort,
  learntPath,
  livePath,
  type SoakGateway,
  type SoakPlan,
  TIMEOUT_MS,
  WINDOW_MS,
} from './soak-gateway.ts';
import { SOAK_INTERFACE, soakMethodName } from './soak-service.ts';

const STEADY_CLIENTS = 12;
/** Methods that are called more often than the others, and are slow at times. */
const HOT_METHODS = 60;
const HOT_SHARE = 0.9;
const LARGE_CHARACTERS = 4_000_000;
/** Parts of a window whose latencies are kept apart. */
const QUARTERS = 4;
const KILL_EVERY_MS = 4_000;
/** Unless a change takes longer to be in force. */
const CHANGE_EVERY_MS = 1_000;
const CHURN_EVERY_MS = 150;
/** After so many changes of its list a registry is disturbed. */
const CHURNS_TO_DISTURBANCE = 40;
/** Share of lists that are empty for a moment. */
const EMPTY_SHARE = 0.05;
const MAX_STRANGERS = 10;
const LOOK_AGAIN_MS = 50;
/** Of so many looks at the status one asks for the metrics, too: with thousands of routes they are megabytes. */
const SCRAPE_EVERY = 4;

/** What has happened that only the load can know. */
export interface LoadEvents {
  kills: number;
  slowPhases: number;
  looks: number;
  orders: number;
  changes: number;
  churns: number;
  disturbances: number;
  /** Calls answered by providers that are learnt from a registry. */
  learnt: number;
}

/**
 * Everything that clients, providers and operators do to a gateway in a bad week: steady calls of thousands of methods,
 * methods that turn slow and get well, bursts, clients that leave or do not read, bytes that are no HTTP, providers that
 * are killed, status calls and orders of an operator, a configuration that changes all the time, and registries where
 * providers come and go, most of which nobody ever reaches.
 */
export class SoakLoad {
  readonly client: SoakClient;
  readonly events: LoadEvents = {
    kills: 0,
    slowPhases: 0,
    looks: 0,
    orders: 0,
    changes: 0,
    churns: 0,
    disturbances: 0,
    learnt: 0,
  };
  readonly #gateway: SoakGateway;
  readonly #providers: readonly ProviderProcess[];
  readonly #plan: SoakPlan;
  readonly #random: () => number;
  readonly #gate = new PauseGate();
  #loops: readonly Promise<void>[] = [];
  #strangers = 0;

  constructor(gateway: SoakGateway, providers: readonly ProviderProcess[], plan: SoakPlan, random: () => number) {
    this.client = new SoakClient(gateway.port);
    this.#gateway = gateway;
    this.#providers = providers;
    this.#plan = plan;
    this.#random = random;
  }

  /**
   * Calls every method in each part of its window, so that what is kept for it is there before anything is compared: its
   * latencies are counted by quarters of the window, each of which takes memory when it is first needed.
   */
  async warmUp(): Promise<void> {
    for (let quarter = 0; quarter <= QUARTERS; quarter++) {
      const startMs = performance.now();
      await this.#callAll(quarter === 0 ? 'throw' : 'ok');
      await delay(Math.max(0, WINDOW_MS / QUARTERS - (performance.now() - startMs)));
    }
  }

  /** Begins; rejects with what is wrong with the load itself. */
  start(): Promise<unknown> {
    const rounds = [
      ...Array.from({ length: STEADY_CLIENTS }, () => this.#callSteadily),
      this.#callSlowly,
      this.#burst,
      this.#leave,
      this.#readSlowly,
      this.#readSlowly,
      this.#misbehave,
      this.#kill,
      this.#look,
      this.#order,
      this.#change,
      ...this.#plan.registries.flatMap((registry) => [
        () => this.#churn(registry),
        () => this.#callLearnt(registry),
        () => this.#callLearnt(registry),
      ]),
    ];
    this.#loops = rounds.map((round) => this.#gate.loop(round));
    return Promise.all(this.#loops);
  }

  /** Resolves when nothing is going on any more, all providers are up and registered, and no connection is kept. */
  async pause(): Promise<void> {
    await this.#gate.close();
    await this.registerAll();
    this.client.hangUp();
  }

  /** Every registry lists all providers, and nobody else. */
  async registerAll(): Promise<void> {
    await Promise.all(this.#plan.registries.map((registry) => registry.list(this.#addresses)));
  }

  resume(): void {
    this.#gate.open();
  }

  /** Resolves when the last rounds have ended, however they did: `start` tells of what was wrong. */
  async end(): Promise<void> {
    this.#gate.end();
    await Promise.allSettled(this.#loops);
    this.client.hangUp();
  }

  readonly #callSteadily = async (): Promise<void> => {
    const dice = this.#random();
    const method = this.#anyMethod();
    if (dice < 0.9) await this.client.send(pathOf(method, 'ok'));
    else if (dice < 0.95) await this.client.send(pathOf(method, 'throw'));
    else if (dice < 0.97) await this.client.send(`/no/such/path/${method}`);
    else if (dice < 0.98) await this.client.send('/post', '{"order":"ok"}');
    else if (dice < 0.99) await this.client.send('/post', '{"order":');
    else await this.client.send(pathOf(method, 'big-20000'));
    await this.#gate.rest(this.#between(5, 30));
  };

  /** Some methods turn slow, are called all the same, and are called until they should be back. */
  readonly #callSlowly = async (): Promise<void> => {
    const methods = Array.from({ length: 3 }, () => this.#hotMethod());
    this.events.slowPhases++;
    await this.#callFor(2_500, methods, `sleep-${2 * TIMEOUT_MS}`);
    await this.#callFor(4_000, methods, 'ok');
  };

  async #callFor(ms: number, methods: readonly number[], order: string): Promise<void> {
    const untilMs = performance.now() + ms;
    const caller = async (method: number): Promise<void> => {
      while (performance.now() < untilMs && !this.#gate.isClosing) {
        await this.client.send(pathOf(method, order));
        await this.#gate.rest(20);
      }
    };
    await Promise.all(methods.flatMap((method) => [caller(method), caller(method), caller(method)]));
  }

  /** More at once than pools and admission take. */
  readonly #burst = async (): Promise<void> => {
    const method = this.#hotMethod();
    await Promise.all(
      Array.from({ length: 160 }, (_, index) => this.client.send(pathOf((method + index) % HOT_METHODS, 'sleep-150'))),
    );
    await this.#gate.rest(4_000);
  };

  readonly #leave = async (): Promise<void> => {
    const requests = Array.from({ length: 1 + this.#between(0, 4) }, () =>
      head('GET', pathOf(this.#hotMethod(), 'sleep-100')),
    );
    await this.client.abandon(requests.join(''), () => this.#gate.rest(this.#between(0, 80)));
    await this.#gate.rest(60);
  };

  readonly #readSlowly = async (): Promise<void> => {
    const isPatient = this.#random() < 0.3;
    const path = pathOf(this.#hotMethod(), `big-${LARGE_CHARACTERS}`);
    await this.client.readSlowly(path, () => this.#gate.rest(this.#between(200, 1_500)), isPatient);
    await this.#gate.rest(this.#between(200, 1_000));
  };

  readonly #misbehave = async (): Promise<void> => {
    const bytes = [
      'nonsense\r\n\r\n',
      head('GET', '/x', `X: ${'y'.repeat(20_000)}\r\n`),
      head('POST', '/post', 'Content-Type: application/json\r\nContent-Length: 99999999999\r\n'),
      `${head('POST', '/post', 'Content-Type: application/json\r\nContent-Length: 5000\r\n')}{"order":"`,
      `${head('POST', '/post', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n')}5\r\n{"a":\r\n`,
      'GET /half HTTP/1.1\r\nHost: so',
      head('CONNECT', 'example.com:443'),
    ];
    await this.client.abandon(bytes[this.#between(0, bytes.length)]!, () => this.#gate.rest(this.#between(5, 100)));
    await this.#gate.rest(150);
  };

  /** Ends with the provider up again, so that all are while the load rests. */
  readonly #kill = async (): Promise<void> => {
    await this.#gate.rest(KILL_EVERY_MS);
    if (this.#gate.isClosing) return;
    const victim = this.#providers[this.events.kills++ % this.#providers.length]!;
    await victim.kill();
    await victim.restart();
  };

  readonly #look = async (): Promise<void> => {
    await this.#gateway.look();
    if (this.events.looks++ % SCRAPE_EVERY === 0) await this.#gateway.series();
    await this.#gate.rest(1_500);
  };

  readonly #order = async (): Promise<void> => {
    const key = `${SOAK_INTERFACE}#${soakMethodName(this.#hotMethod())}(java.lang.String)`;
    for (const action of ['quarantine', 'pin', 'unpin', 'release']) {
      await this.#gateway.order(key, action);
      this.events.orders++;
      await this.#gate.rest(300);
    }
  };

  /** Another configuration, and calls of its new route until it is there. */
  readonly #change = async (): Promise<void> => {
    const startMs = performance.now();
    const change = ++this.events.changes;
    this.#gateway.change(change);
    const path = livePath(change);
    while ((await this.client.send(path)).startsWith('404 ROUTE_NOT_FOUND')) await delay(LOOK_AGAIN_MS);
    await this.#gate.rest(CHANGE_EVERY_MS - (performance.now() - startMs));
  };

  async #churn(registry: ChurnedRegistry): Promise<void> {
    for (let i = 0; i < CHURNS_TO_DISTURBANCE && !this.#gate.isClosing; i++) {
      await registry.list(this.#random() < EMPTY_SHARE ? [] : this.#anyAddresses());
      this.events.churns++;
      await this.#gate.rest(CHURN_EVERY_MS);
    }
    if (this.#gate.isClosing) return;
    await registry.disturb();
    this.events.disturbances++;
  }

  async #callLearnt({ name }: ChurnedRegistry): Promise<void> {
    if ((await this.client.send(learntPath(name))) === '200') this.events.learnt++;
    await this.#gate.rest(this.#between(5, 30));
  }

  get #addresses(): string[] {
    return this.#plan.providers.map(hostAndPort);
  }

  /** Some of the providers, at least one, and some that were never there before and that nobody ever reaches. */
  #anyAddresses(): string[] {
    const addresses = this.#addresses;
    const left = this.#between(0, addresses.length);
    const strangers = Array.from({ length: this.#between(0, MAX_STRANGERS) }, () => {
      const number = ++this.#strangers;
      return `127.${1 + ((number >> 16) & 127)}.${(number >> 8) & 255}.${number & 255}:1`;
    });
    return [...addresses.filter((_, index) => index === left || this.#random() < 0.7), ...strangers];
  }

  async #callAll(order: string): Promise<void> {
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < this.#plan.methods) await this.client.send(pathOf(next++, order));
    };
    await Promise.all(Array.from({ length: STEADY_CLIENTS }, caller));
  }

  #anyMethod(): number {
    return this.#random() < HOT_SHARE ? this.#hotMethod() : this.#between(0, this.#plan.methods);
  }

  #hotMethod(): number {
    return this.#between(0, HOT_METHODS);
  }

  #between(least: number, below: number): number {
    return least + Math.floor(this.#random() * (below - least));
  }
}

function pathOf(method: number, order: string): string {
  return `/${soakMethodName(method)}/${order}`;
}

function head(method: string, path: string, headers = ''): string {
  return `${method} ${path} HTTP/1.1\r\nHost: soak\r\n${headers}\r\n`;
}
