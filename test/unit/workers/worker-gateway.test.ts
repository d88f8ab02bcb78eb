import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { GatewayConfig, GatewayConfigInput } from '../../../src/config/schema.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { receivedError } from '../../../src/workers/sent-error.ts';
import { WorkerGateway } from '../../../src/workers/worker-gateway.ts';
import type { SentConfiguration, WorkerMessage } from '../../../src/workers/worker-messages.ts';
import type { WorkerRequests } from '../../../src/workers/worker-requests.ts';
import { HttpCaller } from '../../support/http-caller.ts';
import { until } from '../../support/until.ts';

const BUY = 'demo.Shop#buy()';

function configOf(paths: readonly string[], more: GatewayConfigInput = {}): GatewayConfig {
  const { config, diagnostics } = checkConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, drainTimeoutMs: 200 },
    log: { level: 'silent' },
    services: { shop: { interface: 'demo.Shop', providers: ['dubbo://127.0.0.1:1'], methods: { buy: {} } } },
    routes: paths.map((path) => ({ id: path.slice(1), match: { path }, call: { service: 'shop', method: 'buy' } })),
    ...more,
  });
  assert.ok(config, JSON.stringify(diagnostics));
  return config;
}

/** A worker in this process, and what it said. */
class Scene {
  readonly said: WorkerMessage[] = [];
  readonly exits: number[] = [];
  readonly gateway: WorkerGateway;
  #asks = 0;

  constructor(context: TestContext) {
    this.gateway = new WorkerGateway({
      clock: systemClock,
      send: (message) => this.said.push(structuredClone(message)),
      exit: (code) => this.exits.push(code),
    });
    context.after(() => this.gateway.stop());
  }

  /** Has it serve a configuration, its routes one by one as they could come; gives its port. */
  async start(config: GatewayConfig, standings: SentConfiguration['standings'] = []): Promise<number> {
    this.#sendRoutes(config);
    const rest: SentConfiguration = { config: { ...config, routes: [] }, generation: 5, source: 'start', standings };
    this.gateway.receive({ kind: 'start', worker: 2, ...rest });
    return (await this.heard('listening')).http.port;
  }

  async replace(config: GatewayConfig, generation: number): Promise<unknown> {
    this.#sendRoutes(config);
    const ask = ++this.#asks;
    const rest: SentConfiguration = { config: { ...config, routes: [] }, generation, source: 'file', standings: [] };
    this.gateway.receive({ kind: 'replace', ask, ...rest });
    return this.#answerTo(ask);
  }

  async ask<K extends keyof WorkerRequests>(
    name: K,
    argument: WorkerRequests[K]['argument'],
  ): Promise<WorkerRequests[K]['answer']> {
    const ask = ++this.#asks;
    this.gateway.receive({ kind: 'ask', ask, name, argument });
    return (await this.#answerTo(ask)) as WorkerRequests[K]['answer'];
  }

  async heard<Kind extends WorkerMessage['kind']>(kind: Kind): Promise<Extract<WorkerMessage, { kind: Kind }>> {
    const find = () => this.said.find((message) => message.kind === kind);
    await until(() => find() !== undefined, `a message "${kind}"`);
    return find() as Extract<WorkerMessage, { kind: Kind }>;
  }

  #sendRoutes({ routes }: GatewayConfig): void {
    for (const route of routes) this.gateway.receive({ kind: 'routes', routes: [route] });
  }

  async #answerTo(ask: number): Promise<unknown> {
    const find = () => this.said.find((message) => 'ask' in message && message.ask === ask);
    await until(() => find() !== undefined, 'an answer');
    const message = find()!;
    if (message.kind === 'refusal') throw receivedError(message.error);
    return message.kind === 'answer' ? message.answer : undefined;
  }
}

