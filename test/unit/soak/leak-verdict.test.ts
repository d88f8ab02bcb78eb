import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findLeaks, type RestSample, slopePerMinute } from '../../soak/leak-verdict.ts';

const MIB = 1024 ** 2;

/** Samples of two minutes, each as the function makes it of its number. */
function samples(of: (index: number) => Partial<RestSample> = () => ({}), count = 12): RestSample[] {
  return Array.from({ length: count }, (_, index) => ({
    minutes: index / 6,
    heapBytes: 80 * MIB,
    externalBytes: 6 * MIB,
    handles: 9,
    timers: 1,
    connections: 3,
    subscriptions: 2,
    ...of(index),
  }));
}

describe('the search for leaks', () => {
  it('finds none in what goes up and down', () => {
    const noise = [0, 2, -1, 1, -2, 0.5];
    const found = findLeaks(
      samples((index) => ({
        heapBytes: (80 + noise[index % 6]! / 4) * MIB,
        externalBytes: (6 + noise[(index + 2) % 6]!) * MIB,
        handles: 9 + Math.round(noise[index % 6]!),
        timers: index % 3,
      })),
    );
    assert.deepEqual(found, []);
  });

  it('leaves out the warm-up, and one sample that is out of the way', () => {
    const found = findLeaks(
      samples((index) => ({ heapBytes: (index < 3 ? 40 + 10 * index : index === 8 ? 140 : 80) * MIB })),
    );
    assert.deepEqual(found, []);
  });

  it('finds a heap that grows steadily', () => {
    assert.deepEqual(findLeaks(samples((index) => ({ heapBytes: (80 + index / 4) * MIB }))), [
      'the heap grows by 1.5 MiB a minute',
    ]);
  });

  it('finds a heap that grows slowly for long', () => {
    const found = findLeaks(samples((index) => ({ minutes: index, heapBytes: (20 + index / 2) * MIB }), 20));
    assert.deepEqual(found, ['the heap has grown by 21.3 %']);
  });

  it('finds connections and subscriptions that become more', () => {
    assert.deepEqual(findLeaks(samples((index) => ({ connections: 3 + 2 * index, subscriptions: 2 + 3 * index }))), [
      'there are 12 more connections than before',
      'there are 18 more subscriptions than before',
    ]);
  });

  it('finds memory outside the heap, handles and timers that become more', () => {
    const found = findLeaks(
      samples((index) => ({ externalBytes: (6 + 4 * index) * MIB, handles: 9 + 2 * index, timers: 3 * index })),
    );
    assert.deepEqual(found, [
      'memory outside the heap has grown by 24.0 MiB',
      'there are 12 more handles than before',
      'there are 18 more timers than before',
    ]);
  });

  it('says nothing of too few samples', () => {
    assert.throws(() => findLeaks(samples(undefined, 7)), /7 samples are too few/);
  });
});

describe('the slope', () => {
  it('is that of most points', () => {
    const points = [0, 1, 2, 3, 40, 5, 6, -70, 8].map((value, minutes) => ({ minutes, value }));
    assert.equal(
      slopePerMinute(points, ({ value }) => value),
      1,
    );
  });
});
