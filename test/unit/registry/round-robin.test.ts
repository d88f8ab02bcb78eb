import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoundRobin } from '../../../src/registry/round-robin.ts';

test('skips places that are not usable and shares their part evenly', () => {
  const turn = new RoundRobin(4);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 300; i++) counts[turn.next((place) => place !== 1)]!++;
  assert.deepEqual(counts, [100, 0, 100, 100]);
});

test('answers -1 when no place is usable, having asked each once', () => {
  const turn = new RoundRobin(3);
  turn.next();
  const asked: number[] = [];
  const place = turn.next((candidate) => {
    asked.push(candidate);
    return false;
  });
  assert.equal(place, -1);
  assert.deepEqual(asked, [1, 2, 0]);
});

test('keeps its turn when nothing was usable', () => {
  const turn = new RoundRobin(3);
  assert.equal(turn.next(), 0);
  assert.equal(
    turn.next(() => false),
    -1,
  );
  assert.equal(turn.next(), 1);
});
