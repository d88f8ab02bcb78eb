import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PauseGate } from '../../soak/pause-gate.ts';

/** Loops that count their rounds, each round one turn of the event loop long. */
function startLoops(gate: PauseGate, count: number) {
  const rounds = new Array<number>(count).fill(0);
  const loops = rounds.map((_, index) =>
    gate.loop(async () => {
      rounds[index]!++;
      await turn();
    }),
  );
  return { rounds, ended: Promise.all(loops) };
}

describe('a gate for loops', () => {
  it('stops all of them between two rounds, and lets them go on', async () => {
    const gate = new PauseGate();
    const { rounds, ended } = startLoops(gate, 3);
    await turn();
    for (let pause = 0; pause < 3; pause++) {
      await gate.close();
      assert.equal(gate.isClosing, true);
      const before = [...rounds];
      for (let i = 0; i < 5; i++) await turn();
      assert.deepEqual(rounds, before, 'nobody moves');
      gate.open();
      for (let i = 0; i < 5; i++) await turn();
      assert.ok(rounds.every((count, index) => count > before[index]!));
    }
    gate.end();
    await ended;
  });

  it('ends loops that are stopped', async () => {
    const gate = new PauseGate();
    const { ended } = startLoops(gate, 2);
    await gate.close();
    gate.end();
    await ended;
  });

  it('does not wait for a loop that has broken off', async () => {
    const gate = new PauseGate();
    const broken = gate.loop(() => Promise.reject(new Error('broken')));
    const { ended } = startLoops(gate, 1);
    await assert.rejects(broken, /broken/);
    await gate.close();
    gate.end();
    await ended;
  });

  it('cuts a rest short when it closes', async () => {
    const gate = new PauseGate();
    const rested = gate.rest(60_000);
    const loop = gate.loop(() => rested);
    await gate.close();
    gate.end();
    await loop;
  });
});
