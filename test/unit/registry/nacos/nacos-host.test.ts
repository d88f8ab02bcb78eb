import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hostsFingerprint, nacosProviderRecord, readNacosHosts } from '../../../../src/registry/nacos/nacos-host.ts';
import { fakeHost } from '../../../support/fake-nacos.ts';

const QUERY = { interfaceName: 'demo.DemoService', version: '1.0.0', group: 'g1' };

function hosts(...entries: unknown[]) {
  const problems: string[] = [];
  return { hosts: readNacosHosts(entries, (problem) => problems.push(problem)), problems };
}

function record(entry: Record<string, unknown>) {
  const problems: string[] = [];
  const report = (problem: string) => problems.push(problem);
  const [host] = readNacosHosts([fakeHost(20_880, entry)], report)!;
  return { record: nacosProviderRecord(host!, QUERY, report), problems };
}

describe('readNacosHosts', () => {
  it('leaves out in silence who is not healthy or not enabled', () => {
    const read = hosts(fakeHost(1), fakeHost(2, { healthy: false }), fakeHost(3, { enabled: false }));
    assert.deepEqual(
      read.hosts?.map(({ port }) => port),
      [1],
    );
    assert.deepEqual(read.problems, []);
  });

  it('leaves out what it cannot read, and says so', () => {
    const read = hosts(null, 7, {}, { ip: '10.0.0.1' }, { port: 1 }, { ip: '10.0.0.1', port: 'x' }, fakeHost(1));
    assert.equal(read.hosts?.length, 1);
    assert.equal(read.problems.length, 6);
    assert.match(read.problems[0]!, /has no address/);
    assert.match(read.problems[3]!, /has no port/);
  });

  it('is undefined for what is no list', () => {
    for (const value of [undefined, null, 'x', {}, { length: 1 }]) {
      assert.equal(
        readNacosHosts(value, () => {}),
        undefined,
      );
    }
  });

  it('stops at 20,000 instances', () => {
    const read = hosts(...Array.from({ length: 20_001 }, (_, i) => fakeHost(i)));
    assert.equal(read.hosts?.length, 20_000);
    assert.match(read.problems[0]!, /more than 20000/);
  });
});

describe('hostsFingerprint', () => {
  const fingerprint = (...entries: unknown[]) => hostsFingerprint(hosts(...entries).hosts!);

  it('is equal whatever the order of instances and of their metadata', () => {
    const a = fingerprint(fakeHost(1, { metadata: { x: '1', y: '2' } }), fakeHost(2));
    assert.equal(fingerprint(fakeHost(2), fakeHost(1, { metadata: { y: '2', x: '1' } })), a);
  });

  it('differs where anything differs that matters', () => {
    const plain = fingerprint(fakeHost(1));
    const others = [
      fakeHost(2),
      fakeHost(1, { ip: '10.0.0.2' }),
      fakeHost(1, { weight: 2 }),
      fakeHost(1, { clusterName: 'west' }),
      fakeHost(1, { metadata: {} }),
    ];
    for (const other of others) assert.notEqual(fingerprint(other), plain);
    assert.notEqual(fingerprint(fakeHost(1), fakeHost(1)), plain);
  });
});

describe('nacosProviderRecord', () => {
  it('has version and group of the service, the rest from the metadata', () => {
    const metadata = { protocol: 'dubbo', application: 'demo', timestamp: '1795382064946', 'dubbo.tag': 'gray' };
    const { record: read, problems } = record({ metadata });
    assert.equal(read?.address.key, '10.0.0.1:20880');
    assert.equal(read?.version, '1.0.0');
    assert.equal(read?.group, 'g1');
    assert.equal(read?.application, 'demo');
    assert.equal(read?.settings.startedAtMs, 1_795_382_064_946);
    assert.equal(read?.settings.tag, 'gray');
    assert.equal(read?.settings.weight, undefined);
    assert.deepEqual(problems, []);
  });

  it('takes host names and IPv6 addresses', () => {
    assert.equal(record({ ip: 'vm' }).record?.address.key, 'vm:20880');
    assert.equal(record({ ip: 'fe80::1' }).record?.address.key, '[fe80::1]:20880');
  });

  it('multiplies the factor of Nacos with the weight of Dubbo', () => {
    const weightOf = (weight: unknown, own?: string) =>
      record({ weight, metadata: own === undefined ? {} : { weight: own } }).record?.settings.weight;
    assert.equal(weightOf(2), 200);
    assert.equal(weightOf(0.5, '50'), 25);
    assert.equal(weightOf(1, '30'), 30);
    assert.equal(weightOf(0), 0);
    assert.equal(weightOf(0.0001), 1);
    assert.equal(weightOf(-3), 0);
    assert.equal(weightOf('nonsense'), undefined);
    assert.equal(weightOf(1e300), 1_000_000);
  });

  it('takes a cluster for a zone where none is named', () => {
    assert.equal(record({ clusterName: 'west' }).record?.settings.zone, 'west');
    assert.equal(record({ clusterName: 'west', metadata: { zone: 'east' } }).record?.settings.zone, 'east');
    assert.equal(record({}).record?.settings.zone, undefined);
  });

  it('leaves out consumers and other protocols in silence, and reports what has no address', () => {
    assert.deepEqual(record({ metadata: { protocol: 'tri' } }), { record: undefined, problems: [] });
    assert.deepEqual(record({ metadata: { category: 'consumers' } }), { record: undefined, problems: [] });
    const { record: none, problems } = record({ ip: 'a b' });
    assert.equal(none, undefined);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^instance "a b:20880": /);
  });

  it('leaves out settings that are nonsense, and names the instance', () => {
    const { record: read, problems } = record({ metadata: { weight: 'heavy' } });
    assert.equal(read?.settings.weight, undefined);
    assert.match(problems[0]!, /^instance "10\.0\.0\.1:20880": weight "heavy"/);
  });
});
