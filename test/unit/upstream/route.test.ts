import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteText } from '../../../src/bytes/byte-text.ts';
import { ByteWriter } from '../../../src/bytes/byte-writer.ts';
import { HessianWriter } from '../../../src/hessian/hessian-writer.ts';
import { InvokeTemplate } from '../../../src/invocation/invoke-template.ts';
import { Route } from '../../../src/upstream/route.ts';
import { answerFrame, answerPlan, createDecoder } from '../../support/answer-decoding.ts';
import { body } from '../hessian/bodies.ts';
import { plan, query } from '../transcoder/arguments/argument-cases.ts';
import { type FakeChannel, fakeExchange, fakeProviders } from './fake-channels.ts';

function route(maxFrameBytes = 4096): { route: Route; channels: FakeChannel[]; now: { ms: number } } {
  const { channels, providers } = fakeProviders(1);
  const now = { ms: 10_000 };
  const target = {
    interfaceName: 'demo.Foo',
    version: undefined,
    group: undefined,
    methodName: 'bar',
    parameterTypes: ['java.lang.String'],
    generic: 'true',
    oneway: false,
    timeoutMs: 700,
    application: 'sluice',
    token: undefined,
  } as const;
  const built = new Route({
    id: 'r',
    side: undefined,
    methodKey: 'demo.Foo#bar(java.lang.String)',
    readsBody: false,
    compresses: true,
    maxBodyBytes: 10,
    timeoutMs: 700,
    template: new InvokeTemplate(target, plan(query('x', { required: true }), 'String'), []),
    answerPlan: answerPlan({ attachments: { 'x-cost': 'cost' } }),
    providers,
    hint: undefined,
    retries: 0,
    isIdempotent: false,
    hedging: undefined,
    gate: undefined,
    metrics: undefined,
    writer: new HessianWriter(new ByteWriter(64, maxFrameBytes)),
    decoder: createDecoder(),
    clock: { nowMs: () => now.ms } as never,
  });
  return { route: built, channels, now };
}

function exchangeWith(x: string | undefined) {
  return { ...fakeExchange(), query: () => x };
}

describe('a route', () => {
  it('sends a call and gives its result', async () => {
    const { route: called, channels } = route();
    const exchange = exchangeWith('v');
    const outcome = called.invoke(exchange);
    assert.equal(channels[0]!.calls[0]!.timeoutMs, 700);
    assert.match(channels[0]!.calls[0]!.frame, /^\xda\xbb\xc2/);
    assert.notEqual(exchange.call, undefined);
    channels[0]!.take().onAnswer(answerFrame(body("94 05'hello' 48 04'cost' 02'12' 5a")));
    assert.deepEqual(await outcome, { status: 200, body: new ByteText('"hello"'), headers: { 'x-cost': '12' } });
  });

  it('answers 204 to a null result', async () => {
    const { route: called, channels } = route();
    const outcome = called.invoke(exchangeWith('v'));
    channels[0]!.take().onAnswer(answerFrame(body('92')));
    assert.deepEqual(await outcome, { status: 204, body: undefined, headers: undefined });
  });

  it('rejects wrong arguments before anything is sent, and leaves nothing to cancel', async () => {
    const { route: called, channels } = route();
    const exchange = exchangeWith(undefined);
    await assert.rejects(called.invoke(exchange), { code: 'REQUEST_INVALID', status: 400 });
    assert.equal(channels[0]!.calls.length, 0);
    assert.equal(exchange.call, undefined);
  });

  it('rejects a call that is larger than a frame may be', async () => {
    const { route: called, channels } = route(600);
    await assert.rejects(called.invoke(exchangeWith('x'.repeat(1_000))), { code: 'REQUEST_TOO_LARGE', status: 413 });
    assert.equal(channels[0]!.calls.length, 0);
    const next = called.invoke(exchangeWith('ok'));
    channels[0]!.take().onAnswer(answerFrame(body('91 90')));
    assert.equal((await next).status, 200, 'the next one is as good as ever');
  });

  it('has nothing to cancel where every provider refused at once', async () => {
    const { route: called, channels } = route();
    channels[0]!.behaviour = 'connect-failed';
    const exchange = exchangeWith('v');
    await assert.rejects(called.invoke(exchange), { code: 'PROVIDER_NONE' });
    assert.equal(exchange.call, undefined);
  });
});
