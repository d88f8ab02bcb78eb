import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearestName } from '../../../src/config/nearest-name.ts';

describe('nearestName', () => {
  it('finds a name with a letter missing, added, changed or swapped', () => {
    const known = ['timeoutMs', 'maxBodyBytes', 'response', 'match'];
    assert.equal(nearestName('timeoutM', known), 'timeoutMs');
    assert.equal(nearestName('maxBodyBytess', known), 'maxBodyBytes');
    assert.equal(nearestName('mutch', known), 'match');
    assert.equal(nearestName('repsonse', known), 'response');
  });

  it('prefers the name that differs by case only', () => {
    assert.equal(nearestName('getuser', ['getUsers', 'getUser']), 'getUser');
    assert.equal(nearestName('get', ['GET']), 'GET');
  });

  it('finds nothing where nothing is near', () => {
    assert.equal(nearestName('orders', ['users', 'prices']), undefined);
    assert.equal(nearestName('id', ['xy']), undefined);
    assert.equal(nearestName('x'.repeat(1_000_000), ['y'.repeat(1_000_000)]), undefined);
  });
});
