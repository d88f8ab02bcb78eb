import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { type DialectName, isDialectName } from '../../../mock-providers/dialects.ts';
import { startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { RawClient } from './raw-client.ts';

interface Recording {
  frames: { name: string; request: string; response: string | null }[];
}

const FOLDER = new URL('../../fixtures/dubbo-frames/', import.meta.url);
const RECORDINGS: [string, DialectName][] = [
  ['dubbo-2.6.12.json', '2.6'],
  ['dubbo-2.7.23.json', '2.7'],
  ['dubbo-3.2.16.json', '3.2'],
  ['dubbo-3.3.1.json', '3.3'],
];
/** What a real provider says that has none of the services. */
const UNKNOWN_SERVICE: Record<string, [status: number, text: RegExp]> = {
  '2.6': [70, /com\.alibaba\.dubbo\.remoting\.RemotingException: Not found exported service: .*demo\.\w+/],
  '2.7': [70, /org\.apache\.dubbo\.remoting\.RemotingException: Not found exported service: .*demo\.\w+/],
  '3.2': [40, /Fail to decode request due to: RpcInvocation/],
  '3.3': [40, /Fail to decode request due to: RpcInvocation/],
};
/** Recorded frames that are no calls: heartbeats, foreign serializations and broken bodies. */
const NO_CALL = /^(heartbeat|request ser|request unknown ser|garbage body)/;

describe('requests recorded from real consumers', () => {
  for (const [file, dialect] of RECORDINGS) {
    it(`are understood in dialect ${dialect}`, async () => {
      assert.ok(isDialectName(dialect));
      const { frames } = JSON.parse(await readFile(new URL(file, FOLDER), 'utf8')) as Recording;
      assert.equal(frames.length, 77);
      const provider = await startMockProvider({ dialect });
      const client = await RawClient.open(provider.port);
      try {
        let calls = 0;
        for (const { name, request } of frames) {
          const frame = Buffer.from(request, 'hex');
          if (NO_CALL.test(name)) continue;
          calls++;
          client.frames.length = 0;
          client.socket.write(frame);
          await client.until(() => provider.calls.length === calls);
          if (name === 'oneway') continue;
          await client.until(() => client.frames.length === 1);
          const [answer] = client.frames;
          const [status, text] = UNKNOWN_SERVICE[dialect]!;
          assert.equal(answer!.status, status, name);
          assert.match(answer!.body.toString('latin1'), text, name);
          assert.equal(answer!.id, frame.readBigInt64BE(4), name);
          const received = provider.calls.at(-1)!;
          assert.equal(received.args.length, received.javaArgs.length, name);
        }
        assert.equal(calls, 70);
      } finally {
        client.close();
        await provider.kill();
      }
    });
  }

  it('that are no calls are answered as the real providers did', async () => {
    for (const [file, dialect] of RECORDINGS) {
      const { frames } = JSON.parse(await readFile(new URL(file, FOLDER), 'utf8')) as Recording;
      const provider = await startMockProvider({ dialect });
      const client = await RawClient.open(provider.port);
      try {
        for (const { name, request, response } of frames) {
          // A heartbeat in a serialization nobody has is an accident of decoding in 3.x, and not imitated.
          if (!NO_CALL.test(name) || name === 'heartbeat unknown ser 30') continue;
          client.frames.length = 0;
          client.socket.write(Buffer.from(request, 'hex'));
          const probe = 0x7777n;
          client.socket.write(Buffer.from(`dabbe200${probe.toString(16).padStart(16, '0')}000000014e`, 'hex'));
          await client.until(() => client.frames.some(({ id }) => id === probe));
          const [answer] = client.frames.filter(({ id }) => id !== probe);
          const recorded = Buffer.from(response ?? '', 'hex');
          assert.equal(answer?.flags, recorded[2], `${dialect} ${name}`);
          assert.equal(answer?.status, recorded[3], `${dialect} ${name}`);
          if (name.startsWith('heartbeat') && answer !== undefined)
            assert.deepEqual(answer.body, recorded.subarray(16));
        }
      } finally {
        client.close();
        await provider.kill();
      }
    }
  });
});
