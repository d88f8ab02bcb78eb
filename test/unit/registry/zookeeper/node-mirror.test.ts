import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type FollowedNode,
  type NodeListener,
  NodeMirror,
  type NodeReading,
} from '../../../../src/registry/zookeeper/node-mirror.ts';

const OPTIONS = { debounceMs: 100, maxReadsInFlight: 2, retryMs: 5_000 };

class Recorder implements NodeListener {
  readonly told: string[] = [];
  onNode(node: FollowedNode, isChanged: boolean): void {
    const value = node.kind === 'children' ? node.children.join(',') : (node.data?.toString() ?? 'none');
    this.told.push(`${node.path}=${value}${isChanged ? '' : ' (as before)'}`);
  }
}

function children(...names: string[]): NodeReading {
  return { outcome: 'children', children: names };
}

function data(text: string): NodeReading {
  return { outcome: 'data', data: Buffer.from(text) };
}

describe('NodeMirror', () => {
  it('reads nothing without a session, then everything', () => {
    const mirror = new NodeMirror(OPTIONS);
    const node = mirror.follow('data', '/a', new Recorder());
    assert.equal(mirror.takeDue(0), undefined);
    mirror.sessionOpened();
    assert.equal(mirror.takeDue(0), node);
    assert.equal(mirror.isInStep, false);
    mirror.answered(node, data('x'), 0);
    assert.equal(mirror.isInStep, true);
  });

  it('has no more reads under way than allowed', () => {
    const mirror = new NodeMirror(OPTIONS);
    const listener = new Recorder();
    const nodes = ['/a', '/b', '/c'].map((path) => mirror.follow('data', path, listener));
    mirror.sessionOpened();
    assert.deepEqual([mirror.takeDue(0), mirror.takeDue(0), mirror.takeDue(0)], [nodes[0], nodes[1], undefined]);
    assert.equal(mirror.nextDueMs(0), Number.POSITIVE_INFINITY);
    mirror.answered(nodes[0]!, data('x'), 0);
    assert.equal(mirror.takeDue(0), nodes[2]);
  });

  it('makes one read of several changes, and tells a change once', () => {
    const mirror = new NodeMirror(OPTIONS);
    const listener = new Recorder();
    const node = mirror.follow('children', '/a', listener);
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(0)!, children('y', 'x'), 0);
    mirror.changed('/a', 10);
    mirror.changed('/a', 60);
    assert.equal(mirror.takeDue(109), undefined);
    assert.equal(mirror.nextDueMs(20), 110);
    assert.equal(mirror.takeDue(110), node);
    mirror.answered(node, children('x', 'y'), 111);
    assert.equal(mirror.takeDue(1_000), undefined);
    assert.deepEqual(listener.told, ['/a=x,y', '/a=x,y (as before)']);
  });

  it('reads again what changed while it was being read', () => {
    const mirror = new NodeMirror(OPTIONS);
    const node = mirror.follow('data', '/a', new Recorder());
    mirror.sessionOpened();
    mirror.takeDue(0);
    mirror.changed('/a', 1);
    assert.equal(mirror.takeDue(200), undefined);
    mirror.answered(node, data('old'), 200);
    assert.equal(mirror.takeDue(200), node);
  });

  it('keeps what it knows while there is no session, and reads it again afterwards', () => {
    const mirror = new NodeMirror(OPTIONS);
    const listener = new Recorder();
    const node = mirror.follow('data', '/a', listener);
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(0)!, data('x'), 0);
    mirror.changed('/a', 0);
    mirror.sessionLost();
    assert.equal(mirror.takeDue(1_000), undefined);
    assert.equal(node.data?.toString(), 'x');
    assert.equal(node.isFresh, false);
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(1_000)!, data('x'), 1_000);
    assert.equal(node.isFresh, true);
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(1_000)!, { outcome: 'absent' }, 1_000);
    assert.deepEqual(listener.told, ['/a=x', '/a=x (as before)', '/a=none']);
  });

  it('ignores the answer to a read of a session that is over', () => {
    const mirror = new NodeMirror(OPTIONS);
    const listener = new Recorder();
    const node = mirror.follow('data', '/a', listener);
    mirror.sessionOpened();
    mirror.takeDue(0);
    mirror.sessionLost();
    mirror.answered(node, data('late'), 0);
    assert.deepEqual(listener.told, []);
    assert.equal(node.isKnown, false);
  });

  it('tries again later what could not be read, and keeps what it had', () => {
    const mirror = new NodeMirror(OPTIONS);
    const node = mirror.follow('data', '/a', new Recorder());
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(0)!, data('x'), 0);
    mirror.changed('/a', 0);
    mirror.answered(mirror.takeDue(100)!, { outcome: 'denied' }, 100);
    assert.deepEqual([node.data?.toString(), node.isDenied, mirror.deniedCount], ['x', true, 1]);
    assert.equal(mirror.takeDue(5_099), undefined);
    mirror.answered(mirror.takeDue(5_100)!, data('y'), 5_100);
    assert.deepEqual([node.data?.toString(), node.isDenied], ['y', false]);
  });

  it('shares a node among listeners and forgets it with the last one', () => {
    const mirror = new NodeMirror(OPTIONS);
    const [one, other] = [new Recorder(), new Recorder()];
    const node = mirror.follow('data', '/a', one);
    assert.equal(mirror.follow('data', '/a', other), node);
    assert.notEqual(mirror.follow('children', '/a', other), node);
    mirror.unfollow(node, one);
    assert.equal(mirror.size, 2);
    mirror.unfollow(node, other);
    assert.equal(mirror.size, 1);
  });

  it('reads a listed node only where the node above names it', () => {
    const mirror = new NodeMirror(OPTIONS);
    const listener = new Recorder();
    const there = mirror.followListed('data', '/r/a', listener);
    const absent = mirror.followListed('data', '/r/b', listener);
    mirror.sessionOpened();
    const parent = mirror.takeDue(0)!;
    assert.equal(parent.path, '/r');
    assert.equal(mirror.takeDue(0), undefined);
    mirror.answered(parent, children('a', 'x'), 0);
    assert.equal(absent.isFresh, true);
    assert.equal(mirror.takeDue(0), there);
    mirror.answered(there, data('1'), 0);
    assert.equal(mirror.isInStep, true);
    const later = mirror.followListed('data', '/r/c', listener);
    assert.deepEqual([later.isFresh, mirror.isInStep], [true, true]);
    mirror.changed('/r', 0);
    mirror.answered(mirror.takeDue(100)!, children('b', 'c'), 100);
    assert.deepEqual([mirror.takeDue(100), mirror.takeDue(100), mirror.takeDue(100)], [absent, later, undefined]);
    mirror.answered(absent, data('2'), 100);
    mirror.answered(later, data('3'), 100);
    assert.deepEqual(listener.told, ['/r/b=none', '/r/a=1', '/r/a=none', '/r/b=2', '/r/c=3']);
    for (const node of [there, absent, later]) mirror.unfollow(node, listener);
    assert.equal(mirror.size, 0);
  });

  it('takes a listed node for settled when the node above may not be read', () => {
    const mirror = new NodeMirror(OPTIONS);
    const node = mirror.followListed('data', '/r/a', new Recorder());
    mirror.sessionOpened();
    mirror.answered(mirror.takeDue(0)!, { outcome: 'denied' }, 0);
    assert.deepEqual([node.isSettled, node.isFresh], [true, false]);
  });

  it('ends up with what the tree holds, whatever happens on the way', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('write' as const),
        path: fc.constantFrom('/r/a', '/r/b', '/r/c'),
        value: fc.nat(3),
      }),
      fc.record({ kind: fc.constant('read' as const) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(150) }),
      fc.record({ kind: fc.constantFrom('lose' as const, 'open' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isListed) => {
        const world = new World(isListed);
        for (const one of steps) {
          if (one.kind === 'write') world.write(one.path, one.value);
          else if (one.kind === 'read') world.readOne();
          else if (one.kind === 'wait') world.nowMs += one.ms;
          else if (one.kind === 'lose') world.lose();
          else world.open();
        }
        world.open();
        world.settle();
        assert.deepEqual(world.known(), world.truth());
      }),
      { numRuns: 300 },
    );
  });
});

