import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MethodAnswer, methodAnswer } from '../../../src/admin/answers/method-answer.ts';
import { type AdminHarness, API, KEYS, startAdmin } from './admin-harness.ts';

const KEY = KEYS[0];

function pathOf(key: string, action?: string): string {
  const path = `${API}/methods/${encodeURIComponent(key)}`;
  return action === undefined ? path : `${path}/${action}`;
}

async function act(admin: AdminHarness, action: string, body: unknown = {}, key: string = KEY): Promise<MethodAnswer> {
  return methodAnswer.parse(await admin.json(pathOf(key, action), { method: 'POST', body }));
}

function operatorLines(admin: AdminHarness) {
  return admin.log.lines.filter(({ msg }) => msg === 'operator');
}

describe('POST methods/{key}', () => {
  it('quarantines and releases a method that was never called, and says why', async (context) => {
    const admin = await startAdmin(context);
    const quarantined = await act(admin, 'quarantine', { reason: ' database is moved ' });
    assert.deepEqual(
      [quarantined.key, quarantined.state, quarantined.reason, quarantined.by, quarantined.quarantinedTotal],
      [KEY, 'quarantined', 'database is moved', 'operator', 1],
    );
    assert.equal(admin.bulkheads.methods.find(KEY)?.state, 'quarantined');
    const released = await act(admin, 'release');
    assert.deepEqual([released.state, released.reason], ['healthy', 'released by an operator']);
    assert.equal(admin.bulkheads.methods.find(KEY)?.state, 'healthy');
  });

  it('pins and unpins', async (context) => {
    const admin = await startAdmin(context);
    assert.deepEqual([(await act(admin, 'pin')).pinned, (await act(admin, 'quarantine')).pinned], [true, true]);
    assert.equal(admin.bulkheads.methods.find(KEY)?.earliestReleaseMs, undefined);
    const unpinned = await act(admin, 'unpin');
    assert.deepEqual([unpinned.pinned, unpinned.state], [false, 'quarantined']);
  });

  it('answers the same when asked twice', async (context) => {
    const admin = await startAdmin(context);
    for (const action of ['quarantine', 'pin', 'release', 'unpin']) {
      assert.deepEqual(await act(admin, action), await act(admin, action), action);
    }
    assert.equal(admin.bulkheads.methods.events.length, 2);
  });

  it('needs no body', async (context) => {
    const admin = await startAdmin(context);
    const answer = await admin.send(pathOf(KEY, 'quarantine'), { method: 'POST' });
    assert.equal(answer.status, 200);
    assert.equal(methodAnswer.parse(JSON.parse(answer.text)).state, 'quarantined');
  });

  it('logs each act with who, what and why', async (context) => {
    const admin = await startAdmin(context);
    await act(admin, 'pin', { reason: 'release day' });
    await act(admin, 'pin');
    assert.deepEqual(
      operatorLines(admin).map(({ level, time: _, ...fields }) => [level, fields]),
      [
        ['info', { msg: 'operator', action: 'pin', method: KEY, reason: 'release day', ...PINNED, changed: true }],
        ['info', { msg: 'operator', action: 'pin', method: KEY, ...PINNED, changed: false }],
      ],
    );
  });

  it('does nothing for a body that is wrong, and names what is', async (context) => {
    const admin = await startAdmin(context);
    const cases: readonly (readonly [string, string, string])[] = [
      ['{"reasons":"x"}', '400 REQUEST_INVALID', 'The body has no member "reasons"; did you mean "reason"?'],
      ['{"state":"healthy"}', '400 REQUEST_INVALID', 'The body has no member "state"; it has "reason".'],
      ['{"__proto__":{"reason":"x"}}', '400 REQUEST_INVALID', 'The body has no member "__proto__"; it has "reason".'],
      ['{"reason":5}', '400 REQUEST_INVALID', 'body.reason: Invalid input: expected string, received number.'],
      ['{"reason":" "}', '400 REQUEST_INVALID', 'body.reason: Too small: expected string to have >=1 characters.'],
      [
        JSON.stringify({ reason: 'x'.repeat(201) }),
        '400 REQUEST_INVALID',
        'body.reason: Too big: expected string to have <=200 characters.',
      ],
      ['[]', '400 REQUEST_INVALID', 'body: Invalid input: expected object, received array.'],
      ['null', '400 REQUEST_INVALID', 'body: Invalid input: expected object, received null.'],
      ['{"reason":"a"', '400 REQUEST_JSON', 'The body is not valid JSON at byte 13: expected "," or "}", got the end.'],
      [`${'['.repeat(17)}`, '400 REQUEST_TOO_DEEP', 'The body nests objects and arrays deeper than 16 levels.'],
      [`"${'x'.repeat(16_384)}"`, '413 REQUEST_TOO_LARGE', 'The body is larger than 16384 bytes.'],
    ];
    for (const [body, status, detail] of cases) {
      const problem = await admin.problem(pathOf(KEY, 'quarantine'), { method: 'POST', body });
      assert.deepEqual([`${problem.status} ${problem.code}`, problem.detail], [status, detail], body.slice(0, 40));
    }
    assert.equal(admin.bulkheads.methods.size, 0);
    assert.deepEqual(operatorLines(admin), []);
  });

  it('takes JSON only, which no form of a web page can post', async (context) => {
    const admin = await startAdmin(context);
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=latin1',
    ];
    for (const type of types) {
      const options = { method: 'POST', body: '{"reason":"x"}', headers: { 'content-type': type } };
      const { status, code } = await admin.problem(pathOf(KEY, 'quarantine'), options);
      assert.deepEqual([status, code], [415, 'REQUEST_MEDIA_TYPE'], type);
    }
    const packed = {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    };
    assert.equal((await admin.problem(pathOf(KEY, 'quarantine'), packed)).status, 415);
    assert.equal(admin.bulkheads.methods.size, 0);
  });

  it('does nothing by GET or HEAD', async (context) => {
    const admin = await startAdmin(context);
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const answer = await admin.send(pathOf(KEY, 'quarantine'), { method });
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'POST'], method);
    }
    assert.equal(admin.bulkheads.methods.size, 0);
  });
});

