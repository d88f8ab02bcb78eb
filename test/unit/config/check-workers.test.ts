import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { findings } from '../../support/config-findings.ts';

function messages(text: string, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return parseConfig(text, 'my.yaml', environment).diagnostics.map(({ message }) => message);
}

describe('server.workers', () => {
  it('is a number from 1 to 64, or auto', () => {
    for (const workers of [1, 2, 16, 'auto']) assert.deepEqual(findings(`server: { workers: ${workers} }`), []);
    for (const workers of [0, 65, 1.5, -1, 'all', 'true', '[2]']) {
      assert.deepEqual(findings(`server: { workers: ${workers} }`), ['error server.workers']);
    }
  });

  it('is not more than the slots of a pool', () => {
    const pool = (size: number) => `server: { workers: 4 }\nbulkhead: { slow: { size: ${size} } }`;
    assert.deepEqual(findings(pool(4)), []);
    assert.deepEqual(findings(pool(3)), ['error bulkhead.slow.size']);
    assert.deepEqual(messages(pool(3)), [
      'bulkhead.slow.size (3) is less than server.workers (4), which share it: give each worker one at least',
    ]);
    assert.deepEqual(findings('server: { workers: 21 }\nadmission: off'), ['error server.workers'], '20 probes');
    assert.deepEqual(findings('server: { workers: auto }\nbulkhead: { slow: { size: 3 } }'), []);
    assert.deepEqual(findings(pool(0)), ['warning bulkhead.slow.size'], 'none for each');
  });

  it('is not more than the requests and connections there may be', () => {
    assert.deepEqual(
      findings(
        'server: { workers: 2, limits: { maxConnections: 1 } }\nadmission: { maxInFlight: 1 }\nbulkhead: { normal: { size: 2 } }',
      ).filter((finding) => finding.startsWith('error')),
      ['error server.limits.maxConnections', 'error admission.maxInFlight'],
    );
    assert.deepEqual(findings('server: { workers: 2 }\nadmission: off\nbulkhead: off'), []);
  });

  it('leaves each worker the bytes of the longest answer', () => {
    const bytes = (size: string) => `server: { workers: 4 }\nadmission: { maxInFlightBytes: ${size} }`;
    assert.deepEqual(findings(bytes('64MiB')), []);
    assert.deepEqual(messages(bytes('63MiB')), [
      'the share of a worker of admission.maxInFlightBytes (63MiB) is less than defaults.maxResponseBytes (16MiB by default); it is enough for 3 workers, and server.workers (4) is more',
    ]);
    assert.deepEqual(findings(bytes('15MiB')), ['error admission.maxInFlightBytes'], 'told once');
  });

  it('shows no secret', () => {
    const text = `server: { workers: 4 }\nbulkhead: { slow: { size: \${SIZE} } }`;
    const [message] = messages(text, { SIZE: '3' });
    assert.equal(
      message,
      `bulkhead.slow.size (<from \${SIZE}>) is less than server.workers (4), which share it: give each worker one at least`,
    );
  });

  it('is not judged where it is wrong itself', () => {
    assert.deepEqual(findings('server: { workers: 99 }\nbulkhead: { slow: { size: 3 } }'), ['error server.workers']);
  });
});