/** A tree of values whose server tells of a change once after each read, as ZooKeeper does. A value of 0 is none. */
class World {
  nowMs = 0;
  readonly #mirror = new NodeMirror(OPTIONS);
  readonly #values = new Map<string, number>();
  /** Kind and path of what a change of is told. */
  readonly #watched = new Set<string>();
  readonly #nodes: readonly FollowedNode[];
  #hasSession = false;

  constructor(isListed: boolean) {
    const mirror = this.#mirror;
    this.#nodes = ['/r/a', '/r/b', '/r/c'].map((path) =>
      isListed ? mirror.followListed('data', path, new Recorder()) : mirror.follow('data', path, new Recorder()),
    );
  }

  write(path: string, value: number): void {
    const isBirthOrDeath = this.#values.has(path) === (value === 0);
    if (value === 0) this.#values.delete(path);
    else this.#values.set(path, value);
    this.#tell(`data ${path}`, path);
    if (isBirthOrDeath) this.#tell('children /r', '/r');
  }

  readOne(): void {
    const node = this.#mirror.takeDue(this.nowMs);
    if (node === undefined) return;
    this.#watched.add(`${node.kind} ${node.path}`);
    const value = this.#values.get(node.path);
    const names = [...this.#values.keys()].map((path) => path.slice('/r/'.length));
    const reading: NodeReading = value === undefined ? { outcome: 'absent' } : data(String(value));
    this.#mirror.answered(node, node.kind === 'children' ? children(...names) : reading, this.nowMs);
  }

  lose(): void {
    this.#hasSession = false;
    this.#watched.clear();
    this.#mirror.sessionLost();
  }

  open(): void {
    if (this.#hasSession) return;
    this.#hasSession = true;
    this.#mirror.sessionOpened();
  }

  settle(): void {
    for (let i = 0; i < 20 && !this.#mirror.isInStep; i++) {
      this.nowMs += OPTIONS.debounceMs;
      this.readOne();
    }
    assert.ok(this.#mirror.isInStep);
  }

  known(): (string | undefined)[] {
    return this.#nodes.map((node) => node.data?.toString());
  }

  truth(): (string | undefined)[] {
    return this.#nodes.map(({ path }) => this.#values.get(path)?.toString());
  }

  #tell(watch: string, path: string): void {
    if (this.#hasSession && this.#watched.delete(watch)) this.#mirror.changed(path, this.nowMs);
  }
}
