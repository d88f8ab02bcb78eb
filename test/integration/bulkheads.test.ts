import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import type { MethodsSnapshot } from '../../src/bulkhead/method-snapshot.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { startDemoShop } from '../support/demo-shop.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import type { Reply } from '../support/http-caller.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { until } from '../support/until.ts';

const KEY_A = 'demo.Shop#a()';
const KEY_B = 'demo.Shop#b()';
/** Far more than an answer takes, also on a machine that stands still for a second. */
const A_TIMEOUT_MS = 2_000;
/** Rules under which a method goes into quarantine by time-outs alone and can come back within a second. */
const QUICK = { timeouts: 5, slowCallMs: 60_000, probeShare: 0.5, recoverAfter: 3, minQuarantineMs: 300 };

/** A provider whose methods `a` and `b` answer at once, or when they are let go. */
class Shop {
  readonly provider: MockProvider;
  readonly #held: Record<string, (() => void)[]>;
  readonly #isHolding: Record<string, boolean>;

  private constructor(provider: MockProvider, held: Record<string, (() => void)[]>, holding: Record<string, boolean>) {
    this.provider = provider;
    this.#held = held;
    this.#isHolding = holding;
  }

  static async start(context: TestContext): Promise<Shop> {
    const held: Record<string, (() => void)[]> = { a: [], b: [] };
    const isHolding: Record<string, boolean> = { a: false, b: false };
    const hold = (name: string) => async () => {
      if (isHolding[name]) await new Promise<void>((resolve) => held[name]!.push(resolve));
      return name;
    };
    const methods = ['a', 'b'].map((name) => method(name, [], 'volatile', hold(name)));
    const { provider } = await startDemoShop(context, methods);
    return new Shop(provider, held, isHolding);
  }

  /** From now on calls of a method get no answer until `letGo`. */
  hold(name: string): void {
    this.#isHolding[name] = true;
  }

  /** Number of calls of a method that wait for their answer. */
  heldCalls(name: string): number {
    return this.#held[name]!.length;
  }

  /** Answers the calls that are held; with no number all, and those that come from now on at once. */
  letGo(name: string, count?: number): void {
    if (count === undefined) this.#isHolding[name] = false;
    const held = this.#held[name]!;
    for (const resolve of held.splice(0, count ?? held.length)) resolve();
  }
}

async function start(
  context: TestContext,
  bulkhead: GatewayConfigInput['bulkhead'],
  aTimeoutMs?: number,
): Promise<{ shop: Shop; gateway: GatewayUnderTest }> {
  const shop = await Shop.start(context);
  const gateway = await startGatewayUnderTest(
    {
      bulkhead,
      services: {
        shop: {
          interface: 'demo.Shop',
          providers: [shop.provider.address],
          methods: { a: aTimeoutMs === undefined ? {} : { timeoutMs: aTimeoutMs }, b: {} },
        },
      },
      routes: ['a', 'b'].map((name) => ({
        id: name,
        match: { path: `/${name}` },
        call: { service: 'shop', method: name },
      })),
    },
    context,
  );
  return { shop, gateway };
}

function send(gateway: GatewayUnderTest, path: string, count: number): Promise<Reply>[] {
  return Array.from({ length: count }, () => gateway.send(path));
}

function stateOf(gateway: GatewayUnderTest, key: string): string | undefined {
  return gateway.load.bulkheads!.methods.find(key)?.state;
}

/** Slots in use: normal, slow, heartbeat. */
function slots(gateway: GatewayUnderTest): number[] {
  const { normal, slow, heartbeat } = gateway.load.bulkheads!.pools;
  return [normal.active, slow.active, heartbeat.active];
}

async function assertIdle(gateway: GatewayUnderTest): Promise<void> {
  await gateway.idle();
  assert.deepEqual(slots(gateway), [0, 0, 0]);
  assert.equal(gateway.load.bulkheads!.pools.waiting, 0);
  await until(() => gateway.load.admission!.status.inFlight === 0, 'no request in flight');
  assert.equal(gateway.load.admission!.status.inFlightBytes, 0);
}

/** The pool of each answered request of a route, as the log says. */
function poolsInLog(gateway: GatewayUnderTest, route: string): unknown[] {
  return gateway.log.lines.filter((line) => line.msg === 'request' && line.route === route).map(({ pool }) => pool);
}

function changes(gateway: GatewayUnderTest): string[] {
  return gateway.log.lines
    .filter(({ msg }) => msg === 'method quarantined' || msg === 'method released')
    .map(({ msg, method: key, by }) => `${msg} ${key} by ${by}`);
}

