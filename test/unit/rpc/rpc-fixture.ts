import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderChannel } from '../../../src/rpc/provider-channel.ts';
import { RpcClient, type RpcClientOptions } from '../../../src/rpc/rpc-client.ts';
import { RecordingCall } from './recording-call.ts';
import { dubboFrame, type ReceivedFrame, ScriptedServer } from './scripted-server.ts';

const REQUEST = 0xc2;
export const ONE_WAY_REQUEST = 0x82;

/** A client that is closed with the test; nothing may be left in it by then. */
export function createClient(context: TestContext, options: Partial<RpcClientOptions> = {}): RpcClient {
  const client = new RpcClient({
    connectTimeoutMs: 2_000,
    heartbeatMs: 60_000,
    maxFrameBytes: 1024 * 1024,
    ...options,
  });
  context.after(() => {
    client.close();
    assert.equal(client.pendingCalls, 0, 'a closed client holds no call');
    assert.deepEqual(client.stats(), []);
  });
  return client;
}

/** A server that is closed with the test. */
export async function createServer(
  context: TestContext,
  script: (socket: Socket, frame: ReceivedFrame) => void,
): Promise<ScriptedServer> {
  const server = await ScriptedServer.listen(script);
  context.after(() => server.close());
  return server;
}

export function send(channel: ProviderChannel, body: string, timeoutMs = 2_000, flags = REQUEST): RecordingCall {
  const call = new RecordingCall();
  const frame = dubboFrame(flags, 0, 0n, body);
  channel.send(frame, 0, frame.length, timeoutMs, call);
  return call;
}

/** Waits until a condition holds; fails after a minute. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!condition()) {
    assert.ok(performance.now() < endMs, `not within a minute: ${what}`);
    await delay(2);
  }
}
