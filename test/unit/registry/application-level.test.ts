import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readApplicationMetadata } from '../../../src/registry/application-metadata.ts';
import { mergeRecords } from '../../../src/registry/merge-records.ts';
import type { ProviderRecord } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';
import { readServiceInstance, recordsOf, serviceInstance } from '../../../src/registry/service-instance.ts';

const REVISION = 'f9168064696f26b60b76b90e59051e0e';

/** As Dubbo 3.3.6 wrote it into a ZooKeeper. */
function instanceJson(metadata: Record<string, string> = {}): string {
  return JSON.stringify({
    name: 'demo',
    id: 'vm:20843',
    address: 'vm',
    port: 20843,
    sslPort: null,
    payload: {
      '@class': 'org.apache.dubbo.registry.zookeeper.ZookeeperInstance',
      id: 'vm:20843',
      name: 'demo',
      metadata: {
        'dubbo.endpoints': '[{"port":20843,"protocol":"dubbo"}]',
        'dubbo.metadata-service.url-params':
          '{"prefer.serialization":"hessian2,fastjson2","version":"1.0.0","dubbo":"2.0.2","release":"3.3.6","side":"provider","port":"20844","protocol":"dubbo"}',
        'dubbo.metadata.revision': REVISION,
        'dubbo.metadata.storage-type': 'local',
        'meta-v': '1.0.0',
        timestamp: '1795381762625',
        ...metadata,
      },
    },
    registrationTimeUTC: 1795381762706,
    serviceType: 'DYNAMIC',
    uriSpec: null,
  });
}

const METADATA = JSON.stringify({
  app: 'demo',
  revision: REVISION,
  services: {
    'g1/demo.DemoService:1.0.0:dubbo': {
      group: 'g1',
      name: 'demo.DemoService',
      params: { methods: 'add', version: '1.0.0', group: 'g1', weight: '30', 'dubbo.tag': 'gray' },
      path: 'demo.DemoService',
      port: 20853,
      protocol: 'dubbo',
      version: '1.0.0',
    },
    'demo.DemoService:dubbo': { name: 'demo.DemoService', params: {}, path: 'demo.DemoService', protocol: 'dubbo' },
    'demo.DemoService:tri': { name: 'demo.DemoService', params: {}, port: 50051, protocol: 'tri' },
    'demo.Other:dubbo': { name: 'demo.Other', params: {}, port: 20853, protocol: 'dubbo' },
    broken: 5,
  },
});

function read(text: string, problems: string[] = []) {
  return readServiceInstance(text, 'demo', (problem) => problems.push(problem));
}

describe('readServiceInstance', () => {
  it('reads what Dubbo 3.3 writes', () => {
    const instance = read(instanceJson());
    assert.ok(instance);
    const { host, port, revision, storage, metadataAddress } = instance;
    assert.deepEqual([host, port, revision, storage], ['vm', 20843, REVISION, 'local']);
    assert.equal(metadataAddress?.key, 'vm:20844');
  });

  it('takes the port of the endpoint that speaks dubbo', () => {
    const endpoints = '[{"port":50051,"protocol":"tri"},{"port":20999,"protocol":"dubbo"}]';
    assert.equal(read(instanceJson({ 'dubbo.endpoints': endpoints }))?.port, 20999);
  });

  it('leaves out an instance that does not speak dubbo, in silence', () => {
    const problems: string[] = [];
    const json = instanceJson({ 'dubbo.endpoints': '[{"port":50051,"protocol":"tri"}]' });
    assert.equal(read(json, problems), undefined);
    assert.deepEqual(problems, []);
  });

  it('does not ask an instance that tells what it serves by another protocol', () => {
    const json = instanceJson({ 'dubbo.metadata-service.url-params': '{"port":"50051","protocol":"tri"}' });
    assert.equal(read(json)?.metadataAddress, undefined);
  });

  it('says what is wrong with garbage', () => {
    const cases = ['', '{', '[]', '{"address":"vm"}', '{"payload":{"metadata":{}}}'];
    for (const text of cases) {
      const problems: string[] = [];
      assert.equal(read(text, problems), undefined, text);
      assert.equal(problems.length, 1, text);
    }
  });

  it('takes an IPv6 address', () => {
    const metadata = { 'dubbo.metadata.revision': 'r' };
    const instance = serviceInstance('demo', 'fe80::1', 20880, metadata, () => {});
    assert.equal(instance?.metadataAddress?.key, '[fe80::1]:20880');
  });
});

describe('recordsOf', () => {
  it('gives the dubbo services of one interface, with their own port or that of the instance', () => {
    const metadata = readApplicationMetadata(METADATA);
    const instance = read(instanceJson({ zone: 'east', 'dubbo.tag': 'blue' }));
    assert.ok(metadata);
    assert.ok(instance);
    const records = recordsOf(instance, metadata, 'demo.DemoService', () => {});
    assert.deepEqual(
      records.map(({ address, version, group, settings }) => [
        ...[address.key, version, group],
        ...[settings.weight, settings.tag, settings.zone, settings.startedAtMs],
      ]),
      [
        ['vm:20853', '1.0.0', 'g1', 30, 'gray', 'east', 1_795_381_762_625],
        ['vm:20843', '', '', undefined, 'blue', 'east', 1_795_381_762_625],
      ],
    );
  });

  it('has nothing for what is no metadata', () => {
    for (const text of ['', '{}', '[]', '{"services":[]}', 'null']) {
      assert.equal(readApplicationMetadata(text), undefined, text);
    }
  });
});

describe('mergeRecords', () => {
  const record = (port: number, startedAtMs: number, application: string, version = ''): ProviderRecord => ({
    address: { host: 'h', port, key: `h:${port}` },
    version,
    group: '',
    application,
    token: '',
    settings: { ...NO_SETTINGS, startedAtMs },
  });

  it('counts a provider once that registered at both levels', () => {
    const merged = mergeRecords(
      [record(1, 5, 'interface')],
      [record(1, 9, 'application'), record(2, 9, 'application')],
    );
    assert.deepEqual(
      merged.map(({ address, application }) => [address.port, application]),
      [
        [1, 'interface'],
        [2, 'application'],
      ],
    );
  });

  it('takes the one that started last, wherever it stands', () => {
    for (const records of [
      [record(1, 5, 'dead'), record(1, 9, 'alive')],
      [record(1, 9, 'alive'), record(1, 5, 'dead')],
    ]) {
      assert.deepEqual(
        mergeRecords(records, []).map(({ application }) => application),
        ['alive'],
      );
    }
  });

  it('keeps versions apart', () => {
    assert.equal(mergeRecords([record(1, 5, 'a', '1'), record(1, 5, 'a', '2')], []).length, 2);
  });
});
