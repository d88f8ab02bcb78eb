import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConfig } from '../../../src/config/check-config.ts';
import { findings, USERS_SERVICE } from '../../support/config-findings.ts';

const METHOD = `${USERS_SERVICE}    methods: { list: {} }\n`;
const ROUTE = 'routes:\n  - { id: a, match: { path: /a }, call: { service: users, method: list }';

describe('the byte budget of admission', () => {
  it('is at least what one body and one answer may have', () => {
    assert.deepEqual(findings('admission: { maxInFlightBytes: 16MiB }'), []);
    assert.deepEqual(findings('admission: { maxInFlightBytes: 16777215 }'), ['error admission.maxInFlightBytes']);
    assert.deepEqual(findings('server: { limits: { maxBodyBytes: 256MiB } }'), []);
    assert.deepEqual(findings('server: { limits: { maxBodyBytes: 257MiB } }'), ['error server.limits.maxBodyBytes']);
    assert.deepEqual(findings('defaults: { maxResponseBytes: 257MiB }'), ['error defaults.maxResponseBytes']);
  });

  it('is compared with the limits of each route', () => {
    assert.deepEqual(findings(`${METHOD}${ROUTE}, maxBodyBytes: 256MiB, maxResponseBytes: 256MiB }\n`), []);
    assert.deepEqual(findings(`${METHOD}${ROUTE}, maxBodyBytes: 1GiB }\n`), ['error routes[0].maxBodyBytes']);
    assert.deepEqual(findings(`${METHOD}${ROUTE}, maxResponseBytes: 1GiB }\n`), ['error routes[0].maxResponseBytes']);
  });

  it('bounds nothing when admission is off', () => {
    assert.deepEqual(findings('admission: off\nserver: { limits: { maxBodyBytes: 1GiB } }'), []);
  });

  it('is not compared while either is wrong by itself', () => {
    const large = 'server: { limits: { maxBodyBytes: 1GiB } }\n';
    assert.deepEqual(findings(`${large}admission: 5`), ['error admission']);
    assert.deepEqual(findings(`${large}admission: { maxInFlightBytes: 2GB }`), ['error admission.maxInFlightBytes']);
    assert.equal(findings(`${large}admission: { maxInFlightBytes: "\${NONE}" }`).length, 1, 'the variable alone');
    assert.deepEqual(findings(`${METHOD}${ROUTE}, maxBodyBytes: 1GB }\n`), ['error routes[0].maxBodyBytes']);
  });

  it('is compared although another key of the section is wrong', () => {
    const text = 'admission: { maxInflight: 5, maxInFlightBytes: 1KiB }\ndefaults: { maxResponseBytes: 1KiB }';
    assert.deepEqual(findings(text), ['error admission.maxInflight', 'error admission.maxInFlightBytes']);
  });
});

describe('the wait of admission', () => {
  it('is a time and a queue', () => {
    assert.deepEqual(findings('admission: { maxWaitMs: 100, maxQueue: 5 }'), []);
    assert.deepEqual(findings('admission: { maxWaitMs: 0, maxQueue: 5 }'), ['warning admission.maxQueue']);
    assert.deepEqual(findings('admission: { maxWaitMs: 100, maxQueue: 0 }'), ['warning admission.maxWaitMs']);
  });

  it('can be left out by either', () => {
    for (const keys of ['maxWaitMs: 0', 'maxQueue: 0', 'maxWaitMs: 0, maxQueue: 0']) {
      assert.deepEqual(findings(`admission: { ${keys} }`), [], keys);
    }
  });
});

describe('the defaults', () => {
  it('contradict nothing, written or not', () => {
    const { config, diagnostics } = checkConfig({});
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(checkConfig(config).diagnostics, []);
  });
});
