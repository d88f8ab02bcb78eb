import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, type MockProviderOptions, startMockProvider } from '../../mock-providers/mock-provider.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { type ProblemReply, statusAndCode } from '../support/http-caller.ts';
import { typesService } from '../support/types-service.ts';
import { until } from '../support/until.ts';

describe('several providers of a service', { concurrency: true }, () => {
  it('are called in turn where that is asked for', async (context) => {
    const providers = await startProviders(context, 3);
    const addresses = providers.map(({ address }) => address);
    const gateway = await startGateway(context, addresses, { balancer: 'round-robin' });
    for (let call = 0; call < 30; call++) await gateway.text(`/echo?v=${call}`);
    assert.deepEqual(
      providers.map(({ stats }) => stats.requests),
      [10, 10, 10],
    );
  });

  it('lose no call when one of them is down from the start', async (context) => {
    const [down, ...providers] = await startProviders(context, 3);
    await down!.kill();
    const gateway = await startGateway(
      context,
      [down!, ...providers].map(({ address }) => address),
    );
    const replies = await Promise.all(Array.from({ length: 60 }, (_, call) => gateway.send(`/echo?v=${call}`)));
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
    assert.equal(providers[0]!.stats.requests + providers[1]!.stats.requests, 60);
  });

  it('lose no call when one of them stops as it should', async (context) => {
    const providers = await startProviders(context, 2);
    const gateway = await startGateway(
      context,
      providers.map(({ address }) => address),
    );
    const stopped = providers[0]!;
    let isRunning = true;
    const statuses: number[] = [];
    const clients = Promise.all(
      [1, 2, 3, 4].map(async () => {
        while (isRunning) statuses.push((await gateway.send('/echo?v=x')).status);
      }),
    );
    await until(() => stopped.stats.requests > 5, 'calls at the first provider');
    await stopped.close();
    const callsBefore = providers[1]!.stats.requests;
    await until(() => providers[1]!.stats.requests > callsBefore + 5, 'calls at the other provider');
    isRunning = false;
    await clients;
    assert.deepEqual(new Set(statuses), new Set([200]));
  });

  it('get no call twice: one that was sent and lost is a 502', async (context) => {
    const providers = await startProviders(context, 2);
    const gateway = await startGateway(
      context,
      providers.map(({ address }) => address),
    );
    await gateway.text('/echo?v=warm');
    await gateway.text('/echo?v=warm');
    for (const provider of providers)
      provider.setFaults([{ method: '*', fault: { dropConnection: 'after' }, times: 1 }]);
    assert.equal(statusAndCode(await gateway.problem('/echo?v=once')), '502 PROVIDER_CONNECTION_LOST');
    const received = providers.flatMap(({ calls }) => calls.map(({ argTexts }) => argTexts[0]));
    assert.deepEqual(received.sort(), ['string "once"', 'string "warm"', 'string "warm"']);
  });

  it('are all asked once, then it is a 503 that says nothing of them', async (context) => {
    const providers = await startProviders(context, 3);
    for (const provider of providers) await provider.kill();
    const gateway = await startGateway(
      context,
      providers.map(({ address }) => address),
    );
    const { status, headers, text } = await gateway.send('/echo?v=x');
    const problem = JSON.parse(text) as ProblemReply;
    assert.deepEqual([status, problem.code, headers['retry-after']], [503, 'PROVIDER_NONE', '1']);
    for (const { port } of providers) assert.ok(!text.includes(String(port)));
    assert.equal(gateway.rpc.pendingCalls, 0);
    assert.ok(gateway.rpc.stats().every(({ counters }) => counters.sent === 0));
  });

  it('go on when one is frozen: its calls time out, and its late answers reach nobody', async (context) => {
    const [frozen, healthy] = await startProviders(context, 2);
    const addresses = [frozen!.address, healthy!.address];
    const gateway = await startGateway(context, addresses, {
      // The calls of the frozen one last so long, and those of the other must not on any machine.
      timeoutMs: 3_000,
      balancer: 'round-robin',
      ejection: 'off',
    });
    await gateway.text('/echo?v=warm');
    await gateway.text('/echo?v=warm');
    frozen!.pause();
    const replies = await Promise.all(Array.from({ length: 10 }, () => gateway.send('/echo?v=x')));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [...Array(5).fill(200), ...Array(5).fill(504)]);
    frozen!.resume();
    await until(() => gateway.rpc.stats()[0]!.counters.late === 5, 'the late answers');
    assert.equal((await gateway.send('/echo?v=x')).status, 200);
    assert.equal((await gateway.send('/echo?v=x')).status, 200);
  });
});

