import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import type { Registration } from '../peers/registered-peer.ts';
import type { Peer } from '../peers/start-peer.ts';
import type { GatewayWithRegistry, Outcomes } from './gateway-with-registry.ts';

const SOON_MS = 1_000;
const SOON_TURNS = 5;
/** How many calls are made at a time while a provider is killed. */
const LOAD_OF_KILL = 16;

/** A token that the provider makes up and tells its registry only. */
export const WITH_TOKEN: Registration['properties'] = { 'interop.token': 'true' };

/** That no call failed. */
export function assertAllAnswered({ safe, once }: Outcomes): void {
  assert.deepEqual([[...safe.keys()], [...once.keys()]], [['200'], ['200']]);
}

/** Waits until each provider has answered a further call. */
export async function untilAllAnswer(gateway: GatewayWithRegistry, peers: readonly Peer[]): Promise<void> {
  const before = peers.map((peer) => gateway.answers(peer));
  await until(() => peers.every((peer, i) => gateway.answers(peer) > before[i]!), 'calls at all');
}

/** That each provider is brought the token that it made up for itself. */
export async function assertTokensBrought(gateway: GatewayWithRegistry, peers: readonly Peer[]): Promise<void> {
  const before = peers.map((peer) => gateway.answers(peer));
  let calls = 0;
  await until(async () => {
    const reply = await gateway.http.send('/guarded?v=x');
    assert.equal(reply.status, 200, reply.text);
    calls++;
    return peers.every((peer, i) => gateway.answers(peer) > before[i]!);
  }, 'calls at all');
  assert.ok(calls >= peers.length);
}

/**
 * Starts a provider while calls are made, and asserts that it gets one within a second of its coming. Where it does not,
 * another one has its turn: the machine may be doing other work.
 */
export async function assertSoonCalled(gateway: GatewayWithRegistry, start: () => Promise<Peer>): Promise<void> {
  const delaysMs: number[] = [];
  for (let turn = 0; turn < SOON_TURNS && !delaysMs.some((ms) => ms < SOON_MS); turn++) {
    const outcomes = await gateway.under(8, async () => {
      const peer = await start();
      const cameMs = performance.now();
      await until(() => gateway.answers(peer) > 0, 'a call at a provider that has come');
      delaysMs.push(performance.now() - cameMs);
    });
    assertAllAnswered(outcomes);
  }
  assert.ok(Math.min(...delaysMs) < SOON_MS, `the first calls came after ${delaysMs.map(Math.round)} ms`);
}

/** That no call is lost when a provider stops as it should. */
export async function assertStopLosesNothing(gateway: GatewayWithRegistry, stopped: Peer): Promise<void> {
  const outcomes = await gateway.under(8, async () => {
    await stopped.stop();
    await sleep(300);
  });
  assertAllAnswered(outcomes);
  assert.ok(outcomes.safe.get('200')! > 100);
}

/**
 * That of those who call none loses more than the call it had in flight when a provider is killed, and none of the route
 * that may be called twice.
 */
export async function assertKillLosesInFlight(gateway: GatewayWithRegistry, killed: Peer): Promise<void> {
  const { safe, once } = await gateway.under(LOAD_OF_KILL, async () => {
    const before = gateway.answers(killed);
    await until(() => gateway.answers(killed) > before + 20, 'calls at the one that will be killed');
    await killed.kill();
    await sleep(3_000);
  });
  assert.deepEqual([...safe.keys()], ['200']);
  const lost = once.get('502 PROVIDER_CONNECTION_LOST') ?? 0;
  assert.ok(lost <= LOAD_OF_KILL / 2, `${lost} calls were lost of ${LOAD_OF_KILL / 2} that can be in flight`);
  assert.deepEqual(
    [...once.keys()].filter((outcome) => outcome !== '200' && outcome !== '502 PROVIDER_CONNECTION_LOST'),
    [],
  );
}
