import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkConfig } from '../../src/config/check-config.ts';
import { assembleGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { until } from '../support/until.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import { ZookeeperServerProcess } from './peers/start-zookeeper.ts';

const INTERFACE = 'com.acme.interop.InteropService';
/** 127.0.0.1: Dubbo refuses to register a loopback address in its usual form. */
const LOOPBACK = '2130706433';

/** One provider of each version, each registered in another way. */
const FLEET: readonly (readonly [peer: JavaPeerName, properties: Readonly<Record<string, string>>])[] = [
  ['2.6.12', {}],
  ['2.7.23', {}],
  ['3.2.16', { 'dubbo.application.register-mode': 'all' }],
  ['3.3.6', { 'dubbo.application.register-mode': 'instance', 'dubbo.application.metadata-type': 'local' }],
];

const fleet = FLEET.filter(([peer]) => selectedPeers().includes(peer));

if (fleet.length === FLEET.length) describe('a gateway that knows its providers from ZooKeeper', testGateway);

function testGateway(): void {
  let server: ZookeeperServerProcess;
  let gateway: Gateway;
  let http: HttpCaller;
  let admin: HttpCaller;
  const peers: Peer[] = [];
  /** Calls answered by the port of the provider, from the log lines of the gateway. */
  const answeredBy = new Map<number, number>();

  before(async () => {
    server = await ZookeeperServerProcess.start();
    const { config, diagnostics } = checkConfig({
      server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
      defaults: { timeoutMs: 5_000, retries: 2 },
      registries: { zk: { type: 'zookeeper', servers: [server.address], sessionTimeoutMs: 2_000 } },
      services: {
        interop: {
          interface: INTERFACE,
          registry: 'zk',
          methods: {
            safe: { name: 'overloaded', parameters: ['java.lang.String'], idempotent: true },
            once: { name: 'overloaded', parameters: ['java.lang.String'] },
          },
        },
      },
      routes: [
        { id: 'safe', match: { path: '/safe' }, call: { service: 'interop', method: 'safe', args: ['query.v'] } },
        { id: 'once', match: { path: '/once' }, call: { service: 'interop', method: 'once', args: ['query.v'] } },
      ],
    });
    assert.ok(config, JSON.stringify(diagnostics));
    const sink = { write: noteProvider, flushSync: () => {}, close: async () => {} };
    gateway = assembleGateway(config, { logger: createLogger({ level: 'info', sink }) });
    const ports = await gateway.start();
    http = new HttpCaller(ports.http.port);
    admin = new HttpCaller(ports.admin.port);
  });

  after(async () => {
    http?.close();
    admin?.close();
    await gateway?.stop();
    await Promise.all(peers.map((peer) => peer.kill()));
    await server?.stop();
  });

  function noteProvider(line: string): void {
    const { msg, status, provider } = JSON.parse(line) as { msg: string; status?: number; provider?: string };
    if (msg !== 'request' || status !== 200 || provider === undefined) return;
    const port = Number(provider.slice(provider.lastIndexOf(':') + 1));
    answeredBy.set(port, (answeredBy.get(port) ?? 0) + 1);
  }

  const answers = ({ port }: Peer): number => answeredBy.get(port) ?? 0;

  async function start(peer: JavaPeerName, properties: Readonly<Record<string, string>>): Promise<Peer> {
    const started = await startPeer(peer, {
      properties: {
        ...properties,
        'dubbo.registry.address': `zookeeper://${server.address}`,
        DUBBO_IP_TO_REGISTRY: LOOPBACK,
      },
    });
    peers.push(started);
    return started;
  }

  /** Calls without a pause while something happens. Returns what came back of each route, by status and code. */
  async function under(
    load: number,
    happens: () => Promise<void>,
  ): Promise<Record<'safe' | 'once', Map<string, number>>> {
    const outcomes = { safe: new Map<string, number>(), once: new Map<string, number>() };
    let isOver = false;
    const caller = async (route: 'safe' | 'once'): Promise<void> => {
      while (!isOver) {
        const { status, text } = await http.send(`/${route}?v=x`);
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

  const only = (count: Map<string, number>): string[] => [...count.keys()].sort();

  test('says that no provider is known before there is one', async () => {
    await until(async () => (await admin.send('/readyz')).status === 200, 'the gateway is ready', 10_000);
    const problem = await http.problem('/once?v=x');
    assert.deepEqual([problem.status, problem.code], [503, 'PROVIDER_NONE']);
  });

  test('calls all that register, whatever their version and way to do it', async () => {
    await Promise.all(fleet.slice(0, 2).map(([peer, properties]) => start(peer, properties)));
    await Promise.all(fleet.slice(2).map(([peer, properties]) => start(peer, properties)));
    const outcomes = await under(8, () =>
      until(() => peers.every((peer) => answers(peer) > 20), 'calls at all', 10_000),
    );
    assert.deepEqual([only(outcomes.safe), only(outcomes.once)], [['200'], ['200']]);
  });

  test('gives traffic to one that comes within a second of its coming', async () => {
    const outcomes = await under(8, async () => {
      const fifth = await start('3.3.6', { 'dubbo.application.register-mode': 'interface' });
      await until(() => answers(fifth) > 0, 'a call at the fifth provider', 1_000);
    });
    assert.deepEqual([only(outcomes.safe), only(outcomes.once)], [['200'], ['200']]);
  });

  test('loses no call when one stops as it should', async () => {
    const stopped = peers.pop()!;
    const outcomes = await under(8, async () => {
      await stopped.stop(10_000);
      await sleep(300);
    });
    assert.deepEqual([only(outcomes.safe), only(outcomes.once)], [['200'], ['200']]);
    assert.ok(outcomes.safe.get('200')! > 100);
  });

  test('loses only what was in flight, and nothing that may be run twice, when one is killed', async () => {
    const killed = peers.shift()!;
    const load = 16;
    const outcomes = await under(load, async () => {
      const before = answers(killed);
      await until(() => answers(killed) > before + 20, 'calls at the one that will be killed', 10_000);
      await killed.kill();
      await sleep(3_000);
    });
    assert.deepEqual(only(outcomes.safe), ['200']);
    const lost = outcomes.once.get('502 PROVIDER_CONNECTION_LOST') ?? 0;
    assert.ok(lost <= load / 2, `${lost} calls were lost of ${load / 2} that can be in flight`);
    assert.equal(
      [...outcomes.once.values()].reduce((sum, count) => sum + count, 0),
      outcomes.once.get('200')! + lost,
    );
  });

  test('serves on while the registry is away, and is in step soon after it is back', async () => {
    const outcomes = await under(4, async () => {
      await server.kill();
      await sleep(3_000);
      await server.run();
      const sixth = await start('3.3.6', { 'dubbo.application.register-mode': 'interface' });
      await until(() => answers(sixth) > 0, 'a call at a provider that came afterwards', 5_000);
    });
    assert.deepEqual([only(outcomes.safe), only(outcomes.once)], [['200'], ['200']]);
  });
}
