import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashText } from '../../../src/balancing/murmur3.ts';
import { routeSchema } from '../../../src/config/schema.ts';
import { parseJson } from '../../../src/json/json-document.ts';
import { SideChoice } from '../../../src/upstream/side-choice.ts';
import { seededRandom } from '../balancing/seeded-random.ts';
import { fakeExchange } from './fake-channels.ts';

const CALLS = 100_000;
const call = { service: 'users', method: 'get' };

/** A choice between two sides of these weights, the second named `next`. */
function choice(weights: readonly [number, number], keys: object = {}): SideChoice {
  const [first, second] = weights;
  const route = routeSchema.parse({
    id: 'r',
    match: { path: '/' },
    split: [
      { weight: first, call },
      { weight: second, name: 'next', call },
    ],
    ...keys,
  });
  return new SideChoice(route, seededRandom(7));
}

const withHeaders = (headers: Readonly<Record<string, string>>, cookies: Readonly<Record<string, string>> = {}) => ({
  ...fakeExchange(),
  header: (name: string) => headers[name],
  cookie: (name: string) => cookies[name],
});

describe('the choice of a side', () => {
  it('is within 1 % of the weights over 100,000 requests, by chance and by user', () => {
    const byChance = choice([95, 5]);
    const byUser = choice([95, 5], { stickyOn: 'header.x-user' });
    const nobody = fakeExchange();
    const counts = [0, 0, 0];
    for (let i = 0; i < CALLS; i++) {
      counts[0]! += byChance.sideOf(nobody);
      counts[1]! += byUser.sideOf(withHeaders({ 'x-user': `user-${i}` }));
      counts[2]! += byUser.sideOf(nobody);
    }
    for (const count of counts) assert.ok(Math.abs(count / CALLS - 0.05) < 0.01, counts.join());
  });

  it('is the same for a user, who stays on a side that grows', () => {
    const steps = [5, 50, 100].map((percent) => choice([100 - percent, percent], { stickyOn: 'header.x-user' }));
    const moved = [0, 0, 0];
    for (let i = 0; i < 2_000; i++) {
      const request = withHeaders({ 'x-user': `user-${i}` });
      const sides = steps.map((step) => step.sideOf(request));
      assert.deepEqual(sides, [...sides].sort(), 'nobody goes back');
      assert.deepEqual(
        sides,
        steps.map((step) => step.sideOf(request)),
      );
      for (const [step, side] of sides.entries()) moved[step]! += side;
    }
    assert.ok(moved[0]! > 50 && moved[0]! < 150 && moved[1]! > 850 && moved[1]! < 1_150, moved.join());
    assert.equal(moved[2], 2_000);
  });

  it('goes by any source of the request, and asks nobody for it', () => {
    const one = choice([50, 50], { stickyOn: 'body.user.id' });
    assert.equal(one.readsBody, true);
    const withUser = (id: number) => ({ ...fakeExchange(), body: parseJson(Buffer.from(`{"user":{"id":${id}}}`), 64) });
    const sides = Array.from({ length: 200 }, (_, id) => one.sideOf(withUser(id)));
    assert.deepEqual(new Set(sides), new Set([0, 1]));
    assert.deepEqual(
      Array.from({ length: 200 }, (_, id) => one.sideOf(withUser(id))),
      sides,
    );
    for (const stickyOn of ['body.user.id', 'jwt.sub', 'path.id', 'cookie.user']) {
      assert.doesNotThrow(() => choice([50, 50], { stickyOn }).sideOf(fakeExchange()), stickyOn);
    }
    const strict = choice([50, 50], { stickyOn: { from: 'cookie.user', required: true } });
    assert.throws(() => strict.sideOf(fakeExchange()), { code: 'REQUEST_INVALID' });
  });

  it('does not take all who send an empty text for one user', () => {
    const one = choice([50, 50], { stickyOn: 'header.x-user' });
    const sides = Array.from({ length: 100 }, () => one.sideOf(withHeaders({ 'x-user': '' })));
    assert.deepEqual(new Set(sides), new Set([0, 1]));
  });

  it('does not go by the hash that picks the provider', () => {
    const one = choice([99, 1], { stickyOn: 'header.x-user' });
    const onNext = Array.from({ length: 20_000 }, (_, i) => `user-${i}`).filter((user) => {
      return one.sideOf(withHeaders({ 'x-user': user })) === 1;
    });
    const quarters = [0, 0, 0, 0];
    for (const user of onNext) quarters[Math.floor(hashText(user) / 2 ** 30)]!++;
    assert.ok(
      quarters.every((count) => count > onNext.length / 8),
      quarters.join(),
    );
  });

  it('is the side a request asks for, by header first, then cookie; other names say nothing', () => {
    const one = choice([100, 0], {
      splitOverride: { header: 'X-Canary', cookie: 'canary' },
      stickyOn: 'header.x-user',
    });
    assert.equal(one.sideOf(withHeaders({ 'x-canary': 'next', 'x-user': 'u' })), 1);
    assert.equal(one.sideOf(withHeaders({}, { canary: 'next' })), 1);
    assert.equal(
      one.sideOf(withHeaders({ 'x-canary': '1' }, { canary: 'next' })),
      0,
      'its number is the name of the first',
    );
    assert.equal(one.sideOf(withHeaders({ 'x-canary': '2' })), 0, 'a side with a name has no other');
    for (const name of ['nobody', '', '__proto__', 'Next'])
      assert.equal(one.sideOf(withHeaders({ 'x-canary': name })), 0);
  });

  it('cannot be asked for where the route does not say so', () => {
    const one = choice([100, 0]);
    assert.equal(one.sideOf(withHeaders({ 'x-canary': 'next' }, { canary: 'next' })), 0);
  });
});