describe('a worker', () => {
  it('serves what it is told, then something else, and ends', async (context) => {
    const scene = new Scene(context);
    const http = new HttpCaller(await scene.start(configOf(['/a', '/b'])));
    context.after(() => http.close());
    const codeOf = async (path: string) => (await http.problem(path, { fresh: true })).code;
    assert.deepEqual([await codeOf('/b'), await codeOf('/c')], ['PROVIDER_NONE', 'ROUTE_NOT_FOUND']);
    assert.deepEqual(await scene.ask('generationUse', undefined), [{ number: 5, inFlight: 0 }]);
    await scene.replace(configOf(['/c']), 6);
    assert.deepEqual([await codeOf('/b'), await codeOf('/c')], ['ROUTE_NOT_FOUND', 'PROVIDER_NONE']);
    assert.deepEqual(await scene.ask('generationUse', undefined), [{ number: 6, inFlight: 0 }]);
    await scene.replace(configOf(['/c']), 7);
    assert.deepEqual(
      await scene.ask('generationUse', undefined),
      [{ number: 7, inFlight: 0 }],
      'the same by another number',
    );
    scene.gateway.receive({ kind: 'stop' });
    await until(() => scene.exits.length === 1, 'the end');
    assert.deepEqual(scene.exits, [0]);
    await assert.rejects(http.send('/c', { fresh: true }), { code: 'ECONNREFUSED' });
  });

  it('keeps what it serves where it cannot serve something else', async (context) => {
    const scene = new Scene(context);
    const http = new HttpCaller(await scene.start(configOf(['/a'])));
    context.after(() => http.close());
    const config = configOf(['/b']);
    const [route] = config.routes;
    const broken = { ...config, routes: [{ ...route!, call: { ...route!.call!, args: ['path.id'] } }] };
    await assert.rejects(scene.replace(broken, 6), ConfigError);
    assert.equal((await http.problem('/a', { fresh: true })).code, 'PROVIDER_NONE');
    await scene.replace(config, 6);
    assert.equal(
      (await http.problem('/b', { fresh: true })).code,
      'PROVIDER_NONE',
      'no route of the other is left over',
    );
    assert.equal((await http.problem('/a', { fresh: true })).code, 'ROUTE_NOT_FOUND');
  });

  it('says why it cannot start, and ends', async (context) => {
    const first = new Scene(context);
    const port = await first.start(configOf(['/a']));
    const second = new Scene(context);
    const http = { host: '127.0.0.1', port };
    const config = configOf(['/a'], { server: { http } });
    second.gateway.receive({
      kind: 'start',
      worker: 1,
      config,
      generation: 1,
      source: 'start',
      standings: [],
    });
    const { error } = await second.heard('failed');
    assert.deepEqual({ ...receivedError(error) }, { code: 'EADDRINUSE', address: '127.0.0.1', port });
    await until(() => second.exits.length === 1, 'the end');
    assert.deepEqual(second.exits, [1]);
  });

  it('tells of the methods it found slow, and not of those it was told of', async (context) => {
    const scene = new Scene(context);
    const told = {
      method: BUY,
      state: 'quarantined',
      isPinned: true,
      sinceMs: Date.now() - 60_000,
      reason: 'by hand',
      by: 'operator',
      quarantinesInARow: 0,
    } as const;
    await scene.start(configOf(['/a']), [told]);
    const { state, pinned, reason, since } = await scene.ask('method', BUY);
    assert.deepEqual([state, pinned, reason], ['quarantined', true, 'by hand']);
    assert.ok(Math.abs(Date.parse(since) - told.sinceMs) < 1_000, since);
    scene.gateway.receive({ kind: 'standing', standing: { ...told, method: 'demo.Shop#gone()' }, isOwn: false });
    const found = () => scene.said.filter(({ kind }) => kind === 'standing');
    assert.deepEqual(found(), []);
    await scene.ask('actOnMethod', { key: BUY, action: 'release', reason: undefined });
    const [message] = found();
    assert.ok(message?.kind === 'standing');
    assert.deepEqual([message.standing.method, message.standing.state], [BUY, 'healthy']);
    assert.ok(Math.abs(message.standing.sinceMs - Date.now()) < 60_000, 'in ms since 1970');
    const place = scene.said.indexOf(message);
    assert.equal(scene.said[place + 1]?.kind, 'answer', 'before the answer, so that the others know of it first');
  });

  it('refuses questions that nobody asks', async (context) => {
    const scene = new Scene(context);
    const ask = (name: string) => scene.ask(name as 'plans', undefined);
    await assert.rejects(ask('plans'), { message: 'the worker was not told to start' });
    await scene.start(configOf(['/a']));
    await assert.rejects(ask('toString'), { message: 'a worker cannot be asked "toString"' });
    await assert.rejects(scene.ask('method', 'nobody'), { code: 'METHOD_UNKNOWN', status: 404 });
    await scene.ask('plans', undefined);
  });
});
