import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../support/until.ts';
import { FAILURE_CASES } from './cases/failure-cases.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import { GUARD_TOKEN, INTEROP_SERVICE } from './probe/interop-service.ts';
import { type ProbeAnswer, type ProbeCall, ProbeClient } from './probe/probe-client.ts';

/** How often a provider of four threads is called at once to fill its pool. */
const MORE_CALLS_THAN_THREADS = 8;

const GENERIC_EXCEPTION = 'com.alibaba.dubbo.rpc.service.GenericException';

/**
 * Every status a real provider answers with, asked for without the gateway: shows that the service of these tests can
 * bring each of them about.
 */
for (const name of selectedPeers()) {
  if (name !== 'go') describe(`the answers of Dubbo ${name}`, () => testAnswers(name));
}

function testAnswers(name: JavaPeerName): void {
  let peer: Peer;
  let client: ProbeClient;

  const call = (method: string, more: Partial<ProbeCall> = {}): Promise<ProbeAnswer> =>
    client.call({ service: INTEROP_SERVICE, method, types: [], arguments: [], ...more });

  before(async () => {
    peer = await startPeer(name, { properties: { 'dubbo.protocol.threads': '4', 'dubbo.protocol.queues': '0' } });
    client = await ProbeClient.connect(peer.port);
  });

  after(async () => {
    client?.close();
    await peer?.kill();
  });

  for (const item of FAILURE_CASES) {
    test(`${item.method} arrives as ${item.thrownClass}`, async () => {
      const answer = await call(item.method, { types: item.types, arguments: item.arguments });
      assert.equal(answer.status, 20);
      assert.equal(answer.exception?.wireClass, GENERIC_EXCEPTION);
      assert.equal(answer.exception?.thrownClass, item.thrownClass);
      if (item.message instanceof RegExp) assert.match(answer.exception?.message ?? '', item.message);
      else assert.equal(answer.exception?.message, item.message);
    });
  }

  test('chooses the overload by the exact types', async () => {
    const answers = [];
    for (const type of ['int', 'long', 'java.lang.Long', 'java.lang.String']) {
      answers.push((await call('overloaded', { types: [type], arguments: ['5'] })).value);
    }
    assert.deepEqual(answers, ['int 5', 'long 5', 'Long 5', 'String 5']);
  });

  test('answers an unknown method with status 70', async () => {
    const answer = await call('nope');
    assert.equal(answer.status, 70);
    assert.match(answer.error ?? '', /nope/);
  });

  test('answers an unknown service with status 70 or 40', async () => {
    const answer = await call('noArguments', { service: 'com.acme.interop.Nope' });
    assert.equal(answer.status, name.startsWith('3.') ? 40 : 70);
  });

  test('answers an unknown group with status 70', async () => {
    const answer = await call('noArguments', { group: 'nope' });
    assert.equal(answer.status, 70);
    assert.match(answer.error ?? '', /Not found exported service/);
  });

  test('answers a result past its limit of bytes with status 50 or 25', async () => {
    const answer = await call('bigString', { types: ['int'], arguments: [9_000_000] });
    assert.equal(answer.status, name.startsWith('3.') ? 25 : 50);
    assert.match(answer.error ?? '', /Data length too large/);
  });

  test('answers a result whose getter throws with status 70', async () => {
    assert.equal((await call('brokenGetter')).status, 70);
  });

  test('keeps the versions and groups of one service apart', async () => {
    assert.equal((await call('exportedAs')).value, 'null:null');
    assert.equal((await call('exportedAs', { group: 'g1', version: '1.0.0' })).value, 'g1:1.0.0');
  });

  test('refuses a guarded service without its token', async () => {
    const refused = await call('exportedAs', { group: 'guarded' });
    assert.equal(refused.status, 70);
    assert.match(refused.error ?? '', /Invalid token/);
    const allowed = await call('exportedAs', { group: 'guarded', attachments: { token: GUARD_TOKEN } });
    assert.equal(allowed.value, 'guarded:null');
  });

  test('hands attachments to the method and back', async () => {
    const received = await call('attachments', { attachments: { 'trace-id': 'abc' } });
    assert.match(JSON.stringify(received.value), /"trace-id":"abc"/);
    const answer = await call('answerWithAttachment', {
      types: ['java.lang.String', 'java.lang.String'],
      arguments: ['mood', 'good'],
    });
    assert.ok(answer.body.includes('\x04mood\x04good'), answer.body.toString('latin1'));
  });

  test('answers with status 100 while its threads are all busy', async () => {
    const calls = Array.from({ length: MORE_CALLS_THAN_THREADS }, () =>
      call('sleep', { types: ['int'], arguments: [500] }),
    );
    const statuses = (await Promise.all(calls)).map((answer) => answer.status);
    assert.deepEqual([...new Set(statuses)].sort(), [100, 20]);
    // A thread that has answered may not be back yet.
    await until(async () => (await call('noArguments')).value === 'no arguments', 'a thread is free');
  });

  test('stays silent while it is frozen and answers when it goes on', async () => {
    await peer.freeze();
    await assert.rejects(call('noArguments', { timeoutMs: 300 }), /no answer/);
    peer.resume();
    assert.equal((await call('noArguments')).value, 'no arguments');
  });

  test('ends within its grace time when it is told to', async () => {
    await peer.stop();
    assert.equal(peer.isRunning(), false);
  });
}
