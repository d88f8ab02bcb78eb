import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servicesAnswer } from '../../../src/admin/answers/inventory-answers.ts';
import { providerList, registriesAnswer } from '../../../src/admin/answers/provider-lists-answer.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { serviceInventory } from '../../../src/gateway/gateway-inventory.ts';
import { providerLists } from '../../../src/gateway/provider-lists.ts';
import { registryInventory } from '../../../src/gateway/registry-inventory.ts';
import { RegistryReadiness } from '../../../src/gateway/registry-readiness.ts';
import { instanceAt, type RegistryScene, registryScene } from './fake-registry.ts';

const CONFIG: GatewayConfigInput = {
  defaults: { zone: 'east' },
  registries: {
    main: { type: 'zookeeper', servers: ['127.0.0.1:2181'] },
    other: { type: 'zookeeper', servers: ['127.0.0.1:2182'] },
    idle: { type: 'zookeeper', servers: ['127.0.0.1:2183'] },
  },
  services: {
    a: { interface: 'demo.A', version: '1.0.0', registry: 'main', methods: { m: {} } },
    b: { interface: 'demo.B', registry: 'main', methods: { m: {} } },
    c: { interface: 'demo.C', registry: 'other', methods: { m: {} } },
    fixed: { interface: 'demo.D', providers: ['dubbo://127.0.0.1:1'], methods: { m: {} } },
  },
};

const ALL = { limit: 1_000 };

/** A scene in which `main` has told of `a`: one provider for each filter, and one that takes calls. */
function told(): RegistryScene {
  const scene = registryScene(CONFIG);
  const east = { version: '1.0.0', zone: 'east' };
  scene.fakes
    .get('main')!
    .tell(
      'demo.A',
      [
        instanceAt('right', { ...east, application: 'shop', weight: 50 }),
        instanceAt('old', { ...east, version: '0.9.0' }),
        instanceAt('core', { ...east, group: 'core' }),
        instanceAt('gray', { ...east, tag: 'gray' }),
        instanceAt('west', { ...east, zone: 'west' }),
        instanceAt('off', { ...east, isDisabled: true }),
        instanceAt('nothing', { ...east, weight: 0 }),
      ],
      Date.UTC(2026, 0, 31),
    );
  return scene;
}

describe('providerLists()', () => {
  it('shows each provider of a service with what keeps calls from it', () => {
    const { lists, nextAfter } = providerLists(told().generation, { ...ALL, service: 'a' });
    const [list] = lists.map((one) => providerList.parse(one));
    assert.deepEqual([lists.length, nextAfter], [1, null]);
    assert.deepEqual([list?.service, list?.registry, list?.confirmedAt], ['a', 'main', '2026-01-31T00:00:00.000Z']);
    assert.deepEqual(
      list?.providers.map(({ address, filter, weight, share }) => [address, filter, weight, share]),
      [
        ['right:20880', null, 50, 1],
        ['gray:20880', 'tag', 100, 0],
        ['west:20880', 'zone', 100, 0],
        ['off:20880', 'disabled', 0, 0],
        ['nothing:20880', 'disabled', 0, 0],
        ['old:20880', 'version', 0, 0],
        ['core:20880', 'group', 0, 0],
      ],
    );
    const { address: _, ...right } = list.providers[0]!;
    assert.deepEqual(right, {
      version: '1.0.0',
      group: null,
      application: 'shop',
      tag: null,
      zone: 'east',
      weight: 50,
      share: 1,
      filter: null,
      ejection: null,
      inFlight: 0,
    });
  });

  it('gives whole services a page, and says where the next one begins', () => {
    const { generation } = told();
    const names = (query: { limit: number; after?: string }) => {
      const { lists, nextAfter } = providerLists(generation, query);
      return [lists.map(({ service }) => service), nextAfter];
    };
    assert.deepEqual(names(ALL), [['a', 'b', 'c', 'fixed'], null]);
    assert.deepEqual(names({ limit: 1 }), [['a'], 'a']);
    assert.deepEqual(names({ limit: 1, after: 'a' }), [['b', 'c', 'fixed'], null]);
    assert.deepEqual(names({ limit: 1, after: 'fixed' }), [[], null]);
  });

  it('names the nearest service where there is none of the name', () => {
    const { generation } = registryScene({ ...CONFIG });
    for (const query of [
      { ...ALL, service: 'fixd' },
      { ...ALL, after: 'fixd' },
    ]) {
      assert.throws(
        () => providerLists(generation, query),
        (error) => error instanceof GatewayError && error.code === 'REQUEST_INVALID' && /"fixed"/.test(error.detail),
      );
    }
  });
});