describe('a provider that is down', { concurrency: true }, () => {
  it('is a 503 at once, and is found again after its restart on the same port', async (context) => {
    const provider = await startMockProvider();
    // A call that waited for the connect time-out would time out itself.
    const gateway = await startGateway(context, [provider.address], { timeoutMs: 8_000, connectTimeoutMs: 8_000 });
    await gateway.text('/echo?v=x');
    await provider.kill();
    const lost = await Promise.all([gateway.problem('/echo?v=x'), gateway.problem('/echo?v=x')]);
    for (const problem of lost)
      assert.match(statusAndCode(problem), /^(503 PROVIDER_NONE|502 PROVIDER_CONNECTION_LOST)$/);
    assert.equal(statusAndCode(await gateway.problem('/echo?v=x')), '503 PROVIDER_NONE');

    const restarted = await startMockProvider({ port: provider.port });
    context.after(() => restarted.kill());
    await until(() => gateway.rpc.stats()[0]!.isUsable, 'the reconnect');
    assert.equal(await gateway.json('/echo?v=back'), 'back');
    assert.deepEqual(
      restarted.calls.map(({ argTexts }) => argTexts[0]),
      ['string "back"'],
    );
  });

  it('is a 502 when what listens there is no Dubbo provider', async (context) => {
    const web = await startServer(context, (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    });
    const gateway = await startGateway(context, [web]);
    assert.equal(statusAndCode(await gateway.problem('/echo?v=x')), '502 PROVIDER_PROTOCOL');
    await gateway.idle();
  });

  it('is an error of the table when it accepts connections only to close them', async (context) => {
    const closing = await startServer(context, (socket) => socket.destroy());
    const gateway = await startGateway(context, [closing]);
    for (let call = 0; call < 5; call++) {
      const answer = statusAndCode(await gateway.problem('/echo?v=x'));
      assert.match(answer, /^(502 PROVIDER_CONNECTION_LOST|503 PROVIDER_NONE)$/);
    }
    await gateway.idle();
  });

  it('is a 503 when its host has no address', async (context) => {
    const gateway = await startGateway(context, ['dubbo://no-such-host.invalid:20880']);
    const { detail, ...problem } = await gateway.problem('/echo?v=x');
    assert.equal(statusAndCode({ detail, ...problem }), '503 PROVIDER_NONE');
    assert.doesNotMatch(detail, /invalid/);
  });
});

/** A server that speaks no Dubbo; resolves with its address. */
async function startServer(context: TestContext, onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onConnection(socket);
  });
  context.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `dubbo://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startProviders(
  context: TestContext,
  count: number,
  options: MockProviderOptions = {},
): Promise<MockProvider[]> {
  const providers = await Promise.all(Array.from({ length: count }, () => startMockProvider(options)));
  for (const provider of providers) context.after(() => provider.kill());
  return providers;
}

function startGateway(
  context: TestContext,
  addresses: readonly string[],
  defaults: GatewayConfigInput['defaults'] = {},
): Promise<GatewayUnderTest> {
  return startGatewayUnderTest(
    {
      defaults,
      services: { types: typesService(addresses, { methods: { echo: { parameters: ['Object'] } } }) },
      routes: [{ id: 'echo', match: { path: '/echo' }, call: { service: 'types', method: 'echo', args: ['query.v'] } }],
    },
    context,
  );
}
