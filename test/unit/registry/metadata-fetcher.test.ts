import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplicationMetadata } from '../../../src/registry/application-metadata.ts';
import { MetadataFetcher, MetadataRequest } from '../../../src/registry/metadata-fetcher.ts';

const METADATA: ApplicationMetadata = { application: 'demo', revision: 'r', services: [] };
const ADDRESSES = [1, 2].map((port) => ({ host: 'h', port, key: `h:${port}` }));

class Fetching {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly settled: (ApplicationMetadata | undefined)[] = [];
  readonly failures: string[] = [];
  answer: () => Promise<ApplicationMetadata> = () => Promise.reject(new Error('it is down'));
  readonly fetcher = new MetadataFetcher(
    (address) => {
      this.asked.push(address.key);
      return this.answer();
    },
    () => this.nowMs,
    (message) => this.failures.push(message),
  );

  request(): MetadataRequest {
    const request = new MetadataRequest('demo', 'r', (metadata) => this.settled.push(metadata));
    request.addresses = ADDRESSES;
    return request;
  }

  async tick(): Promise<void> {
    this.fetcher.tick(this.nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('MetadataFetcher', () => {
  it('asks one instance and is done', async () => {
    const world = new Fetching();
    world.answer = () => Promise.resolve(METADATA);
    const request = world.request();
    world.fetcher.add(request);
    world.fetcher.add(request);
    await world.tick();
    await world.tick();
    assert.deepEqual([world.asked, world.settled], [['h:1'], [METADATA]]);
    assert.equal(world.fetcher.nextDueMs, Number.POSITIVE_INFINITY);
  });

  it('asks the next one at once, then all again after pauses that grow', async () => {
    const world = new Fetching();
    world.fetcher.add(world.request());
    const pauses: number[] = [];
    for (let i = 0; i < 10; i++) {
      await world.tick();
      pauses.push(world.fetcher.nextDueMs - world.nowMs);
      world.nowMs = world.fetcher.nextDueMs;
    }
    assert.deepEqual(pauses, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
    assert.deepEqual(world.asked.slice(0, 4), ['h:1', 'h:2', 'h:1', 'h:2']);
    assert.equal(world.failures[0], 'the services of application "demo" are not known: it is down');
    assert.equal(world.settled.length, 10);
  });

  it('does not take the answer of an instance that has another revision by now', async () => {
    const world = new Fetching();
    world.answer = () => Promise.resolve({ ...METADATA, revision: 'next' });
    world.fetcher.add(world.request());
    await world.tick();
    assert.deepEqual(world.settled, [undefined]);
  });

  it('asks a few at a time', async () => {
    const world = new Fetching();
    world.answer = () => new Promise(() => {});
    for (let i = 0; i < 20; i++) world.fetcher.add(world.request());
    await world.tick();
    assert.equal(world.asked.length, 8);
    assert.equal(world.fetcher.nextDueMs, Number.POSITIVE_INFINITY);
  });

  it('tells nothing of what nobody wants to know any more', async () => {
    const world = new Fetching();
    const request = world.request();
    world.fetcher.add(request);
    world.fetcher.tick(0);
    world.fetcher.remove(request);
    await world.tick();
    assert.deepEqual(world.settled, []);
    assert.equal(world.asked.length, 1);
  });
});
