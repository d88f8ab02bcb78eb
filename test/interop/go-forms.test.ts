import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GO_CASES } from './cases/go-cases.ts';
import { titleOf } from './cases/type-case.ts';
import { selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import { erasedName, GO_SERVICE } from './probe/interop-service.ts';
import { ProbeClient } from './probe/probe-client.ts';

if (selectedPeers().includes('go')) {
  describe('the wire form of each type, read by dubbo-go', () => {
    let peer: Peer;
    let client: ProbeClient;

    before(async () => {
      peer = await startPeer('go');
      client = await ProbeClient.connect(peer.port);
    });

    after(async () => {
      client?.close();
      await peer?.kill();
    });

    for (const item of GO_CASES) {
      test(titleOf(item), async () => {
        const answer = await client.call({
          service: GO_SERVICE,
          method: `describe${item.name}`,
          types: [erasedName(item.javaType)],
          arguments: [item.wire],
        });
        assert.deepEqual([answer.status, answer.exception, answer.value], [20, undefined, item.received]);
      });
    }

    for (const [title, method, callArguments, message] of [
      ['a failing method', 'fail', ['boom'], /^boom$/],
      ['a panic', 'panic', [], /^this method always panics$/],
      ['an unknown method', 'nope', [], /method is not found/],
      ['a wrong number of arguments', 'add', [1], /number of args/],
      ['an argument of a wrong type', 'add', ['x', 1], /realization failed/],
    ] as const) {
      test(`answers ${title} with a Throwable and status 20`, async () => {
        const answer = await client.call({ service: GO_SERVICE, method, types: [], arguments: callArguments });
        assert.equal(answer.status, 20);
        assert.equal(answer.exception?.wireClass, 'java.lang.Throwable');
        assert.match(answer.exception?.message ?? '', message);
      });
    }
  });
}
