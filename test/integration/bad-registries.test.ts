import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { providersAnswer, servicesAnswer } from '../../src/admin/answers/inventory-answers.ts';
import { registriesAnswer } from '../../src/admin/answers/provider-lists-answer.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { type CapturedLog, captureLog } from '../support/captured-log.ts';
import { FakeNacos, fakeHost } from '../support/fake-nacos.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import type { HttpCaller, ProblemReply } from '../support/http-caller.ts';
import { startListening } from '../support/listening-gateway.ts';
import { TYPES_SERVICE } from '../support/types-service.ts';
import { until } from '../support/until.ts';

type Registry = NonNullable<GatewayConfigInput['registries']>[string];

const API = '/admin/v1';
const NACOS_SERVICE = `providers:${TYPES_SERVICE}::`;
const USER = { name: 'gateway', password: 'open sesame', ttlS: 3_600 };
const SECRETS = /open (sesame|barley)/;

/** A gateway with one service whose registry is well, and one that is tested. */
interface Stage {
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
  readonly log: CapturedLog;
  /** The one provider that there is. */
  readonly provider: MockProvider;
  /** What the admin API says of the registry that is tested. */
  tested(): Promise<{ readonly state: string; readonly problem: string | null }>;
  /** How the route of the service that is tested is answered. */
  refused(): Promise<ProblemReply>;
  /** That the other service is served, and that nothing told a secret or is unwell. */
  assertOtherServed(): Promise<void>;
}

async function stage(
  context: TestContext,
  registry: Registry,
  service: object = {},
  provider?: MockProvider,
): Promise<Stage> {
  const served = provider ?? (await providerFor(context));
  const well = await nacosFor(context);
  well.setHosts(NACOS_SERVICE, [hostOf(served)]);
  const methods = { echo: { parameters: ['Object'] } };
  const route = (id: string) => ({
    id,
    match: { path: `/${id}` },
    call: { service: id, method: 'echo', args: ['query.v'] },
  });
  const config = checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
    defaults: { timeoutMs: 8_000, connectTimeoutMs: 5_000 },
    registries: { well: { type: 'nacos', servers: [well.address] }, tested: registry },
    services: {
      well: { interface: TYPES_SERVICE, registry: 'well', methods },
      tested: { interface: TYPES_SERVICE, registry: 'tested', methods, ...service },
    },
    routes: [route('well'), route('tested')],
  });
  const log = captureLog();
  const gateway = assembleGateway(config, { logger: log.logger });
  const { http, admin } = await startListening(context, gateway);
  const tested = async () => {
    const { registries } = registriesAnswer.parse(await admin.json(`${API}/registries`));
    return registries.find(({ name }) => name === 'tested')!;
  };
  return {
    http,
    admin,
    log,
    provider: served,
    tested,
    refused: () => http.problem('/tested?v=x'),
    assertOtherServed: async () => {
      await until(async () => (await http.send('/well?v=x')).status === 200, 'the other service');
      assert.doesNotMatch(`${log.text}${http.answered.join()}${admin.answered.join()}`, SECRETS);
    },
  };
}

async function providerFor(context: TestContext, host = '127.0.0.1'): Promise<MockProvider> {
  const provider = await startMockProvider({ host });
  context.after(() => provider.kill());
  return provider;
}

async function nacosFor(context: TestContext, ...start: Parameters<typeof FakeNacos.start>): Promise<FakeNacos> {
  const nacos = await FakeNacos.start(...start);
  context.after(() => nacos.stop());
  return nacos;
}

function hostOf({ port }: MockProvider, more: Record<string, unknown> = {}): Record<string, unknown> {
  return fakeHost(port, { ip: '127.0.0.1', ...more });
}

/** Waits for what the admin API says to be wrong with the registry that is tested. */
async function problemOf({ tested }: Stage): Promise<string> {
  let problem: string | null = null;
  await until(async () => {
    ({ problem } = await tested());
    return problem !== null;
  }, 'a problem of the registry');
  return problem!;
}

/** The reasons of the warnings of the registry that is tested. */
function warnings({ log }: Stage): string[] {
  return log.lines
    .filter(({ registry, level }) => registry === 'tested' && level === 'warn')
    .map(({ reason }) => String(reason));
}

