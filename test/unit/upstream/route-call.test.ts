import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANY_PROVIDER } from '../../../src/balancing/balancer.ts';
import { parseProviderAddress } from '../../../src/config/provider-address.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { providerInstance } from '../../../src/registry/provider-record.ts';
import { NO_SETTINGS } from '../../../src/registry/provider-settings.ts';
import { AnswerFrame } from '../../../src/rpc/answer-frame.ts';
import type { CallOutcome } from '../../../src/upstream/exchange.ts';
import { RouteCall } from '../../../src/upstream/route-call.ts';
import { FakeChannel, FakeRoute, fakeExchange, fakeProviders, providersOf } from './fake-channels.ts';

const DEADLINE_MS = 1_500;

/** A call on its way over fake channels. */
function start(providerCount: number, prepare: (channels: FakeChannel[], route: FakeRoute) => void = () => undefined) {
  const { channels, providers } = fakeProviders(providerCount);
  const route = new FakeRoute(providers);
  prepare(channels, route);
  const exchange = fakeExchange();
  const outcomes: (CallOutcome | Error)[] = [];
  const settle = (outcome: unknown) => outcomes.push(outcome as CallOutcome | Error);
  const call = new RouteCall(route, exchange, DEADLINE_MS, settle, settle);
  call.send(route.now);
  return { channels, route, exchange, outcomes, call };
}

function codeOf(outcome: CallOutcome | Error | undefined): string {
  assert.ok(outcome instanceof GatewayError, String(outcome));
  return outcome.code;
}

function tries(channels: readonly FakeChannel[]): number[] {
  return channels.map(({ calls }) => calls.length);
}

describe('a call', () => {
  it('goes to one provider, with the time that is left', () => {
    const { channels, exchange, outcomes } = start(2);
    assert.deepEqual(tries(channels), [1, 0]);
    assert.deepEqual(channels[0]!.calls, [{ frame: 'a frame of the call', timeoutMs: 500 }]);
    assert.equal(exchange.provider, 'p0:20880');
    const frame = new AnswerFrame('p0:20880');
    frame.buffer = Buffer.from('7');
    channels[0]!.take().onAnswer(frame);
    assert.deepEqual(outcomes, [{ status: 200, body: Buffer.from('7'), headers: undefined }]);
    assert.equal(exchange.call, undefined);
  });

  it('brings each provider its own token, and one without none', () => {
    const channels: FakeChannel[] = [];
    const instances = ['one', 'two', ''].map((token, index) =>
      providerInstance({
        address: parseProviderAddress(`dubbo://p${index}:20880`),
        version: '',
        group: '',
        application: '',
        token,
        settings: NO_SETTINGS,
      }),
    );
    const providers = providersOf({ snapshot: { instances, confirmedAtMs: 1 }, close: () => {} }, (address) => {
      const channel = new FakeChannel(address);
      channel.behaviour = 'connect-failed';
      channels.push(channel);
      return channel;
    });
    const outcomes: unknown[] = [];
    const settle = (outcome: unknown) => void outcomes.push(outcome);
    new RouteCall(new FakeRoute(providers), fakeExchange(), DEADLINE_MS, settle, settle).send(1_000);
    assert.equal(outcomes.length, 1);
    assert.deepEqual(
      channels.map(({ calls }) => calls.map(({ frame }) => frame)),
      [['a frame of the call with one'], ['a frame of the call with two'], ['a frame of the call']],
    );
  });

  it('ends with what decoding throws', () => {
    const error = new GatewayError('PROVIDER_EXCEPTION', 'x');
    const { channels, outcomes, exchange } = start(1, (_, route) => {
      route.decodeError = error;
    });
    channels[0]!.take().onAnswer(new AnswerFrame('p0:20880'));
    assert.deepEqual(outcomes, [error]);
    assert.equal(exchange.call, undefined);
  });

  it('has timed out when its answer comes after its deadline, whatever that says', () => {
    for (const [nowMs, isLate] of [
      [DEADLINE_MS, false],
      [DEADLINE_MS + 0.5, true],
    ] as const) {
      const { channels, outcomes, route, exchange } = start(1);
      route.now = nowMs;
      channels[0]!.take().onAnswer(new AnswerFrame('p0:20880'));
      assert.equal(outcomes.length, 1);
      assert.equal(outcomes[0] instanceof Error, isLate);
      if (isLate) assert.equal(codeOf(outcomes[0]), 'PROVIDER_TIMEOUT');
      assert.deepEqual(
        route.ends.map(([outcome]) => outcome),
        [isLate ? 'timeout' : 'ok'],
      );
      assert.equal(exchange.call, undefined);
    }
  });

  it('is 202 as soon as it is sent, where no answer comes', () => {
    const { channels, outcomes, exchange } = start(1);
    channels[0]!.take().onSent();
    assert.deepEqual(outcomes, [{ status: 202, body: undefined, headers: undefined }]);
    assert.equal(exchange.call, undefined);
  });

  it('does not start when its arguments are wrong, and costs no provider its turn', () => {
    const error = new GatewayError('REQUEST_INVALID', 'x');
    const { channels, providers } = fakeProviders(2);
    const route = new FakeRoute(providers);
    route.encodeError = error;
    const never = () => assert.fail('settled');
    const call = new RouteCall(route, fakeExchange(), DEADLINE_MS, never, never);
    assert.throws(
      () => call.send(route.now),
      (thrown) => thrown === error,
    );
    assert.deepEqual(tries(channels), [0, 0]);
    assert.equal(providers.pick(ANY_PROVIDER, 0)?.instance.address.key, 'p0:20880');
  });
});

