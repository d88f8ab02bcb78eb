import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EndpointTable } from '../../../src/balancing/endpoint-table.ts';
import { instance } from './selection-scene.ts';

const { address } = instance('a');

describe('EndpointTable', () => {
  it('keeps an endpoint until its last user has gone', () => {
    const table = new EndpointTable();
    const endpoint = table.retain('demo', address);
    assert.equal(table.retain('demo', address), endpoint);
    table.release('demo', address);
    assert.equal(table.retain('demo', address), endpoint);
    table.release('demo', address);
    table.release('demo', address);
    assert.equal(table.size, 0);
    table.release('demo', address);
    assert.notEqual(table.retain('demo', address), endpoint);
  });

  it('keeps scopes apart', () => {
    const table = new EndpointTable();
    assert.notEqual(table.retain('demo', address), table.retain('other', address));
    assert.notEqual(table.retain('', address), table.retain('demo', address));
    assert.equal(table.size, 3);
  });
});
