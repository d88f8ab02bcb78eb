import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MethodStanding } from '../../../src/bulkhead/method-standing.ts';
import { GroupStandings } from '../../../src/workers/group-standings.ts';
import { StandingOrder } from '../../../src/workers/standing-order.ts';

function standing(method: string, state: 'healthy' | 'quarantined', isPinned = false): MethodStanding {
  return { method, state, isPinned, sinceMs: 0, reason: 'x', by: 'gateway', quarantinesInARow: 0 };
}

/** Workers with one method each, and lines between them and their primary on which messages take their time. */
class Group {
  readonly states: string[];
  readonly table = new GroupStandings();
  readonly #orders: StandingOrder[];
  readonly #up: MethodStanding[][];
  readonly #down: { readonly standing: MethodStanding; readonly isOwn: boolean }[][];

  constructor(count: number) {
    this.states = Array.from({ length: count }, () => 'healthy');
    this.#orders = this.states.map(() => new StandingOrder());
    this.#up = this.states.map(() => []);
    this.#down = this.states.map(() => []);
  }

  change(worker: number): void {
    const state = this.states[worker] === 'healthy' ? 'quarantined' : 'healthy';
    this.states[worker] = state;
    this.#orders[worker]!.sent('m');
    this.#up[worker]!.push(standing('m', state));
  }

  deliverUp(worker: number): boolean {
    const told = this.#up[worker]!.shift();
    if (told === undefined) return false;
    this.table.record(told);
    for (const [index, line] of this.#down.entries()) line.push({ standing: told, isOwn: index === worker });
    return true;
  }

  deliverDown(worker: number): boolean {
    const message = this.#down[worker]!.shift();
    if (message === undefined) return false;
    if (this.#orders[worker]!.received('m', message.isOwn)) this.states[worker] = message.standing.state;
    return true;
  }
}

describe('StandingOrder', () => {
  it('brings all workers to the same state, however their changes cross', () => {
    const step = fc.tuple(fc.constantFrom('change', 'deliverUp', 'deliverDown'), fc.nat(2));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const group = new Group(3);
        for (const [act, worker] of steps) group[act as 'change'](worker);
        for (const worker of [0, 1, 2]) while (group.deliverUp(worker));
        for (const worker of [0, 1, 2]) while (group.deliverDown(worker));
        assert.equal(new Set(group.states).size, 1, group.states.join());
        assert.equal(group.table.all.length, group.states[0] === 'quarantined' ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('does not go back on a change while the news of it is on its way', () => {
    const group = new Group(2);
    group.change(0);
    group.change(1);
    group.change(1);
    group.deliverUp(0);
    group.deliverDown(1);
    assert.deepEqual(group.states, ['quarantined', 'healthy']);
  });
});

describe('GroupStandings', () => {
  it('holds what is not merely healthy, and of what is configured', () => {
    const standings = new GroupStandings();
    for (const method of ['a', 'b', 'c']) standings.record(standing(method, 'quarantined'));
    standings.record(standing('d', 'healthy', true));
    standings.record(standing('a', 'healthy'));
    standings.keepOnly(new Set(['a', 'c', 'd']));
    assert.deepEqual(
      standings.all.map(({ method, state, isPinned }) => [method, state, isPinned]),
      [
        ['c', 'quarantined', false],
        ['d', 'healthy', true],
      ],
    );
    standings.record(standing('d', 'healthy'));
    assert.equal(standings.all.length, 1);
  });
});
