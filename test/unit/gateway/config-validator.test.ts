import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigValidator } from '../../../src/gateway/config-validator.ts';

/** Keeps a processor busy for minutes. */
const ENDLESS = `a: ${'"'.repeat(1024 ** 2)}`;

describe('ConfigValidator', () => {
  it('checks one text at a time, and the next one when that has ended', async () => {
    const validator = new ConfigValidator();
    const first = validator.validate('log: { levl: info }');
    await assert.rejects(validator.validate(''), { code: 'RATE_LIMITED', headers: { 'retry-after': '1' } });
    assert.equal((await first).diagnostics[0]?.suggestion, 'level');
    const second = validator.validate('{}');
    validator.close();
    await assert.rejects(second, { code: 'REQUEST_INVALID' });
  });

  it('gives up a text that takes too long, and serves meanwhile', async () => {
    const validator = new ConfigValidator(1_000);
    let turns = 0;
    const turning = setInterval(() => turns++, 5);
    await assert.rejects(validator.validate(ENDLESS), { code: 'REQUEST_INVALID' });
    clearInterval(turning);
    assert.ok(turns > 5, `${turns} turns of the event loop`);
    await assert.rejects(validator.validate(ENDLESS), { code: 'REQUEST_INVALID' }, 'and takes the next one');
  });
});
