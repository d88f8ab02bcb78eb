import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplicationMetadata } from '../../../../src/registry/application-metadata.ts';
import { InterfaceUnderWatch } from './interface-under-watch.ts';

const GRACE_MS = 10_000;
const PROVIDERS = '/dubbo/demo.DemoService/providers';
const CONFIGURATORS = '/dubbo/demo.DemoService/configurators';
const MAPPING = '/dubbo/mapping/demo.DemoService';

function url(port: number, query = ''): string {
  return encodeURIComponent(`dubbo://h:${port}/demo.DemoService?${query}`);
}

function instance(port: number, revision: string, storage = 'local'): string {
  const metadata = {
    'dubbo.endpoints': `[{"port":${port},"protocol":"dubbo"}]`,
    'dubbo.metadata.revision': revision,
    'dubbo.metadata.storage-type': storage,
  };
  return JSON.stringify({ address: 'h', port, payload: { metadata } });
}

function metadata(revision: string, ...versions: string[]): ApplicationMetadata {
  const services = versions.map((version) => ({
    ...{ interfaceName: 'demo.DemoService', version, group: '', protocol: 'dubbo', port: 0, parameters: {} },
  }));
  return { application: 'demo', revision, services };
}

function watched(): InterfaceUnderWatch {
  return new InterfaceUnderWatch('demo.DemoService', GRACE_MS);
}

