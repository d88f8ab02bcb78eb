import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ConnectionsAnswer,
  connectionsAnswer,
  type ProvidersAnswer,
  providersAnswer,
  type RegistriesAnswer,
  type RoutesAnswer,
  routesAnswer,
  type ServicesAnswer,
  servicesAnswer,
} from '../../../../src/admin/answers/inventory-answers.ts';
import type { PlansAnswer } from '../../../../src/admin/answers/plans-answer.ts';
import { gatewaySchema } from '../../../../src/config/schema.ts';
import { createChannelCounters } from '../../../../src/rpc/channel-counters.ts';
import { mergeConnections } from '../../../../src/workers/merge/merge-connections.ts';
import { mergeGenerations } from '../../../../src/workers/merge/merge-generations.ts';
import { mergePlans } from '../../../../src/workers/merge/merge-plans.ts';
import { mergeProviders } from '../../../../src/workers/merge/merge-providers.ts';
import { mergeRegistries } from '../../../../src/workers/merge/merge-registries.ts';
import { mergeRoutes } from '../../../../src/workers/merge/merge-routes.ts';
import { mergeServices } from '../../../../src/workers/merge/merge-services.ts';
import { at } from './samples.ts';

type Service = ServicesAnswer['services'][number];
type ListedProvider = ProvidersAnswer['lists'][number]['providers'][number];
type Address = ProvidersAnswer['providers'][number];
type Registry = RegistriesAnswer['registries'][number];

describe('mergeServices()', () => {
  const service = (usable: number, ejected: number, own: Partial<Service> = {}): Service => ({
    name: 's',
    interface: 'demo.Foo',
    version: null,
    group: null,
    generic: 'true',
    timeoutMs: 1_000,
    registry: 'main',
    confirmedAt: at(5),
    providers: { total: 4, usable, disabled: 0, ejected, unusable: 4 - usable - ejected },
    methods: [],
    ...own,
  });

  it('shows each as the worker sees it that can use the fewest providers', () => {
    const merged = mergeServices([
      { services: [service(4, 0), service(1, 0, { name: 't' })] },
      { services: [service(2, 1, { confirmedAt: at(9) })] },
      { services: [service(3, 1, { confirmedAt: at(3) })] },
    ]);
    assert.deepEqual(servicesAnswer.parse(merged), merged);
    assert.deepEqual(
      merged.services.map(({ name, providers, confirmedAt }) => [
        name,
        providers.usable,
        providers.ejected,
        confirmedAt,
      ]),
      [
        ['s', 2, 1, at(3)],
        ['t', 1, 0, at(5)],
      ],
    );
  });

  it('is not confirmed where one worker was never told', () => {
    const merged = mergeServices([{ services: [service(4, 0)] }, { services: [service(4, 0, { confirmedAt: null })] }]);
    assert.equal(merged.services[0]!.confirmedAt, null);
  });
});