describe('a registry with something wrong', () => {
  for (const type of ['nacos', 'zookeeper'] as const) {
    it(`is named when nobody listens (${type})`, async (context) => {
      const on = await stage(context, { type, servers: ['127.0.0.1:1'], connectTimeoutMs: 5_000 });
      assert.match(await problemOf(on), /^the registry cannot be reached: ECONNREFUSED$/);
      assert.equal((await on.tested()).state, 'connecting');
      const { status, code, detail } = await on.refused();
      assert.deepEqual([status, code], [503, 'PROVIDER_NONE']);
      assert.equal(detail, 'The registry has not told the providers of the service yet.');
      assert.match(warnings(on).join(), /cannot be reached: ECONNREFUSED; the last known lists stay/);
      await on.assertOtherServed();
    });

    it(`is named when its host name is wrong (${type})`, async (context) => {
      const on = await stage(context, { type, servers: ['no-such-host.invalid'], connectTimeoutMs: 2_000 });
      assert.match(await problemOf(on), /^the registry cannot be reached: /);
      assert.equal((await on.refused()).code, 'PROVIDER_NONE');
      await on.assertOtherServed();
    });

    it(`is named when something else listens there (${type})`, async (context) => {
      const server = createServer((socket: Socket) => {
        socket.on('error', () => {});
        socket.end('220 mail.example ESMTP\r\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      context.after(() => server.close());
      const { port } = server.address() as { port: number };
      const on = await stage(context, { type, servers: [`127.0.0.1:${port}`], connectTimeoutMs: 300 });
      assert.match(await problemOf(on), /^the registry cannot be reached: /);
      assert.equal((await on.refused()).code, 'PROVIDER_NONE');
      await on.assertOtherServed();
    });
  }

  it('is named when it refuses the password', async (context) => {
    const nacos = await nacosFor(context, { user: USER });
    const on = await stage(context, {
      type: 'nacos',
      servers: [nacos.address],
      user: USER.name,
      password: 'open barley',
    });
    assert.equal(await problemOf(on), 'the registry refuses user and password');
    assert.equal((await on.refused()).code, 'PROVIDER_NONE');
    assert.deepEqual(warnings(on).slice(0, 1), ['the registry refuses user and password']);
    await on.assertOtherServed();
  });

  it('is named when it does not know the namespace', async (context) => {
    const nacos = await nacosFor(context);
    const on = await stage(context, { type: 'nacos', servers: [nacos.address], namespace: 'prod' });
    const problem = 'the registry knows no namespace "prod": give its identifier, not its name';
    assert.equal(await problemOf(on), problem);
    await until(
      async () => (await on.refused()).detail === 'No provider of the service is known.',
      'the list, which is empty',
    );
    assert.deepEqual(warnings(on), [problem]);
    await on.assertOtherServed();
  });
});

describe('a list with something wrong', () => {
  it('loses what is nonsense in it, by name, and nothing else', async (context) => {
    const nacos = await nacosFor(context);
    const provider = await providerFor(context);
    const metadata = { protocol: 'dubbo', category: 'providers' };
    nacos.setHosts(NACOS_SERVICE, [
      hostOf(provider),
      fakeHost(0),
      fakeHost(70_000),
      fakeHost(-1),
      fakeHost(20_880, { ip: 'no host at all' }),
      fakeHost(20_881, { ip: '10.0.0.256' }),
      fakeHost(20_882, { ip: '' }),
      { weight: 1 },
      fakeHost(20_883, { metadata: { ...metadata, protocol: 'tri' } }),
      // Nonsense in its settings only: it is kept, but so far away that it gets no call.
      fakeHost(20_884, { weight: 0, metadata: { ...metadata, weight: 'heavy', warmup: '-7', timestamp: 'noon' } }),
    ]);
    const on = await stage(context, { type: 'nacos', servers: [nacos.address] }, {}, provider);
    await until(async () => (await on.http.send('/tested?v=x')).status === 200, 'a call');
    for (let call = 0; call < 20; call++) assert.equal(await on.http.text('/tested?v=x'), '"x"');
    const told = warnings(on).join('\n');
    for (const named of [
      '10.0.0.1:0"',
      ':70000"',
      ':-1"',
      'no host at all:20880"',
      '10.0.0.256:20881"',
      'no address',
    ]) {
      assert.ok(told.includes(named), `${named} in ${told}`);
    }
    for (const setting of ['weight "heavy"', 'warmup "-7"', 'timestamp "noon"']) {
      assert.ok(told.includes(`instance "10.0.0.1:20884": ${setting}`), `${setting} in ${told}`);
    }
    assert.doesNotMatch(told, /20883/);
    await on.assertOtherServed();
  });

  it('gives no call to who has a weight of 0 or less, and says so where nobody else is there', async (context) => {
    const nacos = await nacosFor(context);
    const provider = await providerFor(context);
    const metadata = { protocol: 'dubbo', category: 'providers' };
    const light = [
      fakeHost(1, { ip: '127.0.0.2', weight: 0 }),
      fakeHost(1, { ip: '127.0.0.3', weight: -1 }),
      fakeHost(1, { ip: '127.0.0.4', metadata: { ...metadata, weight: '0' } }),
      fakeHost(1, { ip: '127.0.0.5', metadata: { ...metadata, weight: '-5' } }),
    ];
    nacos.setHosts(NACOS_SERVICE, [...light, hostOf(provider)]);
    const on = await stage(context, { type: 'nacos', servers: [nacos.address] }, {}, provider);
    await until(async () => (await on.http.send('/tested?v=x')).status === 200, 'a call');
    for (let call = 0; call < 50; call++) assert.equal(await on.http.text('/tested?v=x'), '"x"');
    const { lists } = providersAnswer.parse(await on.admin.json(`${API}/providers?service=tested`));
    assert.deepEqual(
      lists[0]!.providers.map(({ weight, share, filter }) => [weight > 0, share, filter]),
      [...light.map(() => [false, 0, 'disabled']), [true, 1, null]],
    );
    assert.match(warnings(on).join('\n'), /instance "127\.0\.0\.5:1": weight -5 is negative and counts as 0/);
    nacos.setHosts(NACOS_SERVICE, light);
    await until(async () => (await on.http.send('/tested?v=x')).status === 503, 'nobody');
    const { code, detail } = await on.refused();
    assert.deepEqual([code, detail], ['PROVIDER_NONE', 'No provider of the service takes this call now.']);
    await on.assertOtherServed();
  });

  it('is served when it has 10,000 providers', async (context) => {
    const nacos = await nacosFor(context);
    // On all of 127.0.0.0/8, so that each of the addresses is a provider.
    const provider = await providerFor(context, '0.0.0.0');
    const count = 10_000;
    const ips = Array.from({ length: count }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
    nacos.setHosts(
      NACOS_SERVICE,
      ips.map((ip) => hostOf(provider, { ip })),
    );
    const on = await stage(context, { type: 'nacos', servers: [nacos.address] }, {}, provider);
    await until(async () => (await on.http.send('/tested?v=x')).status === 200, 'a call');
    for (let call = 0; call < 200; call++) assert.equal(await on.http.text('/tested?v=x'), '"x"');
    const { services } = servicesAnswer.parse(await on.admin.json(`${API}/services`));
    assert.equal(services.find(({ name }) => name === 'tested')!.providers.total, count);
    nacos.setHosts(NACOS_SERVICE, [hostOf(provider)]);
    await until(async () => {
      const { lists } = providersAnswer.parse(await on.admin.json(`${API}/providers?service=tested`));
      return lists[0]!.providers.length === 1;
    }, 'the short list');
    assert.equal(await on.http.text('/tested?v=x'), '"x"');
    await on.assertOtherServed();
  });

  it('is named when it is empty', async (context) => {
    const nacos = await nacosFor(context);
    const on = await stage(context, { type: 'nacos', servers: [nacos.address] });
    await until(async () => (await on.admin.send('/readyz')).status === 200, 'the first lists');
    const { status, code, detail } = await on.refused();
    assert.deepEqual([status, code, detail], [503, 'PROVIDER_NONE', 'No provider of the service is known.']);
    const { services } = servicesAnswer.parse(await on.admin.json(`${API}/services`));
    const { confirmedAt, providers } = services.find(({ name }) => name === 'tested')!;
    assert.ok(confirmedAt !== null);
    assert.equal(providers.total, 0);
    await on.assertOtherServed();
  });
});
