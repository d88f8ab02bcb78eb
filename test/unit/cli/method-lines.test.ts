import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { methodDetails } from '../../../src/cli/method-lines.ts';
import { readMethod } from '../../../src/cli/status-answer.ts';
import { methodSample, quarantinedSample, SAMPLE_MS, USER_KEY } from './status-samples.ts';

const PLAIN = { color: false, wallMs: SAMPLE_MS };

describe('methodDetails', () => {
  it('shows all that is known of a method', () => {
    assert.equal(
      methodDetails(readMethod(quarantinedSample(USER_KEY, { pinned: true, by: 'operator' })), PLAIN),
      `method   com.acme.user.UserService:1.0.0:core#getUser(long)
state    quarantined, pinned for 12 s
reason   10 timeouts in 10 s (by operator)
active   normal 0, slow 3, heartbeat 1
window   40 calls, 10 timeouts, 12 slow, 0 failed
latency  p50 3 ms, p95 900 ms, p99 1000 ms
probes   3 of 5 passed in a row
release  in 5 s
`,
    );
  });

  it('shows a dash for what is not known', () => {
    assert.equal(
      methodDetails(readMethod(methodSample('a#b()', { latencyMs: null })), PLAIN),
      `method   a#b()
state    healthy for 60 min
reason   -
active   normal 1, slow 0, heartbeat 0
window   400 calls, 0 timeouts, 0 slow, 0 failed
latency  -
probes   -
release  -
`,
    );
  });

  it('says when the gateway may release the method', () => {
    const expectations: readonly (readonly [earliestRelease: string | null, text: string])[] = [
      [null, 'by hand'],
      ['2026-01-31T10:00:12.001Z', 'in 1 s'],
      ['2026-01-31T10:05:12.000Z', 'in 5 min'],
      ['2026-01-31T10:00:12.000Z', 'after probes'],
      ['2026-01-31T09:00:00.000Z', 'after probes'],
    ];
    for (const [earliestRelease, expected] of expectations) {
      const lines = methodDetails(readMethod(quarantinedSample('a#b()', { earliestRelease })), PLAIN).split('\n');
      assert.equal(lines[7], `release  ${expected}`);
    }
  });

  it('sets the state off with colours', () => {
    const shown = methodDetails(readMethod(quarantinedSample('a#b()')), { ...PLAIN, color: true });
    assert.ok(shown.includes('\u001b[31mquarantined for 12 s\u001b[0m'));
  });
});