describe('mergeProviders()', () => {
  const listed = (address: string, own: Partial<ListedProvider> = {}): ListedProvider => ({
    address,
    version: null,
    group: null,
    application: null,
    tag: null,
    zone: null,
    weight: 100,
    share: 0.5,
    filter: null,
    ejection: null,
    inFlight: 1,
    ...own,
  });
  const list = (service: string, providers: readonly ListedProvider[]) => ({
    service,
    registry: 'main',
    confirmedAt: at(5),
    hostNames: [],
    providers,
  });
  const address = (own: Partial<Address> = {}): Address => ({
    address: 'a:1',
    services: ['s'],
    state: 'connected',
    connections: 1,
    pending: 2,
    lastFailure: null,
    counters: { ...createChannelCounters(), sent: 3 },
    ...own,
  });
  const answer = (own: Partial<ProvidersAnswer>): ProvidersAnswer => ({
    lists: [],
    nextAfter: null,
    providers: [],
    ...own,
  });
  const of = (...answers: readonly ProvidersAnswer[]) =>
    answers.map((one, index) => ({ worker: index + 1, answer: one }));

  it('shows what becomes of a provider in all workers, and in which calls are kept from it', () => {
    const ejected = { filter: 'ejected', ejection: '5 failures in a row', share: 0, inFlight: 0 } as const;
    const merged = mergeProviders(
      of(
        answer({ lists: [list('s', [listed('a:1'), listed('b:1')])] }),
        answer({ lists: [list('s', [listed('a:1', ejected), listed('b:1', { share: 1 })])] }),
      ),
    );
    assert.deepEqual(providersAnswer.parse(merged), merged);
    assert.deepEqual(merged.lists[0]!.providers, [
      listed('a:1', { share: 0.25, ejection: '5 failures in a row', keptOutBy: [2] }),
      listed('b:1', { share: 0.75, inFlight: 2 }),
    ]);
  });

  it('shows a look-up of a host name that failed in one worker', () => {
    const hostName = { name: 'providers.acme', addresses: ['10.0.0.1'], resolvedAt: at(5), problem: null };
    const failed = { ...hostName, resolvedAt: at(3), problem: 'no such name' };
    const lists = [hostName, failed, hostName].map((one) => [{ ...list('s', []), hostNames: [one] }]);
    const merged = mergeProviders(of(...lists.map((own) => answer({ lists: own }))));
    assert.deepEqual(merged.lists[0]!.hostNames, [failed]);
  });

  it('names the filter where no worker calls a provider', () => {
    const disabled = listed('a:1', { filter: 'disabled', share: 0, weight: 0 });
    const merged = mergeProviders(
      of(answer({ lists: [list('s', [disabled])] }), answer({ lists: [list('s', [disabled])] })),
    );
    assert.deepEqual(merged.lists[0]!.providers, [{ ...disabled, inFlight: 2 }]);
  });

  it('keeps providers apart that differ in version or group, or stand twice', () => {
    const lists = [
      list('s', [listed('a:1', { version: '1' }), listed('a:1', { version: '2' }), listed('a:1', { version: '2' })]),
    ];
    const merged = mergeProviders(of(answer({ lists }), answer({ lists })));
    assert.deepEqual(
      merged.lists[0]!.providers.map(({ version, inFlight }) => [version, inFlight]),
      [
        ['1', 2],
        ['2', 2],
        ['2', 2],
      ],
    );
  });

  it('ends a page where that of any worker ends', () => {
    const page = (nextAfter: string | null, ...services: readonly string[]) =>
      answer({ lists: services.map((service) => list(service, [])), nextAfter });
    const cut = mergeProviders(of(page('c', 'a', 'b', 'c'), page('b', 'a', 'b')));
    assert.deepEqual([cut.lists.map(({ service }) => service), cut.nextAfter], [['a', 'b'], 'b']);
    const whole = mergeProviders(of(page(null, 'a', 'b'), page(null, 'a', 'b')));
    assert.deepEqual([whole.lists.length, whole.nextAfter], [2, null]);
  });

  it('adds up connections and counters of an address, and shows the state that most needs to be seen', () => {
    const failure = (seconds: number) => ({ message: `after ${seconds} s`, at: at(seconds) });
    const merged = mergeProviders(
      of(
        answer({ providers: [address({ lastFailure: failure(3) }), address({ services: [], state: 'draining' })] }),
        answer({ providers: [address({ state: 'failing', connections: 0, lastFailure: failure(7) })] }),
        answer({ providers: [address({ state: 'idle', connections: 0, pending: 0 })] }),
      ),
    );
    assert.deepEqual(providersAnswer.parse(merged), merged);
    const [used, released] = merged.providers;
    assert.deepEqual(
      [used!.state, used!.connections, used!.pending, used!.counters.sent, used!.lastFailure],
      ['failing', 1, 4, 9, failure(7)],
    );
    assert.deepEqual([released!.services, released!.state], [[], 'draining']);
  });
});

describe('mergeRegistries()', () => {
  const registry = (own: Partial<Registry> = {}): Registry => ({
    name: 'main',
    type: 'zookeeper',
    state: 'connected',
    since: at(1),
    subscriptions: 5,
    waiting: 0,
    confirmedAt: at(8),
    problem: null,
    ...own,
  });

  it('shows the session that fares worst', () => {
    const away = registry({ state: 'away', since: at(4), confirmedAt: at(3), problem: 'session expired', waiting: 2 });
    const { registries } = mergeRegistries([
      { registries: [registry(), registry({ name: 'other', state: 'unused' })] },
      { registries: [away] },
      { registries: [registry({ state: 'connecting', subscriptions: 6 })] },
    ]);
    assert.deepEqual(registries, [{ ...away, subscriptions: 6 }, registry({ name: 'other', state: 'unused' })]);
  });

  it('keeps two with one name apart', () => {
    const both = { registries: [registry(), registry({ state: 'closed' })] };
    assert.deepEqual(mergeRegistries([both, both]), both);
  });
});

