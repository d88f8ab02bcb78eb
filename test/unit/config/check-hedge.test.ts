import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { findings, USERS_SERVICE } from '../../support/config-findings.ts';

const AT = 'error services.users.methods.get.hedge';

/** What is found where the method `get` has these keys, and the route that calls it. */
function found(method: string, route = '', head = ''): readonly string[] {
  return findings(textOf(method, route, head));
}

function textOf(method: string, route: string, head: string): string {
  return `${head}${USERS_SERVICE}    methods: { get: { ${method} } }
routes: [{ id: a, match: { path: /a }, call: { service: users, method: get }${route} }]
`;
}

describe('a hedge', () => {
  it('is for methods that may be run twice', () => {
    assert.deepEqual(found('idempotent: true, hedge: { afterMs: 50 }'), []);
    assert.deepEqual(found('idempotent: true, hedge: { afterMs: p95 }'), []);
    assert.deepEqual(found('hedge: { afterMs: 50 }'), [AT]);
    assert.deepEqual(found('idempotent: false, hedge: { afterMs: p99 }'), [AT]);
    const { diagnostics } = parseConfig(textOf('hedge: { afterMs: 50 }', '', ''), 'my.yaml', {});
    assert.match(diagnostics[0]!.message, /runs a call twice: set `idempotent: true`/);
    assert.equal(diagnostics[0]!.line, 6);
  });

  it('is for methods that answer', () => {
    assert.deepEqual(found('idempotent: true, oneway: true, hedge: { afterMs: 50 }'), [AT]);
  });

  it('comes before the time of the call is over', () => {
    assert.deepEqual(found('idempotent: true, hedge: { afterMs: 999 }'), []);
    assert.deepEqual(found('idempotent: true, hedge: { afterMs: 1000 }'), [`${AT}.afterMs`]);
    assert.deepEqual(found('idempotent: true, timeoutMs: 40, hedge: { afterMs: 50 }'), [`${AT}.afterMs`]);
    assert.deepEqual(found('idempotent: true, timeoutMs: 40, hedge: { afterMs: 50 }', ', timeoutMs: 51'), []);
    assert.deepEqual(found('idempotent: true, hedge: { afterMs: 50 }', '', 'defaults: { timeoutMs: 30 }'), [
      `${AT}.afterMs`,
    ]);
  });

  it('has a time or one of two percentiles', () => {
    for (const afterMs of ['p50', '0', '-1', '"50"', '1.5']) {
      assert.deepEqual(found(`idempotent: true, hedge: { afterMs: ${afterMs} }`), [`${AT}.afterMs`], afterMs);
    }
    assert.deepEqual(found('idempotent: true, hedge: {}'), [`${AT}.afterMs`]);
  });

  it('is judged once where something else is wrong with the method', () => {
    assert.deepEqual(found('idempotent: maybe, hedge: { afterMs: 50 }'), [
      'error services.users.methods.get.idempotent',
    ]);
  });
});
