import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NacosHost, readNacosHosts } from '../../../../src/registry/nacos/nacos-host.ts';
import {
  type NacosReading,
  type NacosResource,
  ResourceMirror,
} from '../../../../src/registry/nacos/resource-mirror.ts';
import { fakeHost } from '../../../support/fake-nacos.ts';

const NEVER = Number.POSITIVE_INFINITY;

function hosts(...ports: number[]): readonly NacosHost[] {
  return readNacosHosts(
    ports.map((port) => fakeHost(port)),
    () => {},
  )!;
}

function list(refTimeMs: number, ...ports: number[]): NacosReading {
  return { outcome: 'hosts', hosts: hosts(...ports), refTimeMs };
}

/** A mirror whose changes are noted. */
class Observed {
  readonly mirror: ResourceMirror;
  /** Name and whether it changed, of each call. */
  readonly told: string[] = [];
  readonly listener = {
    onResource: ({ name }: NacosResource, isChanged: boolean) => {
      this.told.push(`${name}${isChanged ? ' changed' : ''}`);
    },
  };

  constructor(maxInFlight = 10) {
    this.mirror = new ResourceMirror({ pollMs: 20_000, quickPollMs: 5_000, maxInFlight });
  }

  service(name: string): NacosResource {
    return this.mirror.follow('service', 'g', name, this.listener);
  }

  /** Follows all that is to be followed. */
  followAll(reading: NacosReading, nowMs = 0): string[] {
    const names: string[] = [];
    for (let next = this.mirror.takeFollow(nowMs); next !== undefined; next = this.mirror.takeFollow(nowMs)) {
      names.push(next.name);
      this.mirror.followed(next, reading, nowMs);
    }
    return names;
  }

  /** Asks for one and answers it. */
  poll(reading: NacosReading, nowMs: number): string | undefined {
    const resource = this.mirror.takePoll(nowMs);
    if (resource === undefined) return undefined;
    this.mirror.polled(resource, reading, resource.stamp, nowMs);
    return resource.name;
  }
}

