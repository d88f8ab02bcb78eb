import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError } from '../../../src/config/config-error.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { PendingAsks } from '../../../src/workers/pending-asks.ts';
import { receivedError, sentError } from '../../../src/workers/sent-error.ts';

describe('PendingAsks', () => {
  it('settles each question once', () => {
    const asks = new PendingAsks();
    const settled: unknown[] = [];
    const add = () => asks.add((error, answer) => settled.push(error?.message ?? answer));
    const [one, two, three, four] = [add(), add(), add(), add()];
    assert.equal(new Set([one, two, three, four]).size, 4);
    asks.answered(two, 'second');
    asks.answered(two, 'again');
    asks.refused(one, sentError(new Error('no')));
    asks.failed(three, new Error('too late'));
    asks.answered(three, 'after all');
    asks.failAll(new Error('gone'));
    asks.failAll(new Error('gone twice'));
    asks.refused(99, sentError(new Error('nobody asked')));
    assert.deepEqual(settled, ['second', 'no', 'too late', 'gone']);
  });
});

describe('an error that is sent', () => {
  const sent = (error: unknown) => receivedError(structuredClone(sentError(error)));

  it('is the same GatewayError, without what only the log may know', () => {
    const error = new GatewayError('METHOD_UNKNOWN', 'There is none.', {
      extensions: { nearest: ['a'] },
      headers: { 'retry-after': '1' },
      log: { address: '10.0.0.1' },
    });
    const got = sent(error);
    assert.ok(got instanceof GatewayError);
    const { code, status, detail, extensions, headers, log } = got;
    assert.deepEqual(
      { code, status, detail, extensions, headers, log },
      {
        code: error.code,
        status: 404,
        detail: error.detail,
        extensions: error.extensions,
        headers: error.headers,
        log: undefined,
      },
    );
  });

  it('is the same ConfigError', () => {
    const diagnostic = {
      severity: 'error',
      file: 'a.yaml',
      line: 3,
      column: 1,
      path: 'routes[0]',
      message: 'no',
    } as const;
    const got = sent(new ConfigError([diagnostic]));
    assert.ok(got instanceof ConfigError);
    assert.deepEqual(got.diagnostics, [diagnostic]);
  });

  it('says of another what the system says, and no more', () => {
    const error = Object.assign(new Error('listen EADDRINUSE'), {
      code: 'EADDRINUSE',
      address: '::',
      port: 80,
      secret: 1,
    });
    const got = sent(error);
    assert.equal(got.message, 'listen EADDRINUSE');
    assert.deepEqual({ ...got }, { code: 'EADDRINUSE', address: '::', port: 80 });
    assert.equal(sent('text').message, 'text');
  });
});