describe('a method that does not answer', { concurrency: true }, () => {
  it('goes into quarantine, does not touch the other, and comes back by itself when it is well', async (context) => {
    const { shop, gateway } = await start(context, { quarantine: QUICK }, A_TIMEOUT_MS);
    assert.equal(await gateway.json('/a'), 'a');
    shop.hold('a');
    const replies = await Promise.all(send(gateway, '/a', QUICK.timeouts));
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([504]));
    assert.equal(stateOf(gateway, KEY_A), 'quarantined');
    const timedOut = await Promise.all(send(gateway, '/a', 4));
    assert.deepEqual(new Set(timedOut.map(({ status }) => status)), new Set([504]), 'it is called all the same');
    assert.equal(await gateway.json('/b'), 'b');
    assert.deepEqual([stateOf(gateway, KEY_B), poolsInLog(gateway, 'b')], ['healthy', ['normal']]);
    shop.letGo('a');
    await until(async () => {
      await gateway.send('/a');
      return stateOf(gateway, KEY_A) === 'healthy';
    }, 'the end of the quarantine');
    await gateway.json('/a');
    const pools = poolsInLog(gateway, 'a');
    assert.deepEqual([pools[0], pools.at(-1)], ['normal', 'normal']);
    assert.deepEqual(new Set(pools.slice(6, -1)), new Set(['slow', 'heartbeat']));
    assert.deepEqual(changes(gateway), [
      `method quarantined ${KEY_A} by gateway`,
      `method released ${KEY_A} by gateway`,
    ]);
    await assertIdle(gateway);
  });

  it('has its calls in flight booked over, so that the others have the normal pool at once', async (context) => {
    const { shop, gateway } = await start(context, {
      normal: { size: 4, maxMethodShare: 1 },
      slow: { size: 20, maxMethodShare: 1 },
      // Long enough to see what it is like before.
      quarantine: { ...QUICK, slowCallMs: 3_000, minCalls: 4 },
    });
    shop.hold('a');
    const held = send(gateway, '/a', 4);
    await until(() => shop.heldCalls('a') === 4, 'calls at the provider');
    assert.deepEqual(slots(gateway), [4, 0, 0]);
    assert.equal((await gateway.problem('/b')).code, 'BULKHEAD_FULL', 'before anybody can know');
    await until(() => stateOf(gateway, KEY_A) === 'quarantined', 'the quarantine, without one call ended');
    assert.deepEqual(slots(gateway), [0, 4, 0]);
    shop.hold('b');
    const others = send(gateway, '/b', 4);
    await until(() => shop.heldCalls('b') === 4, 'four calls of the other');
    assert.deepEqual(slots(gateway), [4, 4, 0]);
    shop.letGo('a');
    shop.letGo('b');
    for (const reply of [...held, ...others]) assert.equal((await reply).status, 200);
    assert.deepEqual(poolsInLog(gateway, 'a'), ['slow', 'slow', 'slow', 'slow']);
    await assertIdle(gateway);
  });

  it('leaves the others their slots before anybody has noticed: no method has more than its share', async (context) => {
    const { shop, gateway } = await start(context, {
      normal: { size: 8, maxMethodShare: 0.5 },
      slow: { size: 4, maxMethodShare: 0.5 },
      quarantine: QUICK,
    });
    shop.hold('a');
    const held = send(gateway, '/a', 6);
    await until(() => shop.heldCalls('a') === 6, 'calls at the provider');
    assert.deepEqual(slots(gateway), [4, 2, 0], 'its share of normal, and of slow what goes beyond');
    for (let call = 0; call < 3; call++) {
      const { status, text } = await gateway.send('/a');
      const { code, pool } = JSON.parse(text) as { code: string; pool: string };
      assert.deepEqual([status, code, pool], [503, 'BULKHEAD_FULL', 'slow']);
    }
    assert.equal(stateOf(gateway, KEY_A), 'healthy');
    const others = await Promise.all(send(gateway, '/b', 4));
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([200]));
    shop.letGo('a');
    for (const reply of held) assert.equal((await reply).status, 200);
    const { overflowedTotal, rejectedTotal } = gateway.load.bulkheads!.pools.status('normal');
    assert.deepEqual([overflowedTotal, rejectedTotal], [5, 0]);
    await assertIdle(gateway);
  });

  it('stays where it is under `quarantine: off`', async (context) => {
    const { shop, gateway } = await start(context, { quarantine: 'off' }, A_TIMEOUT_MS);
    shop.hold('a');
    await Promise.all(send(gateway, '/a', 30));
    assert.equal(stateOf(gateway, KEY_A), 'healthy');
    const { window } = statusOf(gateway).methods[0]!;
    assert.deepEqual([window.calls, window.timeouts], [30, 30], 'it is counted all the same');
    assert.deepEqual(new Set(poolsInLog(gateway, 'a')), new Set(['normal']));
    assert.deepEqual(changes(gateway), []);
    await assertIdle(gateway);
  });

  it('is bounded by nothing under `bulkhead: off`', async (context) => {
    const { shop, gateway } = await start(context, 'off');
    assert.equal(gateway.load.bulkheads, undefined);
    shop.hold('a');
    const held = send(gateway, '/a', 300);
    await until(() => shop.heldCalls('a') === 300, 'all calls at the provider');
    shop.letGo('a');
    for (const reply of held) assert.equal((await reply).status, 200);
    assert.deepEqual(new Set(poolsInLog(gateway, 'a')), new Set([undefined]));
    await gateway.idle();
  });
});