describe('mergeConnections()', () => {
  it('names the worker of each', () => {
    const answer: ConnectionsAnswer = {
      connections: [{ provider: 'a:1', state: 'open', since: at(1), pending: 0 }],
    };
    const merged = mergeConnections([
      { worker: 1, answer },
      { worker: 3, answer },
    ]);
    assert.deepEqual(connectionsAnswer.parse(merged), merged);
    assert.deepEqual(
      merged.connections.map(({ worker }) => worker),
      [1, 3],
    );
  });
});

describe('mergeRoutes()', () => {
  const match = { method: 'GET', path: '/a', host: null, headers: { 'x-key': 'secret' }, query: {}, cookie: {} };
  const route = (id: string, pool: 'normal' | 'slow' | null): RoutesAnswer['routes'][number] => ({
    id,
    match,
    service: 's',
    method: `demo.Foo#${id}()`,
    pool,
    timeoutMs: 1_000,
    arguments: [],
    split: null,
    mirror: null,
  });
  const masked = gatewaySchema.parse({
    services: { s: { interface: 'demo.Foo', providers: ['dubbo://127.0.0.1:1'], methods: { a: {} } } },
    routes: ['a', 'b'].map((id) => ({
      id,
      match: { path: `/${id}`, headers: { 'x-key': '***' } },
      call: { service: 's', method: 'a' },
    })),
  });

  it('masks what nobody may see, and knows the quarantines of all workers', () => {
    const routes = [route('a', 'normal'), route('b', 'normal'), route('newer', 'normal')];
    const merged = mergeRoutes({ routes }, new Set(['demo.Foo#b()']), masked);
    assert.deepEqual(routesAnswer.parse(merged), merged);
    assert.deepEqual(
      merged.routes.map(({ id, pool, match: shown }) => [id, pool, shown.headers]),
      [
        ['a', 'normal', { 'x-key': '***' }],
        ['b', 'slow', { 'x-key': '***' }],
      ],
    );
  });

  it('has no pool where bulkheads are off', () => {
    const merged = mergeRoutes({ routes: [route('b', null)] }, new Set(['demo.Foo#b()']), masked);
    assert.equal(merged.routes[0]!.pool, null);
  });
});

describe('mergePlans()', () => {
  it('adds everything up', () => {
    const plans: PlansAnswer = {
      classes: { entries: 1, maxEntries: 2, bytes: 3, maxBytes: 4, hits: 5, misses: 6, evictions: 7 },
      shapes: { learnt: 1, bytes: 2, maxBytes: 3, refused: 4, forgotten: 5 },
    };
    assert.deepEqual(mergePlans([plans, plans, plans]), {
      classes: { entries: 3, maxEntries: 6, bytes: 9, maxBytes: 12, hits: 15, misses: 18, evictions: 21 },
      shapes: { learnt: 3, bytes: 6, maxBytes: 9, refused: 12, forgotten: 15 },
    });
  });
});

describe('mergeGenerations()', () => {
  it('counts the requests that workers still serve by each', () => {
    const generation = (number: number) => ({
      number,
      source: 'file' as const,
      since: at(number),
      routes: 1,
      services: 1,
      state: 'gone' as const,
      inFlight: 0,
    });
    const merged = mergeGenerations(
      [generation(3), generation(2), generation(1)],
      [
        [
          { number: 3, inFlight: 2 },
          { number: 2, inFlight: 1 },
        ],
        [
          { number: 3, inFlight: 4 },
          { number: 4, inFlight: 1 },
        ],
      ],
    );
    assert.deepEqual(
      merged.map(({ number, state, inFlight }) => [number, state, inFlight]),
      [
        [3, 'serving', 6],
        [2, 'draining', 1],
        [1, 'gone', 0],
      ],
    );
  });
});
