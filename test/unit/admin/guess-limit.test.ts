import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GuessLimit } from '../../../src/admin/guess-limit.ts';

function guess(limit: GuessLimit, address: string, times: number, nowMs = 0): void {
  for (let time = 0; time < times; time++) limit.add(address, nowMs);
}

describe('GuessLimit', () => {
  it('asks an address to wait for the rest of the minute after twenty wrong guesses', () => {
    const limit = new GuessLimit();
    guess(limit, '10.0.0.1', 19);
    assert.equal(limit.waitSeconds('10.0.0.1', 1_000), 0);
    guess(limit, '10.0.0.1', 1, 5_000);
    assert.equal(limit.waitSeconds('10.0.0.1', 5_000), 55);
    assert.equal(limit.waitSeconds('10.0.0.1', 59_999), 1);
    assert.equal(limit.waitSeconds('10.0.0.1', 60_000), 0);
    guess(limit, '10.0.0.1', 1, 60_000);
    assert.equal(limit.waitSeconds('10.0.0.1', 60_000), 0);
  });

  it('takes the addresses of one IPv6 network for one', () => {
    const limit = new GuessLimit();
    for (let host = 1; host <= 20; host++) limit.add(`2001:db8:0:7::${host.toString(16)}`, 0);
    assert.equal(limit.waitSeconds('2001:db8:0:7:aaaa:bbbb:cccc:dddd', 0), 60);
    assert.equal(limit.waitSeconds('2001:db8:0:8::1', 0), 0);
    guess(limit, '::1', 20);
    assert.equal(limit.waitSeconds('::1', 0), 60);
    assert.equal(limit.waitSeconds('2001:db8::1', 0), 0);
    guess(limit, '::ffff:10.0.0.1', 20);
    assert.equal(limit.waitSeconds('::ffff:10.0.0.2', 0), 0);
  });

  it('remembers a bounded number of addresses', () => {
    const limit = new GuessLimit();
    guess(limit, '10.0.0.1', 20);
    for (let address = 0; address < 999; address++) limit.add(`10.1.${address >> 8}.${address & 255}`, 0);
    assert.equal(limit.waitSeconds('10.0.0.1', 0), 60);
    limit.add('10.2.0.0', 0);
    assert.equal(limit.waitSeconds('10.0.0.1', 0), 0);
  });
});
