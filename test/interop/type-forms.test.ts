import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { receivedBy, type TypeCase, titleOf } from './cases/type-case.ts';
import { TYPE_CASES } from './cases/type-cases.ts';
import { type JavaPeerName, selectedPeers } from './peers/peer-names.ts';
import { type Peer, startPeer } from './peers/start-peer.ts';
import { erasedName, INTEROP_SERVICE } from './probe/interop-service.ts';
import { type ProbeAnswer, ProbeClient } from './probe/probe-client.ts';

/**
 * What the gateway relies on, asked of the real providers without the gateway: that the wire form of each type in
 * `cases/` makes the right Java value, as an argument and as a field of an object.
 */
for (const name of selectedPeers()) {
  if (name !== 'go') describe(`the wire form of each type, read by Dubbo ${name}`, () => testForms(name));
}

function testForms(name: JavaPeerName): void {
  let peer: Peer;
  let client: ProbeClient;

  before(async () => {
    peer = await startPeer(name);
    client = await ProbeClient.connect(peer.port);
  });

  after(async () => {
    client?.close();
    await peer?.kill();
  });

  for (const item of TYPE_CASES) {
    const refusal = item.refusedOn?.[name];
    if (refusal === undefined) testArgument(item);
    else testRefusal(item, refusal);
    if (item.field !== undefined) testField(item, item.field);
  }

  function describeCall(item: TypeCase): Promise<ProbeAnswer> {
    return client.call({
      service: INTEROP_SERVICE,
      method: `describe${item.name}`,
      types: [erasedName(item.javaType)],
      arguments: [item.wire],
    });
  }

  function testArgument(item: TypeCase): void {
    test(`${titleOf(item)} as an argument`, async () => {
      const answer = await describeCall(item);
      assert.deepEqual([answer.status, answer.error, answer.value], [20, undefined, receivedBy(item, name)]);
    });
  }

  function testRefusal(item: TypeCase, refusal: string): void {
    test(`${titleOf(item)} is refused: ${refusal}`, async () => {
      const answer = await describeCall(item);
      assert.equal(answer.status, 70);
      assert.equal(answer.error?.slice(0, refusal.length), refusal);
    });
  }

  function testField(item: TypeCase, path: string): void {
    const [owner, field] = path.split('.') as [string, string];
    test(`${titleOf(item)} as the field ${path}`, async () => {
      const answer = await client.call({
        service: INTEROP_SERVICE,
        method: `describe${owner}`,
        types: [`com.acme.interop.${owner}`],
        arguments: [{ [field]: item.wire }],
      });
      const expected = `com.acme.interop.${owner} {${field}=${receivedBy(item, name)}}`;
      assert.deepEqual([answer.status, answer.error, answer.value], [20, undefined, expected]);
    });
  }
}
