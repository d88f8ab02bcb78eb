import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESPONSE_STATUS, responseStatusName } from '../../../src/dubbo/response-status.ts';

test('names every status and says so when there is no name', () => {
  for (const [name, status] of Object.entries(RESPONSE_STATUS)) assert.equal(responseStatusName(status), name);
  assert.equal(responseStatusName(20), 'OK');
  assert.equal(responseStatusName(100), 'SERVER_THREADPOOL_EXHAUSTED');
  assert.equal(responseStatusName(0), 'UNKNOWN');
  assert.equal(responseStatusName(255), 'UNKNOWN');
});
