import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import type { ProblemReply } from '../support/http-caller.ts';
import { ProviderProcess } from '../support/provider-process.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const PROVIDERS = 3;
const CLIENTS = 24;
const KILLS = 4;
const BETWEEN_KILLS_MS = 500;
/** Under these rules one time-out or one slow call would be enough, but a lost connection is neither. */
const JUMPY = { timeouts: 1, minCalls: 1, slowRatio: 0.01, slowCallMs: 30_000 };

/** Loads a gateway until told to stop, and checks each answer as it comes. */
class Load {
  readonly outcomes = new Map<string, number>();
  requests = 0;
  answers = 0;
  #isRunning = true;
  readonly #clients: Promise<void>;

  constructor(gateway: GatewayUnderTest) {
    this.#clients = Promise.all(Array.from({ length: CLIENTS }, () => this.#client(gateway))).then(() => undefined);
  }

  /** Resolves when the last request has been answered. */
  end(): Promise<void> {
    this.#isRunning = false;
    return this.#clients;
  }

  countOf(outcome: string): number {
    return this.outcomes.get(outcome) ?? 0;
  }

  async #client(gateway: GatewayUnderTest): Promise<void> {
    while (this.#isRunning) {
      const value = `value-${this.requests++}`;
      // Most take a while, so that there always are calls to lose, and time for those who start again.
      const path = this.requests % 3 !== 0 ? '/sleep/50' : `/echo?v=${value}`;
      const { status, text } = await gateway.send(path, { headers: { 'x-request-id': value } });
      this.answers++;
      if (status === 200) assert.equal(text, path === '/sleep/50' ? '50' : `"${value}"`);
      this.#count(status === 200 ? '200' : `${status} ${(JSON.parse(text) as ProblemReply).code}`);
    }
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, this.countOf(outcome) + 1);
  }
}

describe('providers that are killed under load', () => {
  it('cost calls in flight, each with one answer, but no slot and no good name', async (context) => {
    const providers = await Promise.all(Array.from({ length: PROVIDERS }, () => ProviderProcess.start()));
    context.after(() => Promise.all(providers.map((provider) => provider.kill())));
    const gateway = await startGatewayUnderTest(configOf(providers.map(({ address }) => address)), context);
    const load = new Load(gateway);
    await until(() => load.countOf('200') > CLIENTS, 'the first answers');
    const restarts: Promise<void>[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = providers[kill % PROVIDERS]!;
      await until(() => victim.isListening && pendingOf(gateway, victim) > 0, 'calls to lose');
      await victim.kill();
      restarts.push(victim.restart());
      await delay(BETWEEN_KILLS_MS);
    }
    const answered = load.countOf('200');
    await until(() => load.countOf('200') > answered + CLIENTS, 'answers after the last kill');
    await load.end();
    await Promise.all(providers.map((provider) => provider.kill()));
    await Promise.all(restarts);

    const outcomes = Object.fromEntries(load.outcomes);
    assert.equal(load.answers, load.requests, 'one answer for each request');
    const lost = load.countOf('502 PROVIDER_CONNECTION_LOST');
    assert.ok(lost >= KILLS, `each kill met calls in flight: ${JSON.stringify(outcomes)}`);
    const expected = ['200', '502 PROVIDER_CONNECTION_LOST', '503 PROVIDER_NONE'];
    for (const outcome of load.outcomes.keys()) assert.ok(expected.includes(outcome), JSON.stringify(outcomes));
    const requestLines = gateway.log.lines.filter(({ msg }) => msg === 'request');
    assert.equal(requestLines.length, load.requests, 'one line for each request');
    assert.equal(new Set(requestLines.map(({ requestId }) => requestId)).size, load.requests);

    await gateway.idle();
    const { pools, methods } = gateway.load.bulkheads!;
    assert.deepEqual([pools.normal.active, pools.slow.active, pools.heartbeat.active, pools.waiting], [0, 0, 0, 0]);
    await until(() => gateway.load.admission!.status.inFlight === 0, 'no request in flight');
    assert.equal(gateway.load.admission!.status.inFlightBytes, 0);
    for (const method of methods.methods()) assert.deepEqual([method.state, method.inFlight], ['healthy', 0]);
    assert.deepEqual(methods.events, [], 'no method was in quarantine at any time');
  });
});

function configOf(addresses: readonly string[]): GatewayConfigInput {
  return {
    bulkhead: { normal: { size: 200, maxMethodShare: 1 }, quarantine: JUMPY },
    services: {
      types: typesService(addresses, {
        methods: { echo: { parameters: ['java.lang.Object'] }, sleep: { parameters: ['int'] } },
      }),
    },
    routes: [
      { id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } },
      { id: 'sleep', match: { path: '/sleep/:ms' }, call: { service: 'types', method: 'sleep', args: ['path.ms'] } },
    ],
  };
}

function pendingOf(gateway: GatewayUnderTest, { port }: ProviderProcess): number {
  return gateway.rpc.stats().find(({ provider }) => provider === `127.0.0.1:${port}`)?.pending ?? 0;
}