describe('InterfaceWatch', () => {
  it('tells an empty list first where nobody registered', () => {
    const world = watched();
    world.open();
    assert.deepEqual(world.lists, [[]]);
  });

  it('follows providers that come and go', () => {
    const world = watched();
    world.open();
    world.put(`${PROVIDERS}/${url(1)}`);
    world.put(`${PROVIDERS}/${url(2, 'weight=5')}`);
    world.remove(`${PROVIDERS}/${url(1)}`);
    assert.deepEqual(world.lists, [[], ['h:1'], ['h:1', 'h:2'], ['h:2']]);
    assert.equal(world.instances[0]!.weight, 5);
  });

  it('keeps the objects of providers that did not change', () => {
    const world = watched();
    world.put(`${PROVIDERS}/${url(1)}`);
    world.open();
    const [one] = world.instances;
    world.put(`${PROVIDERS}/${url(2)}`);
    assert.equal(world.instances[0], one);
  });

  it('merges rules, and takes them back with their nodes', () => {
    const world = watched();
    world.put(`${PROVIDERS}/${url(1)}`);
    world.open();
    const rule = encodeURIComponent('override://0.0.0.0/demo.DemoService?weight=30');
    world.put(`${CONFIGURATORS}/${rule}`);
    assert.equal(world.instances[0]!.weight, 30);
    world.remove(`${CONFIGURATORS}/${rule}`);
    assert.equal(world.instances[0]!.weight, 100);
  });

  it('skips garbage with a warning that names it', () => {
    const world = watched();
    world.put(`${PROVIDERS}/${url(1)}`);
    world.put(`${PROVIDERS}/rubbish`);
    world.put(`${CONFIGURATORS}/${encodeURIComponent('script://0.0.0.0/x?rule=evil')}`);
    world.open();
    assert.deepEqual(world.lists, [['h:1']]);
    assert.deepEqual(world.warnings, [
      'demo.DemoService: provider: "rubbish" is no URL of a provider',
      'demo.DemoService: rule: "script://0.0.0.0/x": it is no override and is left out',
    ]);
  });

  it('keeps an emptied list for the grace time', () => {
    const world = watched();
    world.put(`${PROVIDERS}/${url(1)}`);
    world.open();
    world.remove(`${PROVIDERS}/${url(1)}`);
    assert.deepEqual(world.lists, [['h:1']]);
    assert.equal(world.warnings.length, 1);
    world.wait(GRACE_MS);
    assert.deepEqual(world.lists, [['h:1'], []]);
  });

  it('tells only what differs after the registry was away', () => {
    const world = watched();
    for (const port of [1, 2, 3]) world.put(`${PROVIDERS}/${url(port)}`);
    world.open();
    world.lose();
    assert.equal(world.watch.isInStep, false);
    world.put(`${PROVIDERS}/${url(4)}`);
    world.remove(`${PROVIDERS}/${url(1)}`);
    assert.deepEqual(world.lists, [['h:1', 'h:2', 'h:3']]);
    world.open();
    assert.deepEqual(world.lists, [
      ['h:1', 'h:2', 'h:3'],
      ['h:2', 'h:3', 'h:4'],
    ]);
    world.lose();
    world.open();
    assert.equal(world.lists.length, 2);
    assert.equal(world.watch.isInStep, true);
  });

  it('learns from an instance what it serves, and waits with the first list for it', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', instance(1, 'r1'));
    world.open();
    assert.deepEqual(world.lists, []);
    assert.deepEqual(world.asked, ['h:1 demo r1']);
    await world.answer(metadata('r1', '1.0.0'));
    assert.deepEqual(world.lists, [['h:1']]);
    assert.equal(world.instances[0]!.version, '1.0.0');
    assert.equal(world.instances[0]!.application, 'demo');
  });

  it('asks once for each revision', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    for (const port of [1, 2, 3]) world.put(`/services/demo/h:${port}`, instance(port, 'r1'));
    world.open();
    await world.answer(metadata('r1', ''));
    world.put('/services/demo/h:4', instance(4, 'r1'));
    assert.equal(world.asked.length, 1);
    assert.deepEqual(world.lists.at(-1), ['h:1', 'h:2', 'h:3', 'h:4']);
  });

  it('asks another instance when one does not answer, and tells an empty list meanwhile', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    for (const port of [1, 2]) world.put(`/services/demo/h:${port}`, instance(port, 'r1'));
    world.open();
    await world.refuse();
    assert.deepEqual(world.lists, [[]]);
    assert.deepEqual(world.asked, ['h:1 demo r1', 'h:2 demo r1']);
    await world.answer(metadata('r1', ''));
    assert.deepEqual(world.lists, [[], ['h:1', 'h:2']]);
  });

  it('goes by the former revision until the next one is known', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', instance(1, 'r1'));
    world.open();
    await world.answer(metadata('r1', ''));
    world.put('/services/demo/h:1', instance(1, 'r2'));
    assert.deepEqual(world.lists, [['h:1']]);
    await world.answer(metadata('r2', '', '2.0.0'));
    assert.deepEqual(world.lists, [['h:1'], ['h:1', 'h:1']]);
  });

  it('reads metadata that stands in the registry, also when it comes late', () => {
    const world = watched();
    world.put(MAPPING, 'demo,other');
    world.put('/services/demo/h:1', instance(1, 'r1', 'remote'));
    world.open();
    assert.deepEqual(world.lists, [[]]);
    assert.deepEqual(world.warnings, ['the metadata of application "demo" is missing']);
    const services = { 'demo.DemoService:dubbo': { name: 'demo.DemoService', protocol: 'dubbo', port: 7 } };
    world.put('/dubbo/metadata/demo/r1', JSON.stringify({ app: 'demo', revision: 'r1', services }));
    assert.deepEqual(world.lists, [[], ['h:7']]);
    assert.deepEqual(world.asked, []);
  });

  it('counts a provider once that registered at both levels', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', instance(1, 'r1'));
    world.put(`${PROVIDERS}/${url(1, 'weight=7')}`);
    world.open();
    assert.deepEqual(world.lists, [['h:1']]);
    await world.answer(metadata('r1', ''));
    assert.deepEqual(world.lists, [['h:1']]);
    assert.equal(world.instances[0]!.weight, 7);
  });

  it('keeps to its applications when the registry has lost which they are', async () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', instance(1, 'r1'));
    world.open();
    await world.answer(metadata('r1', ''));
    world.remove(MAPPING);
    assert.deepEqual(world.lists, [['h:1']]);
    world.put(MAPPING, 'other');
    world.wait(GRACE_MS);
    assert.deepEqual(world.lists, [['h:1'], []]);
  });

  it('skips instances that cannot be read, with a warning that names them', () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', 'rubbish');
    world.open();
    assert.deepEqual(world.lists, [[]]);
    assert.deepEqual(world.warnings, ['instance "h:1" of application "demo": its data is no JSON object']);
  });

  it('leaves nothing behind when it is closed', () => {
    const world = watched();
    world.put(MAPPING, 'demo');
    world.put('/services/demo/h:1', instance(1, 'r1', 'remote'));
    world.open();
    assert.ok(world.mirror.size > 4);
    world.watch.close();
    assert.equal(world.mirror.size, 0);
  });

  it('takes 10,000 providers, and one more for little', () => {
    const world = watched();
    for (let port = 1; port <= 10_000; port++) world.put(`${PROVIDERS}/${url(port)}`);
    world.open();
    assert.equal(world.instances.length, 10_000);
    const [first] = world.instances;
    world.put(`${PROVIDERS}/${url(10_001)}`);
    assert.equal(world.instances.length, 10_001);
    assert.equal(
      world.instances.find(({ address }) => address.port === first!.address.port),
      first,
    );
  });
});