describe('ResourceMirror in a session', () => {
  it('follows each resource once, and takes what is told', () => {
    const observed = new Observed();
    const { mirror, told } = observed;
    const one = observed.service('one');
    assert.equal(mirror.takeFollow(0), undefined, 'there is no session yet');
    mirror.opened();
    assert.equal(mirror.takeFollow(0), one);
    assert.equal(mirror.takeFollow(0), undefined);
    mirror.followed(one, list(5, 1), 0);
    assert.deepEqual(told, ['one changed']);
    assert.ok(one.isSettled);
    mirror.toldHosts('g', 'one', list(6, 1, 2));
    assert.deepEqual(one.hosts, hosts(1, 2));
    mirror.toldHosts('g', 'other', list(7, 1));
    mirror.toldHosts('other', 'one', list(7, 1));
    assert.deepEqual(told, ['one changed', 'one changed']);
  });

  it('does not take a list that is older than the one it has', () => {
    const observed = new Observed();
    const one = observed.service('one');
    observed.mirror.opened();
    assert.equal(observed.mirror.takeFollow(0), one);
    observed.mirror.toldHosts('g', 'one', list(9, 1, 2));
    observed.mirror.followed(one, list(8, 1), 0);
    observed.mirror.toldHosts('g', 'one', list(7));
    assert.deepEqual(one.hosts, hosts(1, 2));
  });

  it('takes older times after a new session, which may be with another server', () => {
    const observed = new Observed();
    const one = observed.service('one');
    observed.mirror.opened();
    observed.followAll(list(1_000, 1));
    observed.mirror.lost();
    assert.ok(!one.isSettled);
    assert.deepEqual(one.hosts, hosts(1), 'the last list stays');
    observed.mirror.opened();
    assert.deepEqual(observed.followAll(list(5, 2)), ['one']);
    assert.deepEqual(one.hosts, hosts(2));
  });

  it('tries what failed again after 5 s, and counts what is denied', () => {
    const observed = new Observed();
    const one = observed.service('one');
    observed.mirror.opened();
    observed.followAll({ outcome: 'denied' }, 100);
    assert.ok(one.isSettled, 'it is known that it cannot be read');
    assert.equal(observed.mirror.deniedCount, 1);
    assert.equal(observed.mirror.followDueMs, 5_100);
    assert.deepEqual(observed.followAll(list(1, 1), 5_099), []);
    assert.deepEqual(observed.followAll(list(1, 1), 5_100), ['one']);
    assert.equal(observed.mirror.deniedCount, 0);
  });

  it('asks for not more than so many at a time', () => {
    const observed = new Observed(2);
    for (const name of ['a', 'b', 'c']) observed.service(name);
    observed.mirror.opened();
    const first = observed.mirror.takeFollow(0)!;
    observed.mirror.takeFollow(0);
    assert.equal(observed.mirror.takeFollow(0), undefined);
    assert.equal(observed.mirror.followDueMs, NEVER);
    observed.mirror.followed(first, list(1), 0);
    assert.equal(observed.mirror.takeFollow(0)?.name, 'c');
  });

  it('reads an entry again when it is told to have changed, also while it is read', () => {
    const observed = new Observed();
    const entry = observed.mirror.follow('entry', 'mapping', 'a.B', observed.listener);
    observed.mirror.opened();
    assert.equal(observed.mirror.takeFollow(0), entry);
    observed.mirror.toldEntry('mapping', 'a.B');
    observed.mirror.followed(entry, { outcome: 'absent' }, 0);
    assert.ok(entry.isSettled);
    assert.deepEqual(observed.followAll({ outcome: 'text', text: 'demo' }), ['a.B']);
    assert.equal(entry.text, 'demo');
    assert.deepEqual(observed.told, ['a.B', 'a.B changed']);
  });

  it('ends what nobody follows any more, unless somebody follows it anew', () => {
    const observed = new Observed();
    const [a, b] = [observed.service('a'), observed.service('b')];
    observed.mirror.opened();
    observed.followAll(list(1, 1));
    observed.mirror.unfollow(a, observed.listener);
    observed.mirror.unfollow(b, observed.listener);
    const anew = observed.service('b');
    assert.notEqual(anew, b);
    assert.equal(observed.mirror.takeUnfollow(), a);
    assert.equal(observed.mirror.takeUnfollow(), undefined);
    observed.mirror.toldHosts('g', 'a', list(9, 9));
    assert.deepEqual(a.hosts, hosts(1));
  });
});

describe('ResourceMirror asking', () => {
  it('asks for all in turn within the time, evenly', () => {
    const observed = new Observed();
    for (const name of ['a', 'b', 'c', 'd']) observed.service(name);
    observed.mirror.opened();
    observed.followAll(list(0, 1));
    const asked: string[] = [];
    for (let nowMs = 0; nowMs < 40_000; nowMs += 1_000) {
      const name = observed.poll(list(0, 1), nowMs);
      if (name !== undefined) asked.push(`${name} ${nowMs / 1_000}`);
    }
    assert.deepEqual(asked, ['a 0', 'b 5', 'c 10', 'd 15', 'a 20', 'b 25', 'c 30', 'd 35']);
  });

  it('asks not more often than 20 times a second, where changes are not told 200 times', () => {
    const observed = new Observed();
    for (let i = 0; i < 10_000; i++) observed.service(String(i));
    for (let i = 0; i < 10_000; i++) observed.poll(list(0, 1), 0);
    assert.equal(observed.mirror.pollDueMs, 5);
    observed.mirror.opened();
    assert.equal(observed.mirror.pollDueMs, 50);
  });

  it('asks for everything at once where there is no session, then more often', () => {
    const observed = new Observed();
    const names = ['a', 'b', 'c'];
    const [a] = names.map((name) => observed.service(name));
    assert.deepEqual(
      names.map(() => observed.poll(list(0, 1), 0)),
      names,
    );
    assert.ok(a!.isSettled);
    assert.equal(observed.poll(list(0, 1), 1_600), undefined);
    assert.equal(observed.poll(list(0, 1), 1_700), 'a');
  });

  it('asks again for what was not answered, and not for what was refused', () => {
    const observed = new Observed();
    const one = observed.service('one');
    assert.equal(observed.poll({ outcome: 'unanswered' }, 0), 'one');
    assert.ok(!one.isSettled);
    assert.equal(observed.poll({ outcome: 'failed' }, 0), 'one');
    assert.ok(one.isSettled);
    assert.equal(observed.poll(list(0, 1), 0), undefined);
  });

  it('does not take an answer that is older than what was told meanwhile', () => {
    const observed = new Observed();
    const one = observed.service('one');
    observed.mirror.opened();
    observed.followAll(list(1, 1));
    const asked = observed.mirror.takePoll(0)!;
    const { stamp } = asked;
    observed.mirror.toldHosts('g', 'one', list(2, 1, 2));
    observed.mirror.polled(asked, list(0, 1), stamp, 0);
    assert.deepEqual(one.hosts, hosts(1, 2));
  });

  it('waits for the answer of what it asked before', () => {
    const observed = new Observed();
    observed.service('one');
    assert.notEqual(observed.mirror.takePoll(0), undefined);
    assert.equal(observed.mirror.pollDueMs, NEVER);
    observed.mirror.lost();
    assert.equal(observed.mirror.pollDueMs, NEVER);
  });
});

