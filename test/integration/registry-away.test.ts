import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { providersAnswer, servicesAnswer } from '../../src/admin/answers/inventory-answers.ts';
import { registriesAnswer } from '../../src/admin/answers/provider-lists-answer.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { captureLog } from '../support/captured-log.ts';
import { checkedConfig } from '../support/gateway-under-test.ts';
import { type ListeningGateway, startListening } from '../support/listening-gateway.ts';
import { until } from '../support/until.ts';

const API = '/admin/v1';

/** A gateway that cannot reach the registry of one of its two services. */
async function start(context: TestContext): Promise<ListeningGateway> {
  const deaf = createServer((socket) => socket.on('error', () => {}).destroy());
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  const { port } = deaf.address() as AddressInfo;
  const config = checkedConfig({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 100 },
    registries: { main: { type: 'zookeeper', servers: [`127.0.0.1:${port}`], user: 'u', password: 'hunter2' } },
    services: {
      learnt: { interface: 'demo.Learnt', registry: 'main', methods: { m: {} } },
      fixed: { interface: 'demo.Fixed', providers: ['dubbo://127.0.0.1:1'], methods: { m: {} } },
    },
    routes: [{ id: 'learnt', match: { path: '/learnt' }, call: { service: 'learnt', method: 'm' } }],
  });
  const log = captureLog();
  const gateway = assembleGateway(config, { logger: log.logger });
  const listening = await startListening(context, gateway);
  context.after(() => new Promise((resolve) => deaf.close(resolve)));
  return listening;
}

describe('a registry that does not answer', () => {
  it('keeps a gateway that has just started from being ready, and is named', async (context) => {
    const { http, admin } = await start(context);
    const { status, text } = await admin.send('/readyz?verbose');
    assert.equal(status, 503);
    assert.deepEqual(JSON.parse(text), {
      status: 'not ready',
      checks: { listening: true, serving: true, registries: false, connections: false },
      missingRegistries: ['main'],
    });
    assert.equal((await http.problem('/learnt')).code, 'PROVIDER_NONE');
  });

  it('is seen with what is wrong, and with the services that wait for it', async (context) => {
    const { admin } = await start(context);
    const registry = async () => registriesAnswer.parse(await admin.json(`${API}/registries`)).registries[0]!;
    let seen = await registry();
    await until(async () => {
      seen = await registry();
      return seen.problem !== null;
    }, 'the problem of the registry');
    assert.deepEqual(
      [seen.name, seen.type, seen.state, seen.subscriptions, seen.waiting, seen.confirmedAt],
      ['main', 'zookeeper', 'connecting', 1, 1, null],
    );
    assert.match(seen.problem!, /cannot be reached/);
    const { services } = servicesAnswer.parse(await admin.json(`${API}/services`));
    assert.deepEqual(
      services.map(({ name, registry: source, confirmedAt, providers }) => [
        name,
        source,
        confirmedAt,
        providers.total,
      ]),
      [
        ['learnt', 'main', null, 0],
        ['fixed', null, null, 1],
      ],
    );
    const { lists, providers } = providersAnswer.parse(await admin.json(`${API}/providers?service=fixed`));
    assert.deepEqual([lists.length, lists[0]?.providers.length, providers.length], [1, 1, 1]);
    const wrong = await admin.problem(`${API}/providers?service=learned`);
    assert.match(wrong.detail, /did you mean "learnt"\?$/);
    const lines = new Set((await admin.text('/metrics')).split('\n'));
    for (const line of [
      'sluice_registry_up{registry="main"} 0',
      'sluice_providers{service="fixed",state="usable"} 1',
      'sluice_providers{service="fixed",state="ejected"} 0',
      'sluice_providers{service="learnt",state="usable"} 0',
      'sluice_provider_ejections_total 0',
    ]) {
      assert.ok(lines.has(line), line);
    }
    assert.doesNotMatch(admin.answered.join(), /hunter2/);
  });
});
