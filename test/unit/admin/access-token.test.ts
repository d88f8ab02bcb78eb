import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AccessToken, type WrongTokens } from '../../../src/admin/access-token.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';

const TOKEN = 'correct-horse-battery';
const CLIENT = '10.0.0.1';
const MINUTE_MS = 60_000;

function scene() {
  const reports: WrongTokens[] = [];
  const token = new AccessToken(TOKEN, (wrong) => reports.push(wrong));
  /** The code of the refusal; undefined where the token opens. */
  const refusal = (authorization: readonly string[], client = CLIENT, nowMs = 0): GatewayError | undefined => {
    try {
      token.check(authorization, client, nowMs);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof GatewayError);
      return error;
    }
  };
  return { reports, refusal };
}

describe('AccessToken', () => {
  it('takes its token, whatever the case of the scheme', () => {
    const { refusal } = scene();
    for (const scheme of ['Bearer ', 'bearer ', 'BEARER  ']) assert.equal(refusal([scheme + TOKEN]), undefined, scheme);
  });

  it('refuses everything else, with a challenge', () => {
    const wrong = [
      '',
      TOKEN,
      'Bearer',
      'Bearer ',
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN.toUpperCase()}`,
      `Bearer ${TOKEN} ${TOKEN}`,
      `Bearer "${TOKEN}"`,
      `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}`,
      `Token ${TOKEN}`,
      `XBearer ${TOKEN}`,
    ];
    for (const authorization of wrong) {
      const { refusal } = scene();
      const error = refusal([authorization]);
      assert.equal(error?.code, 'UNAUTHENTICATED', authorization);
      assert.deepEqual(error.headers, { 'www-authenticate': 'Bearer' });
      assert.doesNotMatch(JSON.stringify(error), new RegExp(TOKEN));
    }
  });

  it('looks at no more guesses of a client after twenty within a minute, right or wrong', () => {
    const { refusal } = scene();
    for (let guess = 0; guess < 20; guess++) {
      assert.equal(refusal([`Bearer wrong-${guess}`], CLIENT, guess * 100)?.code, 'UNAUTHENTICATED');
    }
    const limited = refusal([`Bearer ${TOKEN}`], CLIENT, 10_000);
    assert.equal(limited?.code, 'RATE_LIMITED');
    assert.deepEqual(limited.headers, { 'retry-after': '50' });
    assert.equal(refusal([`Bearer ${TOKEN}`], CLIENT, MINUTE_MS - 1)?.code, 'RATE_LIMITED');
    assert.equal(refusal([`Bearer ${TOKEN}`], CLIENT, MINUTE_MS), undefined);
  });

  it('locks out nobody else', () => {
    const { refusal } = scene();
    for (let guess = 0; guess < 30; guess++) refusal(['Bearer wrong'], CLIENT);
    assert.equal(refusal([`Bearer ${TOKEN}`], '10.0.0.2'), undefined);
  });

  it('does not count what brings no token at all', () => {
    const { refusal, reports } = scene();
    for (let request = 0; request < 100; request++) assert.equal(refusal([])?.code, 'UNAUTHENTICATED');
    assert.equal(refusal([`Bearer ${TOKEN}`]), undefined);
    assert.deepEqual(reports, []);
  });

  it('reports wrong tokens at most once a second, with their number', () => {
    const { refusal, reports } = scene();
    for (let guess = 0; guess < 10; guess++) refusal(['Bearer wrong'], `10.0.0.${guess}`, guess * 200);
    assert.deepEqual(reports, [
      { client: '10.0.0.0', attempts: 1 },
      { client: '10.0.0.5', attempts: 5 },
    ]);
  });
});