describe('ResourceMirror before a server that tells nothing', () => {
  function silent(): Observed {
    const observed = new Observed();
    observed.service('one');
    observed.mirror.opened();
    observed.followAll(list(1, 1));
    assert.equal(observed.poll(list(0, 1, 2), 1_000), 'one');
    return observed;
  }

  it('takes the list that it found at once', () => {
    assert.deepEqual(silent().told, ['one changed', 'one changed']);
  });

  it('notices it after 3 s, once, asks more often and follows everything anew', () => {
    const observed = silent();
    const { mirror } = observed;
    assert.equal(mirror.followDueMs, 4_000);
    assert.ok(!mirror.noticesMissingPush(3_999));
    assert.equal(mirror.pollDueMs, 21_000);
    assert.ok(mirror.noticesMissingPush(4_000));
    assert.ok(mirror.isPushMissing);
    assert.ok(!mirror.noticesMissingPush(9_000));
    assert.equal(mirror.pollDueMs, 6_000);
    assert.equal(mirror.takeFollow(4_000)?.name, 'one');
    assert.deepEqual(observed.told.length, 2);
  });

  it('is content as soon as anything is told', () => {
    const { mirror } = silent();
    mirror.toldHosts('g', 'one', list(9, 1, 2));
    assert.ok(!mirror.noticesMissingPush(60_000));
    const again = silent().mirror;
    assert.ok(again.noticesMissingPush(4_000));
    again.toldEntry('mapping', 'a.B');
    assert.ok(!again.isPushMissing);
  });

  it('does not blame a server for what it was not asked to tell', () => {
    const observed = new Observed();
    observed.service('one');
    observed.mirror.opened();
    observed.followAll({ outcome: 'failed' });
    observed.poll(list(0, 1, 2), 1_000);
    assert.ok(!observed.mirror.noticesMissingPush(60_000));
  });
});

describe('ResourceMirror.isAllEmpty', () => {
  it('is so when all was read and nothing found', () => {
    const observed = new Observed();
    assert.ok(!observed.mirror.isAllEmpty);
    observed.service('one');
    observed.mirror.follow('entry', 'mapping', 'a.B', observed.listener);
    observed.mirror.opened();
    assert.ok(!observed.mirror.isAllEmpty);
    observed.mirror.followed(observed.mirror.takeFollow(0)!, list(1), 0);
    observed.mirror.followed(observed.mirror.takeFollow(0)!, { outcome: 'absent' }, 0);
    assert.ok(observed.mirror.isAllEmpty);
    observed.mirror.toldHosts('g', 'one', list(2, 1));
    assert.ok(!observed.mirror.isAllEmpty);
  });
});
