import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { providerInstance } from '../../../src/registry/provider-record.ts';
import { readProviderUrl } from '../../../src/registry/provider-url.ts';

const INTERFACE = 'demo.DemoService';
/** As Dubbo 2.6.12 wrote it. */
const OF_2_6 =
  'dubbo://vm:20886/demo.DemoService?anyhost=true&application=demo&dubbo=2.0.2&generic=false&group=g1&interface=demo.DemoService&methods=add,sayHello&pid=560&revision=1.0.0&side=provider&timestamp=1795381988548&version=1.0.0';
/** As Dubbo 3.3.6 wrote it. */
const OF_3_3 =
  'dubbo://vm:20826/demo.DemoService?application=demo&deprecated=false&dubbo=2.0.2&dynamic=true&generic=false&interface=demo.DemoService&methods=add&prefer.serialization=hessian2,fastjson2&release=3.3.6&service-name-mapping=true&side=provider&timestamp=1795381988549&weight=200&warmup=1000&dubbo.tag=gray&zone=east';

function read(url: string, problems: string[] = []) {
  return readProviderUrl(encodeURIComponent(url), INTERFACE, (problem) => problems.push(problem));
}

describe('readProviderUrl', () => {
  it('reads what Dubbo 2.6 writes', () => {
    const record = read(OF_2_6);
    assert.ok(record);
    assert.deepEqual(providerInstance(record), {
      address: { host: 'vm', port: 20886, key: 'vm:20886' },
      version: '1.0.0',
      group: 'g1',
      application: 'demo',
      token: '',
      weight: 100,
      warmupMs: 600_000,
      startedAtMs: 1_795_381_988_548,
      tag: '',
      zone: '',
      isDisabled: false,
    });
  });

  it('reads weight, warm-up, tag and zone', () => {
    const record = read(OF_3_3);
    assert.ok(record);
    const { weight, warmupMs, tag, zone, version, group } = providerInstance(record);
    assert.deepEqual([weight, warmupMs, tag, zone, version, group], [200, 1000, 'gray', 'east', '', '']);
  });

  it('reads the token, and never tells it', () => {
    const problems: string[] = [];
    const token = (text: string) => read(`dubbo://vm:1/${INTERFACE}?token=${text}`, problems)?.token;
    assert.equal(token('d5e9c1ce-0d7b-4e0f-9a1c-7d8f3e5b6a70'), 'd5e9c1ce-0d7b-4e0f-9a1c-7d8f3e5b6a70');
    assert.equal(token(''), '');
    assert.equal(token('s'.repeat(1_025)), '');
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /: token is longer than 1024 characters and is left out$/);
    assert.doesNotMatch(problems[0]!, /sss/);
  });

  it('takes host names, IPv4, IPv6 and decimal hosts', () => {
    const keys = ['10.0.0.1:1', '[::1]:20880', '2130706433:20880', 'A-b.example:20880'].map(
      (authority) => read(`dubbo://${authority}/${INTERFACE}`)?.address.key,
    );
    assert.deepEqual(keys, ['10.0.0.1:1', '[::1]:20880', '2130706433:20880', 'a-b.example:20880']);
  });

  it('leaves out other protocols in silence', () => {
    const problems: string[] = [];
    assert.equal(read(`tri://vm:50051/${INTERFACE}?version=1.0.0`, problems), undefined);
    assert.deepEqual(problems, []);
  });

  it('takes what 2.6 writes for all services of a provider', () => {
    assert.equal(read(`dubbo://vm:1/${INTERFACE}?default.weight=7`)?.settings.weight, 7);
  });

  it('knows a provider that an operator took out', () => {
    const isDisabled = ['disabled=true', 'enabled=false', 'disabled=false', 'enabled=true', ''].map(
      (query) => read(`dubbo://vm:1/${INTERFACE}?${query}`)?.settings.isDisabled,
    );
    assert.deepEqual(isDisabled, [true, true, false, false, undefined]);
  });

  it('takes the default for nonsense and names the node', () => {
    const problems: string[] = [];
    const record = read(
      `dubbo://vm:1/${INTERFACE}?weight=abc&warmup=-5&timestamp=soon&disabled=maybe&token=secret`,
      problems,
    );
    assert.ok(record);
    assert.equal(providerInstance(record).weight, 100);
    assert.equal(providerInstance(record).warmupMs, 600_000);
    assert.equal(record.settings.startedAtMs, undefined);
    assert.equal(record.settings.isDisabled, undefined);
    assert.equal(problems.length, 4);
    for (const problem of problems) {
      assert.match(problem, /^"dubbo:\/\/vm:1\/demo\.DemoService": (weight|warmup|timestamp|disabled) /);
      assert.doesNotMatch(problem, /secret/);
    }
  });

  it('counts a negative weight as none, and 0 as 0', () => {
    const problems: string[] = [];
    assert.equal(read(`dubbo://vm:1/${INTERFACE}?weight=-1`, problems)?.settings.weight, 0);
    assert.deepEqual(problems, ['"dubbo://vm:1/demo.DemoService": weight -1 is negative and counts as 0']);
    assert.equal(read(`dubbo://vm:1/${INTERFACE}?weight=0`, problems)?.settings.weight, 0);
    assert.equal(problems.length, 1);
  });

  it('skips garbage and says which node it was', () => {
    for (const name of ['garbage', '%E0%A4%A', 'dubbo%3A%2F%2F', 'dubbo%3A%2F%2Fvm', 'dubbo%3A%2F%2Fvm%3A0', '']) {
      const problems: string[] = [];
      assert.equal(
        readProviderUrl(name, INTERFACE, (problem) => problems.push(problem)),
        undefined,
        name,
      );
      assert.equal(problems.length, 1, name);
    }
    const problems: string[] = [];
    assert.equal(read('dubbo://vm:1/other.Service?interface=other.Service', problems), undefined);
    assert.deepEqual(problems, ['"dubbo://vm:1/other.Service" is a provider of another interface']);
  });

  it('shows neither user, password nor control characters of a node', () => {
    const problems: string[] = [];
    read('dubbo://me:secret@h\n:99999/x?token=secret', problems);
    assert.equal(problems.length, 1);
    assert.doesNotMatch(problems[0]!, /secret|\n/);
  });

  it('never throws and never makes an address that cannot be called', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.string(), fc.integer(), fc.string(), fc.string())
        .map(([host, port, path, query]) => `dubbo://${host}:${port}/${path}?${query}`),
    );
    fc.assert(
      fc.property(text, fc.boolean(), (name, isEncoded) => {
        const record = readProviderUrl(
          isEncoded ? encodeURIComponent(Buffer.from(name).toString()) : name,
          INTERFACE,
          () => {},
        );
        if (record === undefined) return;
        assert.ok(record.address.port >= 1 && record.address.port <= 65_535);
        assert.notEqual(record.address.host, '');
      }),
      { numRuns: 500 },
    );
  });

  it('gives back what was written', () => {
    const word = fc
      .stringMatching(/^[a-z][a-z0-9.-]{0,20}[a-z0-9]$/)
      .filter((text) => !text.includes('..') && !/\.-|-\./.test(text));
    fc.assert(
      fc.property(
        word,
        fc.integer({ min: 1, max: 65_535 }),
        fc.integer({ min: 0, max: 2_147_483_647 }),
        word,
        word,
        fc.integer({ min: 1, max: 8.64e15 }),
        (host, port, weight, version, group, timestamp) => {
          const record = read(
            `dubbo://${host}:${port}/${INTERFACE}?weight=${weight}&version=${version}&group=${group}&timestamp=${timestamp}`,
          );
          assert.ok(record);
          assert.deepEqual(
            [record.address.host, record.address.port, record.settings.weight, record.version, record.group],
            [host, port, weight, version, group],
          );
          assert.equal(record.settings.startedAtMs, timestamp);
        },
      ),
      { numRuns: 200 },
    );
  });
});