describe('calls that may wait for a slot', { concurrency: true }, () => {
  const WAITING: GatewayConfigInput['bulkhead'] = {
    normal: { size: 2, maxMethodShare: 1, maxWaitMs: 8_000 },
    quarantine: 'off',
  };

  it('are sent when others end, no more at a time than there are slots', async (context) => {
    const { shop, gateway } = await start(context, WAITING);
    shop.hold('a');
    const replies = send(gateway, '/a', 6);
    for (let served = 0; served < 6; served += 2) {
      const { pools } = gateway.load.bulkheads!;
      await until(() => shop.heldCalls('a') === 2 && pools.waiting === 4 - served, 'two calls at the provider');
      assert.deepEqual(slots(gateway), [2, 0, 0]);
      shop.letGo('a', 2);
    }
    for (const reply of replies) assert.equal((await reply).status, 200);
    assert.equal(shop.provider.stats.requests, 6);
    await assertIdle(gateway);
  });

  it('are refused when they have waited for long enough', async (context) => {
    const { shop, gateway } = await start(context, {
      normal: { size: 1, maxMethodShare: 1, maxWaitMs: 2_000, maxQueue: 2 },
      quarantine: 'off',
    });
    shop.hold('a');
    const held = gateway.send('/a');
    await until(() => shop.heldCalls('a') === 1, 'the call at the provider');
    const codes = (await Promise.all(send(gateway, '/b', 3))).map(({ text }) => JSON.parse(text).code);
    assert.deepEqual(codes, ['BULKHEAD_FULL', 'BULKHEAD_FULL', 'BULKHEAD_FULL']);
    const { rejectedTotal, waitTimedOutTotal } = gateway.load.bulkheads!.pools.status('normal');
    assert.deepEqual([rejectedTotal, waitTimedOutTotal], [3, 2], 'one found the line full');
    shop.letGo('a');
    assert.equal((await held).status, 200);
    assert.equal(shop.provider.stats.requests, 1, 'who is refused is never sent');
    await assertIdle(gateway);
  });

  it('leave the line when their client leaves', async (context) => {
    const { shop, gateway } = await start(context, WAITING);
    shop.hold('a');
    const held = send(gateway, '/a', 2);
    await until(() => shop.heldCalls('a') === 2, 'the calls at the provider');
    const leaver = await RawConnection.open(gateway.port);
    leaver.send('GET /b HTTP/1.1\r\nHost: h\r\n\r\n');
    await until(() => gateway.load.bulkheads!.pools.waiting === 1, 'the call in the line');
    const stayer = gateway.send('/b');
    await until(() => gateway.load.bulkheads!.pools.waiting === 2, 'the next in the line');
    leaver.destroy();
    await until(() => gateway.load.bulkheads!.pools.waiting === 1, 'its free place');
    shop.letGo('a');
    for (const reply of [...held, stayer]) assert.equal((await reply).status, 200);
    assert.equal(shop.provider.stats.requests, 3);
    await assertIdle(gateway);
  });

  it('time out like any other when too little of their time is left', async (context) => {
    const { shop, gateway } = await start(context, { ...WAITING, normal: { ...WAITING.normal, size: 1 } }, 3_000);
    shop.hold('b');
    shop.hold('a');
    const held = gateway.send('/b');
    await until(() => shop.heldCalls('b') === 1, 'the call at the provider');
    const waiting = gateway.problem('/a');
    await until(() => gateway.load.bulkheads!.pools.waiting === 1, 'the call in the line');
    shop.letGo('b');
    assert.equal((await held).status, 200);
    assert.equal((await waiting).code, 'PROVIDER_TIMEOUT');
    await assertIdle(gateway);
  });
});

function statusOf(gateway: GatewayUnderTest): MethodsSnapshot {
  return gateway.load.bulkheads!.status(performance.now(), 0);
}
