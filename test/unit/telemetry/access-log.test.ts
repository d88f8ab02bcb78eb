import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type AccessRecord, accessLine, routeText } from '../../../src/telemetry/access-log.ts';

const RECORD: AccessRecord = {
  wallMs: Date.UTC(2026, 0, 31, 10, 0, 0, 7),
  requestId: 'r-1',
  traceId: undefined,
  client: '10.0.0.1',
  method: 'GET',
  path: '/users/42',
  route: routeText('get-user', 'com.acme.Users#get(long)'),
  pool: 'normal',
  provider: '127.0.0.1:20880',
  status: 200,
  code: undefined,
  durationMs: 12.3456,
  requestBytes: 0,
  responseBytes: 17,
  error: undefined,
};

describe('accessLine()', () => {
  it('writes one flat line and leaves absent values out', () => {
    assert.equal(
      accessLine(RECORD),
      '{"level":"info","time":"2026-01-31T10:00:00.007Z","msg":"request","requestId":"r-1","client":"10.0.0.1",' +
        '"method":"GET","path":"/users/42","route":"get-user","methodKey":"com.acme.Users#get(long)",' +
        '"pool":"normal","provider":"127.0.0.1:20880","status":200,"durationMs":12.35,"requestBytes":0,"responseBytes":17}\n',
    );
  });

  it('has the code and what only the log knows of an error', () => {
    const error = { provider: '10.9.9.9:20880', stack: 'a\nb', count: 5n, cause: new TypeError('inner') };
    const line = JSON.parse(accessLine({ ...RECORD, traceId: 'f'.repeat(32), code: 'INTERNAL', error }));
    assert.equal(line.traceId, 'f'.repeat(32));
    assert.equal(line.code, 'INTERNAL');
    assert.equal(line.error.stack, 'a\nb');
    assert.equal(line.error.count, '5');
    assert.equal(line.error.cause.message, 'inner');
  });

  it('survives extras that JSON cannot say', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    assert.equal(JSON.parse(accessLine({ ...RECORD, error: cycle })).error, 'not printable');
  });

  it('cuts long paths', () => {
    const { path } = JSON.parse(accessLine({ ...RECORD, path: `/${'x'.repeat(9000)}` }));
    assert.equal(path.length, 515);
    assert.ok(path.endsWith('xxx...'));
  });

  it('is one JSON line without invisible characters whatever comes from outside', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\r\n{"msg":"request"}', '\u001b[31m', '\u202e\u2066', '\u2028\u0085', '"},{"', '\ud800', '\\'),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (path, requestId, message) => {
        const line = accessLine({ ...RECORD, path, requestId, client: requestId, error: { message } });
        assert.ok(line.endsWith('}\n'));
        assert.doesNotMatch(line.slice(0, -1), /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        const parsed = JSON.parse(line);
        assert.equal(parsed.path, path);
        assert.equal(parsed.requestId, requestId);
        assert.equal(parsed.error.message, message);
      }),
    );
  });
});
