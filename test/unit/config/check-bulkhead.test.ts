import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findings, USERS_SERVICE } from '../../support/config-findings.ts';

function bulkhead(keys: string): readonly string[] {
  return findings(`bulkhead: { ${keys} }`);
}

describe('a pool without slots', () => {
  it('is refused where healthy methods need it', () => {
    assert.deepEqual(bulkhead('normal: { size: 0 }'), ['error bulkhead.normal.size']);
  });

  it('is warned of where methods in quarantine need it', () => {
    assert.deepEqual(bulkhead('slow: { size: 0 }'), ['warning bulkhead.slow.size']);
    assert.deepEqual(bulkhead('heartbeat: { size: 0 }'), ['warning bulkhead.heartbeat.size']);
  });

  it('is refused where no method could ever leave quarantine', () => {
    const both = 'slow: { size: 0 }, heartbeat: { size: 0 }';
    assert.deepEqual(bulkhead(both), ['error bulkhead.heartbeat.size']);
    const warnings = ['warning bulkhead.slow.size', 'warning bulkhead.heartbeat.size'];
    assert.deepEqual(bulkhead(`${both}, quarantine: off`), warnings);
    const isOn = `bulkhead: { ${both}, quarantine: off }${USERS_SERVICE}    methods: { list: { quarantine: {} } }\n`;
    assert.deepEqual(findings(isOn), ['error bulkhead.heartbeat.size']);
    const isOff = `bulkhead: { ${both}, quarantine: off }${USERS_SERVICE}    quarantine: off\n`;
    assert.deepEqual(findings(isOff), warnings);
  });
});

describe('the wait for a slot', () => {
  it('is a time and a queue, of which the queue has a default', () => {
    assert.deepEqual(bulkhead('normal: { maxWaitMs: 100 }'), []);
    assert.deepEqual(bulkhead('slow: { maxWaitMs: 100, maxQueue: 5 }'), []);
    assert.deepEqual(bulkhead('normal: { maxQueue: 0 }, slow: { maxWaitMs: 0, maxQueue: 0 }'), []);
    assert.deepEqual(bulkhead('normal: { maxQueue: 5 }'), ['warning bulkhead.normal.maxQueue']);
    assert.deepEqual(bulkhead('slow: { maxWaitMs: 100, maxQueue: 0 }'), ['warning bulkhead.slow.maxWaitMs']);
  });

  it('is shorter than the time of a call', () => {
    assert.deepEqual(bulkhead('normal: { maxWaitMs: 999 }'), []);
    assert.deepEqual(bulkhead('normal: { maxWaitMs: 1000 }'), ['warning bulkhead.normal.maxWaitMs']);
    assert.deepEqual(findings('bulkhead: { slow: { maxWaitMs: 1000 } }\ndefaults: { timeoutMs: 1001 }'), []);
    assert.deepEqual(findings('bulkhead: { slow: { maxWaitMs: 1000 } }\ndefaults: { timeoutMs: 1.5 }'), [
      'error defaults.timeoutMs',
    ]);
  });

  it('is nothing for probes', () => {
    assert.deepEqual(bulkhead('heartbeat: { maxWaitMs: 0, maxQueue: 0 }'), []);
    assert.deepEqual(bulkhead('heartbeat: { maxWaitMs: 5 }'), ['warning bulkhead.heartbeat.maxWaitMs']);
    assert.deepEqual(bulkhead('heartbeat: { maxQueue: 5 }'), ['warning bulkhead.heartbeat.maxQueue']);
  });
});

describe('the share of a method', () => {
  it('is one call at least', () => {
    assert.deepEqual(bulkhead('slow: { size: 10, maxMethodShare: 0.1 }'), []);
    assert.deepEqual(bulkhead('slow: { size: 10, maxMethodShare: 0.09 }'), ['warning bulkhead.slow.maxMethodShare']);
    assert.deepEqual(bulkhead('heartbeat: { maxMethodShare: 0.04 }'), ['warning bulkhead.heartbeat.maxMethodShare']);
  });

  it('is no matter where only the size was made small', () => {
    assert.deepEqual(bulkhead('heartbeat: { size: 1 }, slow: { size: 1 }'), []);
  });
});

describe('all pools together', () => {
  it('have no more slots than admission has places', () => {
    assert.deepEqual(findings('admission: { maxInFlight: 5020 }'), []);
    assert.deepEqual(findings('admission: { maxInFlight: 5019 }'), ['warning admission.maxInFlight']);
    assert.deepEqual(bulkhead('normal: { size: 6980 }'), []);
    assert.deepEqual(bulkhead('normal: { size: 6981 }'), ['warning bulkhead.normal.size']);
    assert.deepEqual(bulkhead('slow: { size: 9000 }'), ['warning bulkhead.slow.size']);
  });

  it('are not counted where one of the sections is off or wrong', () => {
    const large = 'bulkhead: { normal: { size: 9000 } }\n';
    assert.deepEqual(findings(`${large}admission: off`), []);
    assert.deepEqual(findings(`${large}admission: on`), ['error admission']);
    assert.deepEqual(findings(`${large}admission: { maxInFlight: many }`), ['error admission.maxInFlight']);
    assert.deepEqual(findings('bulkhead: off\nadmission: { maxInFlight: 5 }'), []);
    assert.deepEqual(findings('bulkhead: 5\nadmission: { maxInFlight: 5 }'), ['error bulkhead']);
  });
});
