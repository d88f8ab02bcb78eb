import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ApplicationMetadata } from '../../../../src/registry/application-metadata.ts';
import { NacosRegistry } from '../../../../src/registry/nacos/nacos-registry.ts';
import type { NacosRegistryOptions } from '../../../../src/registry/nacos/nacos-registry-options.ts';
import type { ProviderInstance } from '../../../../src/registry/provider-instance.ts';
import type { RegistrySubscription } from '../../../../src/registry/registry.ts';
import type { RegistryEvent } from '../../../../src/registry/registry-event.ts';
import { FakeNacos, fakeHost } from '../../../support/fake-nacos.ts';
import { until } from '../../../support/until.ts';

const QUERY = { interfaceName: 'demo.DemoService', version: '', group: '' };
const SERVICE = 'providers:demo.DemoService::';
const USER = { name: 'gateway', password: 'open sesame', ttlS: 3_600 };

/** A registry under test with what it told. */
class Followed {
  readonly events: RegistryEvent[] = [];
  readonly lists: (readonly ProviderInstance[])[] = [];
  readonly asked: string[] = [];
  readonly registry: NacosRegistry;
  readonly subscription: RegistrySubscription;

  constructor(fakes: readonly FakeNacos[], options: Partial<NacosRegistryOptions> = {}) {
    this.registry = new NacosRegistry({
      servers: fakes.map(({ address }) => address),
      connectTimeoutMs: 5_000,
      aliveMs: 10_000,
      maxPauseMs: 50,
      pollMs: 200,
      quickPollMs: 50,
      emptyGraceMs: 0,
      random: () => 0,
      fetchMetadata: async (address, application, revision) => {
        this.asked.push(`${address.key} ${application} ${revision}`);
        return metadata(application, revision);
      },
      log: (event) => this.events.push(event),
      ...options,
    });
    this.subscription = this.registry.subscribe(QUERY, ({ instances }) => this.lists.push(instances));
  }

  get ports(): number[] {
    return this.subscription.snapshot.instances.map(({ address }) => address.port).sort((a, b) => a - b);
  }

  has(...ports: number[]): Promise<void> {
    return until(() => this.lists.length > 0 && String(this.ports) === String(ports), `providers ${ports}`);
  }

  told(type: RegistryEvent['type']): RegistryEvent | undefined {
    return this.events.find((event) => event.type === type);
  }
}

function metadata(application: string, revision: string): ApplicationMetadata {
  const service = { interfaceName: 'demo.DemoService', version: '', group: '', protocol: 'dubbo', port: 0 };
  return { application, revision, services: [{ ...service, parameters: {} }] };
}

