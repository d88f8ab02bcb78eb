import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import { typesService as mockTypesService } from '../../mock-providers/shop/types-service.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const REQUESTS = 2_000;
const CLIENT_CONNECTIONS = 20;
const MAX_DELAY_MS = 40;

describe('many requests at a time', { concurrency: true }, () => {
  it('over one connection, answered out of order, all get their own answer', async (context) => {
    const { provider, gateway, answersSent } = await startShuffling(context);
    const connections = await Promise.all(
      Array.from({ length: CLIENT_CONNECTIONS }, () => RawConnection.open(gateway.port)),
    );
    for (const connection of connections) context.after(() => connection.destroy());
    for (let request = 0; request < REQUESTS; request++) {
      connections[request % CLIENT_CONNECTIONS]!.send(get(`/shuffle?v=value-${request}`));
    }
    await Promise.all(
      connections.map(async (connection, first) => {
        for (let request = first; request < REQUESTS; request += CLIENT_CONNECTIONS) {
          const { status, body } = await connection.answer();
          assert.deepEqual([status, body], [200, `"value-${request}"`]);
        }
      }),
    );
    assert.equal(provider.stats.connectionsOpened, 1);
    assert.equal(answersSent.length, REQUESTS);
    assert.notDeepEqual(answersSent, [...answersSent].sort(byNumber), 'the provider did answer out of order');
    const [channel] = gateway.rpc.stats();
    assert.deepEqual([channel!.counters.sent, channel!.counters.answered], [REQUESTS, REQUESTS]);
    await gateway.idle();
  });

  it('pipelined on one connection are answered in the order of the requests', async (context) => {
    const { gateway } = await startShuffling(context);
    const connection = await RawConnection.open(gateway.port);
    context.after(() => connection.destroy());
    const count = 200;
    connection.send(Array.from({ length: count }, (_, request) => get(`/shuffle?v=${request}`)).join(''));
    for (let request = 0; request < count; request++) assert.equal((await connection.answer()).body, `"${request}"`);
  });

  it('pipelined with errors among them keep their order too', async (context) => {
    const { gateway } = await startShuffling(context);
    const connection = await RawConnection.open(gateway.port);
    context.after(() => connection.destroy());
    connection.send([get('/shuffle?v=1'), get('/nothing'), get('/slow'), get('/shuffle?v=2')].join(''));
    const answers = [1, 2, 3, 4].map(() => connection.answer());
    const statuses: number[] = [];
    for (const answer of answers) statuses.push((await answer).status);
    assert.deepEqual(statuses, [200, 404, 504, 200]);
  });
});

describe('a client that goes away', { concurrency: true }, () => {
  it('frees its call at once, and the late answer reaches nobody', async (context) => {
    const { gateway, held, letGo } = await startShuffling(context);
    const connection = await RawConnection.open(gateway.port);
    connection.send(get('/hold'));
    await until(() => held() === 1, 'the call at the provider');
    assert.equal(gateway.rpc.pendingCalls, 1);
    connection.destroy();
    await until(() => gateway.rpc.pendingCalls === 0, 'the free place');
    const { counters } = gateway.rpc.stats()[0]!;
    assert.deepEqual([counters.cancelled, counters.timedOut], [1, 0]);
    letGo();
    await until(() => gateway.rpc.stats()[0]!.counters.late === 1, 'the late answer');
    assert.equal(await gateway.json('/shuffle?v=next'), 'next');
    const [line] = gateway.log.lines.filter(({ msg, status }) => msg === 'request' && status === 499);
    assert.equal(line?.code, 'CLIENT_CLOSED');
  });

  it('with many pipelined requests frees them all', async (context) => {
    const { gateway, held, letGo } = await startShuffling(context);
    const connection = await RawConnection.open(gateway.port);
    connection.send(get('/hold').repeat(50));
    await until(() => held() === 50, 'the calls at the provider');
    connection.destroy();
    await gateway.idle();
    assert.equal(gateway.rpc.stats()[0]!.counters.cancelled, 50);
    letGo();
  });
});

interface Shuffling {
  readonly provider: MockProvider;
  readonly gateway: GatewayUnderTest;
  readonly answersSent: readonly string[];
  /** Calls of `hold` that wait. */
  held(): number;
  /** Lets them be answered. */
  letGo(): void;
}

/**
 * A provider whose method `shuffle` answers after a time that differs from call to call, and its method `hold` when it is
 * let go.
 */
async function startShuffling(context: TestContext): Promise<Shuffling> {
  const answersSent: string[] = [];
  let calls = 0;
  const service = mockTypesService();
  const shuffle = method('shuffle', ['java.lang.String'], 'volatile', async ([value]) => {
    const delayMs = (calls++ * 7919) % MAX_DELAY_MS;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    answersSent.push(value as string);
    return value!;
  });
  const waiting: (() => void)[] = [];
  const hold = method(
    'hold',
    [],
    'volatile',
    () => new Promise<string>((resolve) => waiting.push(() => resolve('held'))),
  );
  const provider = await startMockProvider({
    services: [{ ...service, methods: [...service.methods, shuffle, hold] }],
    callsKept: 10,
    faults: [{ method: 'com.acme.types.TypesService#voidCall', fault: { stall: true } }],
  });
  context.after(() => provider.kill());
  const gateway = await startGatewayUnderTest(
    {
      defaults: { timeoutMs: 10_000 },
      services: {
        types: typesService(provider.address, {
          methods: {
            shuffle: { parameters: ['String'] },
            hold: {},
            voidCall: { timeoutMs: 200 },
          },
        }),
      },
      routes: [
        {
          id: 'shuffle',
          match: { path: '/shuffle' },
          call: { service: 'types', method: 'shuffle', args: ['query.v'] },
        },
        { id: 'hold', match: { path: '/hold' }, call: { service: 'types', method: 'hold' } },
        { id: 'slow', match: { path: '/slow' }, call: { service: 'types', method: 'voidCall' } },
      ],
    },
    context,
  );
  const letGo = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { provider, gateway, answersSent, held: () => waiting.length, letGo };
}

function get(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`;
}

function byNumber(a: string, b: string): number {
  return Number(a.slice('value-'.length)) - Number(b.slice('value-'.length));
}