describe('GET methods/{key}', () => {
  it('shows a method, also one that was never called, which stays so', async (context) => {
    const admin = await startAdmin(context);
    for (const key of KEYS) {
      const shown = methodAnswer.parse(await admin.json(pathOf(key)));
      assert.deepEqual([shown.key, shown.state, shown.window.calls], [key, 'healthy', 0]);
    }
    assert.equal(admin.bulkheads.methods.size, 0);
    await act(admin, 'quarantine', { reason: 'why' });
    assert.equal(methodAnswer.parse(await admin.json(pathOf(KEY))).reason, 'why');
  });

  it('knows a method that is remembered though no longer configured', async (context) => {
    const admin = await startAdmin(context);
    const removed = 'demo.Removed#x(a/b)';
    admin.bulkheads.methods.method(removed, admin.view.clock.nowMs());
    assert.equal(methodAnswer.parse(await admin.json(pathOf(removed))).key, removed);
  });
});

describe('an unknown method key', () => {
  it('is 404 with the nearest keys, for every action', async (context) => {
    const admin = await startAdmin(context);
    const near = 'demo.Foo::g1#bra(int)';
    for (const action of ['quarantine', 'release', 'pin', 'unpin']) {
      const { text, status } = await admin.send(pathOf(near, action), { method: 'POST' });
      const { code, nearest } = JSON.parse(text) as { code: string; nearest: string[] };
      assert.deepEqual([status, code, nearest], [404, 'METHOD_UNKNOWN', [KEYS[0], KEYS[1]]], action);
    }
    const far = JSON.parse((await admin.send(pathOf('nothing.like.It#x()'))).text) as { nearest: string[] };
    assert.deepEqual(far.nearest, []);
    assert.equal(admin.bulkheads.methods.size, 0);
  });

  it('is what every key is where bulkheads are off', async (context) => {
    const admin = await startAdmin(context, {}, {}, { bulkheads: undefined });
    const problem = await admin.problem(pathOf(KEY, 'pin'), { method: 'POST' });
    assert.deepEqual([problem.status, problem.code], [404, 'METHOD_UNKNOWN']);
    assert.match(problem.detail, /`bulkhead: off`/);
  });

  it('is 400 where its percent-encoding is broken', async (context) => {
    const admin = await startAdmin(context);
    const problem = await admin.problem(`${API}/methods/%zz/pin`, { method: 'POST' });
    assert.deepEqual([problem.status, problem.code], [400, 'REQUEST_TARGET']);
  });
});

const PINNED = { client: '127.0.0.1', state: 'healthy', pinned: true };