describe('NacosRegistry', () => {
  const fakes: FakeNacos[] = [];
  const followed: Followed[] = [];

  async function fake(...start: Parameters<typeof FakeNacos.start>): Promise<FakeNacos> {
    const started = await FakeNacos.start(...start);
    fakes.push(started);
    return started;
  }

  function follow(servers: readonly FakeNacos[], options?: Partial<NacosRegistryOptions>): Followed {
    const one = new Followed(servers, options);
    followed.push(one);
    return one;
  }

  afterEach(async () => {
    for (const { registry } of followed.splice(0)) await registry.close();
    for (const server of fakes.splice(0)) await server.stop();
  });

  it('tells the first list, and each change, in a session', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    // So that nothing is found by asking.
    const one = follow([nacos], { pollMs: 3_600_000 });
    const { registry, subscription } = one;
    await one.has(1);
    assert.equal(registry.status().state, 'connected');
    assert.equal(registry.status().problem, undefined);
    assert.equal(registry.status().subscriptions, 1);
    assert.ok(Math.abs(subscription.snapshot.confirmedAtMs! - Date.now()) < 10_000);
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    await one.has(1, 2);
    nacos.setHosts(SERVICE, [fakeHost(2, { healthy: false }), fakeHost(1)]);
    await one.has(1);
    await until(() => nacos.acknowledged.length >= 2, 'what was told is answered');
    assert.match(nacos.acknowledged[0]!, /^NotifySubscriberResponse \d+$/);
    assert.equal(one.lists[0]![0]!.weight, 100);
    assert.equal(new Set(nacos.seen.filter((type) => type === 'ConnectionSetupRequest')).size, 1);
  });

  it('begins a session with a server that acknowledges nothing', async () => {
    const nacos = await fake({ acknowledges: false });
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    await follow([nacos], { connectTimeoutMs: 2_000 }).has(1);
    assert.ok(nacos.seen.includes('SubscribeServiceRequest'));
  });

  it('follows the applications that serve an interface, and asks an instance for what they serve', async () => {
    const nacos = await fake();
    const one = follow([nacos], { pollMs: 3_600_000 });
    await until(() => one.lists.length === 1, 'the first list');
    const instance = { 'dubbo.metadata.revision': 'r1', 'dubbo.endpoints': '[{"port":7,"protocol":"dubbo"}]' };
    nacos.setHosts('demo', [fakeHost(7, { weight: 0.5, metadata: instance })]);
    nacos.setEntry('mapping', 'demo.DemoService', 'demo');
    await one.has(7);
    assert.deepEqual(one.asked, ['10.0.0.1:7 demo r1']);
    assert.equal(one.subscription.snapshot.instances[0]!.application, 'demo');
    assert.equal(one.subscription.snapshot.instances[0]!.weight, 50);
  });

  it('keeps an instance that has another revision until it is known what that serves', async () => {
    const nacos = await fake();
    const instance = (revision: string) => fakeHost(7, { metadata: { 'dubbo.metadata.revision': revision } });
    nacos.setEntry('mapping', 'demo.DemoService', 'demo');
    nacos.setHosts('demo', [instance('r1')]);
    let answer = (): void => {};
    const one = follow([nacos], {
      fetchMetadata: (_, application, revision) => {
        if (revision === 'r1') return Promise.resolve(metadata(application, revision));
        return new Promise((resolve) => {
          answer = () => resolve({ application, revision, services: [] });
        });
      },
    });
    await one.has(7);
    nacos.setHosts('demo', [instance('r2')]);
    await until(() => nacos.acknowledged.length > 0, 'the new revision is told');
    assert.deepEqual(one.ports, [7]);
    await until(() => {
      answer();
      return one.ports.length === 0;
    }, 'the new revision serves nothing');
    assert.deepEqual(
      one.lists.map((instances) => instances.length),
      [1, 0],
    );
  });

  it('reads from the registry what an application serves where it says so', async () => {
    const nacos = await fake();
    const stored = { 'dubbo.metadata.revision': 'r2', 'dubbo.metadata.storage-type': 'remote' };
    nacos.setEntry('mapping', 'demo.DemoService', 'other, demo');
    nacos.setHosts('demo', [fakeHost(8, { metadata: stored })]);
    const one = follow([nacos]);
    await until(() => one.told('node-skipped') !== undefined, 'a warning that the metadata is missing');
    const services = { key: { name: 'demo.DemoService', protocol: 'dubbo', params: {} } };
    nacos.setEntry('r2', 'demo', JSON.stringify({ app: 'demo', revision: 'r2', services }));
    await one.has(8);
    assert.deepEqual(one.asked, []);
  });

  it('serves by HTTP alone where there is no gRPC, and says so', async () => {
    const nacos = await fake({ hasVersion3: false }, false);
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos]);
    await one.has(1);
    assert.equal(one.registry.status().state, 'connected');
    assert.match(one.registry.status().problem!, /^changes are found by asking only, .*: ECONNREFUSED$/);
    nacos.setHosts(SERVICE, [fakeHost(2)]);
    await one.has(2);
    assert.ok(nacos.seen.includes('/nacos/v1/cs/configs'));
  });

  it('does not try gRPC where HTTP is configured', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos], { protocol: 'http' });
    await one.has(1);
    assert.equal(one.registry.status().problem, undefined);
    assert.ok(!nacos.seen.includes('ServerCheckRequest'));
  });

  it('notices a server that tells no changes, and has the right list all the same', async () => {
    const nacos = await fake({ pushes: false });
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos]);
    await one.has(1);
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    await one.has(1, 2);
    await until(() => one.told('push-missing') !== undefined, 'the warning');
    assert.match(one.registry.status().problem!, /does not tell changes/);
    nacos.behaviour.pushes = true;
    nacos.setHosts(SERVICE, [fakeHost(3)]);
    await one.has(3);
    await until(() => one.registry.status().problem === undefined, 'the end of the problem');
  });

  it('connects anew when it is asked to, when the stream ends and when the server forgot it', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos]);
    await one.has(1);
    const sessions = () => nacos.seen.filter((type) => type === 'ConnectionSetupRequest').length;
    nacos.tell('ConnectResetRequest', {});
    await until(() => sessions() >= 2 && nacos.streamCount === 1, 'the second session');
    assert.ok(nacos.acknowledged.some((type) => type.startsWith('ConnectResetResponse')));
    const before = sessions();
    nacos.endStreams();
    await until(() => sessions() > before && nacos.streamCount === 1, 'the third session');
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    await one.has(1, 2);
    assert.ok(one.lists.every((instances) => instances.length > 0));
  });

  it('goes to another server when one is gone or frozen, with the lists it has', async () => {
    const [first, second] = [await fake(), await fake()];
    for (const nacos of [first, second]) nacos.setHosts(SERVICE, [fakeHost(1)]);
    // The frozen one is waited for that long.
    const one = follow([first, second], { connectTimeoutMs: 500, aliveMs: 300 });
    await one.has(1);
    assert.equal(first.streamCount, 1);
    await first.stop();
    await until(() => second.streamCount === 1, 'a session with the other server');
    second.behaviour.isFrozen = true;
    await first.restart();
    await until(() => first.streamCount === 1, 'a session with the first server');
    await until(() => one.registry.status().state === 'connected', 'the registry answers');
    first.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    await one.has(1, 2);
    assert.ok(one.lists.every((instances) => instances.length > 0));
  });

  it('keeps its lists while no server answers, says since when, and is in step after', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos]);
    await one.has(1);
    await nacos.stop();
    await until(() => one.registry.status().state === 'away', 'it is noticed');
    assert.match(one.registry.status().problem!, /^the registry cannot be reached: /);
    const { confirmedAtMs, instances } = one.subscription.snapshot;
    assert.deepEqual(instances.length, 1);
    assert.ok(confirmedAtMs !== undefined);
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    await nacos.restart();
    await one.has(1, 2);
    await until(() => one.registry.status().problem === undefined, 'the end of the problem');
    assert.ok(one.subscription.snapshot.confirmedAtMs! >= confirmedAtMs);
    assert.equal(one.events.filter(({ type }) => type === 'lost').length, 1);
  });

  it('logs in, and renews the token before its end', async () => {
    const nacos = await fake({ user: { ...USER, ttlS: 5 } });
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos], { credentials: { user: USER.name, password: USER.password } });
    await one.has(1);
    const logins = () => nacos.seen.filter((path) => path === '/nacos/v3/auth/user/login').length;
    await until(() => logins() >= 2, 'the renewal');
    assert.equal(one.registry.status().problem, undefined);
    assert.equal(one.told('refused'), undefined);
    nacos.setHosts(SERVICE, [fakeHost(2)]);
    await one.has(2);
  });

  it('logs in by version 1 where there is no other, and needs no token where there is no log-in', async () => {
    const old = await fake({ user: USER, hasVersion3: false });
    const open = await fake();
    for (const nacos of [old, open]) nacos.setHosts(SERVICE, [fakeHost(1)]);
    const credentials = { user: USER.name, password: USER.password };
    await follow([old], { credentials }).has(1);
    assert.ok(old.seen.includes('/nacos/v1/auth/login'));
    await follow([open], { credentials }).has(1);
  });

  it('says that a password is wrong, without it, and tells no list', async () => {
    const nacos = await fake({ user: USER });
    const one = follow([nacos], { credentials: { user: USER.name, password: 'not it' } });
    await until(() => one.told('refused') !== undefined, 'the event');
    const { state, problem } = one.registry.status();
    assert.equal(state, 'connecting');
    assert.equal(problem, 'the registry refuses user and password');
    assert.ok(!JSON.stringify(one.events).includes('not it'));
    assert.deepEqual(one.lists, []);
    assert.ok(!nacos.seen.includes('SubscribeServiceRequest'));
  });

  it('says that a user is asked for, and tells no list', async () => {
    const nacos = await fake({ user: USER });
    const one = follow([nacos]);
    await until(() => one.told('refused') !== undefined, 'the event');
    await until(() => one.registry.status().problem !== undefined, 'the problem');
    assert.match(one.registry.status().problem!, /may not be read: the registry asks for a user$/);
    assert.deepEqual(one.lists, []);
  });

  it('says that a namespace does not exist', async () => {
    const nacos = await fake();
    const one = follow([nacos], { namespace: 'prodution' });
    await until(() => one.told('namespace-unknown') !== undefined, 'the event');
    assert.match(one.registry.status().problem!, /^the registry knows no namespace "prodution"/);
    const known = follow([await fake({ namespaces: ['production'] })], { namespace: 'production' });
    await until(() => known.lists.length === 1, 'a list of nobody');
    assert.equal(known.told('namespace-unknown'), undefined);
  });

  it('says that nothing can be reached at all, without addresses', async () => {
    const nacos = await fake();
    await nacos.stop();
    const one = follow([nacos]);
    await until(() => one.told('lost') !== undefined, 'the event');
    assert.equal(one.registry.status().state, 'connecting');
    assert.equal(one.registry.status().problem, 'the registry cannot be reached: ECONNREFUSED');
    assert.deepEqual(one.lists, []);
    await nacos.restart();
    await until(() => one.lists.length === 1, 'the first list');
  });

  it('names an instance that cannot be used, once, and takes the others', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2, { ip: 'a b' }), { port: 3 }]);
    const one = follow([nacos]);
    await one.has(1);
    await until(() => nacos.seen.filter((path) => path === '/nacos/v3/client/ns/instance/list').length > 3, 'polls');
    const skipped = one.events.filter(({ type }) => type === 'node-skipped').map(({ message }) => message);
    assert.equal(skipped.length, 2);
    assert.ok(skipped.some((message) => message.includes('instance "a b:2"')));
  });

  it('keeps who vanishes all at once for a while', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1), fakeHost(2)]);
    const one = follow([nacos], { emptyGraceMs: 300 });
    await one.has(1, 2);
    nacos.setHosts(SERVICE, []);
    await until(() => one.told('list-held') !== undefined, 'the event');
    assert.deepEqual(one.ports, [1, 2]);
    await one.has();
  });

  it('asks the server for nothing any more after the last subscription, and leaves nothing open', async () => {
    const nacos = await fake();
    nacos.setHosts(SERVICE, [fakeHost(1)]);
    const one = follow([nacos], { pollMs: 3_600_000 });
    await one.has(1);
    const other = one.registry.subscribe({ ...QUERY, version: '2' }, () => {});
    await until(() => nacos.seen.filter((type) => type === 'SubscribeServiceRequest').length >= 4, 'both are followed');
    const before = nacos.seen.filter((type) => type === 'SubscribeServiceRequest').length;
    other.close();
    await until(
      () => nacos.seen.filter((type) => type === 'SubscribeServiceRequest').length === before + 2,
      'the end of the other',
    );
    assert.equal(one.registry.status().subscriptions, 1);
    await one.registry.close();
    await until(() => nacos.streamCount === 0, 'the end of the session');
    assert.equal(one.registry.status().state, 'closed');
    assert.throws(() => one.registry.subscribe(QUERY, () => {}), /closed/);
  });
});
