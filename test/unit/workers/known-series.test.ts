import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewaySchema } from '../../../src/config/schema.ts';
import { labelText } from '../../../src/telemetry/metrics/label-text.ts';
import { knownSeries } from '../../../src/workers/known-series.ts';

const config = gatewaySchema.parse({
  services: { users: { interface: 'demo.Foo', providers: ['dubbo://127.0.0.1:1'], methods: { m: {} } } },
  routes: [{ id: 'get-user', match: { path: '/users' }, call: { service: 'users', method: 'm' } }],
});

describe('knownSeries()', () => {
  it('knows the routes and services of a configuration, and what names neither', () => {
    const isKnown = knownSeries(config);
    const known: Record<string, string>[] = [
      {},
      { route: 'get-user', method: 'GET', status: '200' },
      { service: 'users', method: 'm', outcome: 'ok' },
      { route: '_OTHER' },
      { route: '_none' },
      { pool: 'slow' },
      { method: 'route="gone"' },
    ];
    for (const labels of known) {
      assert.equal(isKnown(labelText('m', Object.keys(labels), labels)), true, JSON.stringify(labels));
    }
    const gone: Record<string, string>[] = [
      { route: 'get-users' },
      { method: 'GET', route: 'gone' },
      { service: 'orders', method: 'm' },
      { route: 'say "x", route="get-user"' },
    ];
    for (const labels of gone) {
      assert.equal(isKnown(labelText('m', Object.keys(labels), labels)), false, JSON.stringify(labels));
    }
  });
});