describe('a call that was not sent', () => {
  for (const reason of [
    'connect-failed',
    'connect-timeout',
    'timeout',
    'connection-lost',
    'protocol-error',
    'backlog-full',
  ] as const) {
    it(`because of ${reason} goes to the next provider, encoded again`, () => {
      const { channels, exchange, outcomes, route } = start(3);
      route.now = 1_200.25;
      channels[0]!.fail(reason, false);
      assert.deepEqual(tries(channels), [1, 1, 0]);
      assert.equal(channels[1]!.calls[0]!.timeoutMs, 299.75, 'the same deadline');
      assert.deepEqual(route.told, [undefined, 300], 'and the provider is told, in whole ms');
      assert.equal(exchange.provider, 'p1:20880');
      assert.deepEqual(outcomes, []);
      assert.notEqual(exchange.call, undefined);
    });
  }

  it('is tried with each provider once, whoever else calls them meanwhile', () => {
    const { channels, outcomes, route } = start(3);
    for (const channel of channels) channel.isUsable = false;
    route.providers.pick(ANY_PROVIDER, 0); // another call's turn
    route.providers.pick(ANY_PROVIDER, 0);
    channels[0]!.fail('connect-failed', false);
    const second = channels.find(({ held }) => held !== undefined)!;
    assert.notEqual(second, channels[0]);
    route.providers.pick(ANY_PROVIDER, 0);
    second.fail('connect-failed', false);
    channels.find(({ held }) => held !== undefined)!.fail('connect-failed', false);
    assert.deepEqual(tries(channels), [1, 1, 1]);
    assert.equal(outcomes.length, 1);
    assert.equal(codeOf(outcomes[0]), 'PROVIDER_NONE');
  });

  it('may be refused by several at once', () => {
    const { channels, outcomes } = start(4, (all) => {
      for (const channel of all) channel.behaviour = 'connect-failed';
      all[3]!.behaviour = 'hold';
    });
    assert.equal(tries(channels)[3], 1);
    assert.ok(tries(channels).every((count) => count <= 1));
    assert.deepEqual(outcomes, []);
    const refused = start(2, (all) => {
      for (const channel of all) channel.behaviour = 'backlog-full';
    });
    assert.deepEqual(tries(refused.channels), [1, 1]);
    assert.equal(codeOf(refused.outcomes[0]), 'PROVIDER_BUSY');
    assert.equal(refused.exchange.call, undefined);
  });

  it('prefers providers that are well', () => {
    const { channels } = start(3, (all) => {
      all[1]!.isUsable = false;
    });
    channels[0]!.fail('connect-failed', false);
    assert.deepEqual(tries(channels), [1, 0, 1]);
    channels[2]!.fail('connect-failed', false);
    assert.deepEqual(tries(channels), [1, 1, 1], 'at last the one that fails at present: it may have recovered');
  });

  it('does not go on after its deadline', () => {
    const { channels, outcomes, route } = start(2);
    route.now = DEADLINE_MS;
    channels[0]!.fail('connect-timeout', false);
    assert.deepEqual(tries(channels), [1, 0]);
    assert.equal(codeOf(outcomes[0]), 'PROVIDER_NONE');
  });

  for (const [reason, code] of [
    ['request-too-large', 'REQUEST_TOO_LARGE'],
    ['client-stopped', 'GATEWAY_STOPPING'],
  ] as const) {
    it(`because of ${reason} goes nowhere else`, () => {
      const { channels, outcomes } = start(2);
      channels[0]!.fail(reason, false);
      assert.deepEqual(tries(channels), [1, 0]);
      assert.equal(codeOf(outcomes[0]), code);
    });
  }

  it('ends with what encoding it again throws', () => {
    const { channels, outcomes, route, exchange } = start(2);
    route.encodeError = new Error('broken');
    channels[0]!.fail('connect-failed', false);
    assert.deepEqual(outcomes, [route.encodeError]);
    assert.equal(exchange.call, undefined);
  });
});

describe('a call that was sent', () => {
  for (const reason of ['timeout', 'connection-lost', 'protocol-error', 'frame-too-large', 'client-stopped'] as const) {
    it(`and ended with ${reason} never goes to another provider`, () => {
      const { channels, outcomes, exchange } = start(3);
      channels[0]!.fail(reason, true);
      assert.deepEqual(tries(channels), [1, 0, 0]);
      assert.equal(outcomes.length, 1);
      assert.equal(exchange.call, undefined);
    });
  }
});

describe('cancelling', () => {
  it('frees the call, and nothing is heard of it', () => {
    const { channels, outcomes, exchange, call } = start(2);
    exchange.call?.cancel();
    assert.equal(channels[0]!.held, undefined);
    assert.equal(call.isPending, false);
    assert.deepEqual(outcomes, []);
    exchange.call?.cancel();
    assert.deepEqual(tries(channels), [1, 0]);
  });

  it('reaches the call where it is now', () => {
    const { channels, exchange } = start(2);
    channels[0]!.fail('connect-failed', false);
    assert.notEqual(channels[1]!.held, undefined);
    exchange.call?.cancel();
    assert.equal(channels[1]!.held, undefined);
  });
});