describe('serviceInventory()', () => {
  it('counts providers by state, and says where they are learnt', () => {
    const { services } = servicesAnswer.parse(serviceInventory(told().generation));
    assert.deepEqual(
      services.map(({ name, registry, confirmedAt }) => [name, registry, confirmedAt]),
      [
        ['a', 'main', '2026-01-31T00:00:00.000Z'],
        ['b', 'main', null],
        ['c', 'other', null],
        ['fixed', null, null],
      ],
    );
    assert.deepEqual(services[0]!.providers, { total: 5, usable: 3, disabled: 2, ejected: 0, unusable: 0 });
  });
});

describe('registryInventory()', () => {
  it('shows which registry answers, what is wrong, and how old what it said is', () => {
    const scene = told();
    const other = scene.fakes.get('other')!;
    other.problem = 'the registry cannot be reached: connection refused';
    const { registries } = registriesAnswer.parse(registryInventory(scene.generation, scene.registries));
    assert.deepEqual(registries, [
      {
        name: 'main',
        type: 'zookeeper',
        state: 'connected',
        since: '1970-01-01T00:00:01.000Z',
        subscriptions: 2,
        waiting: 1,
        confirmedAt: '2026-01-31T00:00:00.000Z',
        problem: null,
      },
      {
        name: 'other',
        type: 'zookeeper',
        state: 'connecting',
        since: '1970-01-01T00:00:01.000Z',
        subscriptions: 1,
        waiting: 1,
        confirmedAt: null,
        problem: 'the registry cannot be reached: connection refused',
      },
      {
        name: 'idle',
        type: 'zookeeper',
        state: 'unused',
        since: null,
        subscriptions: 0,
        waiting: 0,
        confirmedAt: null,
        problem: null,
      },
    ]);
  });
});

describe('RegistryReadiness', () => {
  const clockOf = (scene: RegistryScene) => ({ nowMs: () => scene.nowMs, wallMs: () => scene.nowMs });

  it('waits until each registry has told a list for each service, and never again', () => {
    const scene = registryScene(CONFIG);
    const readiness = new RegistryReadiness(clockOf(scene));
    const [main, other] = [scene.fakes.get('main')!, scene.fakes.get('other')!];
    assert.deepEqual(
      [readiness.isReady(scene.generation), readiness.missing(scene.generation)],
      [false, ['main', 'other']],
    );
    main.tell('demo.A', [], 1);
    other.tell('demo.C', [], 1);
    assert.deepEqual([readiness.isReady(scene.generation), readiness.missing(scene.generation)], [false, ['main']]);
    main.tell('demo.B', [], 1);
    assert.deepEqual([readiness.isReady(scene.generation), readiness.missing(scene.generation)], [true, []]);
    const next = registryScene(CONFIG);
    assert.equal(readiness.isReady(next.generation), true, 'services of a later configuration keep nobody waiting');
    assert.deepEqual(readiness.missing(next.generation), ['main', 'other']);
  });

  it('does not wait for ever, and names who is missing all the same', () => {
    const scene = registryScene(CONFIG);
    const readiness = new RegistryReadiness(clockOf(scene), 10_000);
    scene.nowMs = 9_999;
    assert.equal(readiness.isReady(scene.generation), false);
    scene.nowMs = 10_000;
    assert.equal(readiness.isReady(scene.generation), true);
    assert.deepEqual(readiness.missing(scene.generation), ['main', 'other']);
  });

  it('waits for nothing where all providers are in the configuration', () => {
    const { fixed } = CONFIG.services!;
    const scene = registryScene({ services: { fixed: fixed! } });
    assert.equal(new RegistryReadiness(clockOf(scene)).isReady(scene.generation), true);
  });
});
