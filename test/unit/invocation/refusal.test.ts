import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RESPONSE_STATUS } from '../../../src/dubbo/response-status.ts';
import { GatewayError } from '../../../src/errors/gateway-error.ts';
import { refusalError } from '../../../src/invocation/refusal.ts';
import { answerFrame, answerPlan, createDecoder } from '../../support/answer-decoding.ts';
import { fastestMs } from '../../support/fastest-ms.ts';
import { RECORDED_VERSIONS, recordedCalls } from '../../support/recorded-frames.ts';
import { body } from '../hessian/bodies.ts';

const PROVIDER = '10.0.0.1:20880';

describe('every status', () => {
  const codes: readonly (readonly [status: number, text: string | undefined, code: string])[] = [
    [RESPONSE_STATUS.SERIALIZATION_ERROR, 'Data length too large: 9438063, max payload: 8388608', 'RESPONSE_TOO_LARGE'],
    [RESPONSE_STATUS.SERIALIZATION_ERROR, 'something else', 'PROVIDER_REFUSED'],
    [RESPONSE_STATUS.CLIENT_TIMEOUT, 'x', 'PROVIDER_TIMEOUT'],
    [RESPONSE_STATUS.SERVER_TIMEOUT, 'x', 'PROVIDER_TIMEOUT'],
    [RESPONSE_STATUS.CHANNEL_INACTIVE, 'x', 'PROVIDER_CONNECTION_LOST'],
    [
      RESPONSE_STATUS.BAD_REQUEST,
      'Fail to decode request due to: RpcInvocation [methodName=$invoke]',
      'PROVIDER_REFUSED',
    ],
    [RESPONSE_STATUS.BAD_RESPONSE, 'Data length too large: 9, max payload: 8', 'RESPONSE_TOO_LARGE'],
    [RESPONSE_STATUS.BAD_RESPONSE, 'Serialized class java.util.Optional must implement', 'PROVIDER_REFUSED'],
    [RESPONSE_STATUS.SERVICE_NOT_FOUND, 'x', 'PROVIDER_NONE'],
    [RESPONSE_STATUS.SERVICE_ERROR, 'x', 'PROVIDER_REFUSED'],
    [RESPONSE_STATUS.SERVER_ERROR, 'x', 'PROVIDER_REFUSED'],
    [RESPONSE_STATUS.CLIENT_ERROR, 'x', 'PROVIDER_REFUSED'],
    [RESPONSE_STATUS.SERVER_THREADPOOL_EXHAUSTED, 'x', 'PROVIDER_BUSY'],
    [0, undefined, 'PROVIDER_PROTOCOL'],
    [21, 'x', 'PROVIDER_PROTOCOL'],
    [255, 'x', 'PROVIDER_PROTOCOL'],
  ];

  it('has a code, of those that Dubbo knows', () => {
    const known = new Set(codes.map(([status]) => status));
    for (const status of Object.values(RESPONSE_STATUS)) {
      assert.ok(status === RESPONSE_STATUS.OK || known.has(status), String(status));
    }
  });

  for (const [status, text, code] of codes) {
    it(`${status} "${text}" is ${code}`, () => {
      const error = refusalError(status, text, PROVIDER);
      assert.equal(error.code, code);
      assert.match(error.detail, /^[A-Z].*\.$/);
      assert.equal(error.log?.provider, PROVIDER);
      assert.equal(error.log?.dubboStatus, status);
      assert.equal(error.log?.providerMessage, text ?? '(undecodable)');
    });
  }
});

describe('texts of status 70', () => {
  const texts: readonly (readonly [text: string, code: string, detail: RegExp])[] = [
    [
      'java.lang.RuntimeException: Failed to set pojo User property vip value class java.lang.Integer, cause: argument type mismatch',
      'REQUEST_INVALID',
      /Failed to set pojo User property vip/,
    ],
    [
      'org.apache.dubbo.rpc.RpcException: java.lang.NumberFormatException: For input string: "x"',
      'REQUEST_INVALID',
      /: For input string: "x"$/,
    ],
    ['java.lang.IllegalArgumentException: No enum constant a.B.C', 'REQUEST_INVALID', /No enum constant a\.B\.C$/],
    [
      'java.lang.IllegalStateException: Failed to parse date x by format yyyy',
      'REQUEST_INVALID',
      /Failed to parse date/,
    ],
    ['java.lang.IllegalArgumentException: CAN NOT convert String(xy) to char!', 'REQUEST_INVALID', /CAN NOT convert/],
    [
      'a.b.RpcException: GenericFilter#invoke args.length != types.length, please check your params',
      'REQUEST_INVALID',
      /args\.length/,
    ],
    ['a.b.RpcException: No such method nope in class interface demo.Foo', 'PROVIDER_REFUSED', /no such method/],
    ['com.alibaba.dubbo.rpc.RpcException: demo.Foo.nope(java.lang.String)', 'PROVIDER_REFUSED', /no such method/],
    ['com.alibaba.dubbo.rpc.RpcException: demo.Foo.nope()', 'PROVIDER_REFUSED', /no such method/],
    [
      'java.lang.IllegalStateException: Not unique method for method name(x)',
      'PROVIDER_REFUSED',
      /several such methods/,
    ],
    [
      'a.b.RemotingException: Not found exported service: demo.Nope:20880 in [secret.Service:20880]',
      'PROVIDER_NONE',
      /does not export/,
    ],
    ['a.b.RpcException: Invalid token! Forbid invoke remote service', 'PROVIDER_REFUSED', /token/],
    ['java.lang.NullPointerException', 'PROVIDER_REFUSED', /could not run/],
    ['', 'PROVIDER_REFUSED', /could not run/],
    // Below the first line may stand anything.
    [
      'java.lang.NullPointerException\n\tat a.B.c(B.java:1)\nCaused by: x.Y: For input string: "x"',
      'PROVIDER_REFUSED',
      /could not run/,
    ],
  ];
  for (const [text, code, detail] of texts) {
    it(`"${text.slice(0, 70)}" is ${code}`, () => {
      const error = refusalError(RESPONSE_STATUS.SERVICE_ERROR, text, PROVIDER);
      assert.equal(error.code, code);
      assert.match(error.detail, detail);
      assert.doesNotMatch(error.detail, /Exception:|secret\.Service|\tat |java\.lang\.Number/);
    });
  }

  it('show no addresses and are short', () => {
    const text = `a.b.E: Failed to set pojo from /10.1.2.3:20880 and [::1]:99 ${'x'.repeat(5_000)}`;
    const { detail, log } = refusalError(70, text, PROVIDER);
    assert.match(detail, /from \[address\] and \[address\] x/);
    assert.ok(detail.length < 400);
    assert.ok(String(log?.providerMessage).length <= 4_000);
  });

  it('cost no more when they are long or strange', () => {
    const strange = [
      'a.'.repeat(100_000),
      `${'a'.repeat(100_000)}(`,
      '\n'.repeat(100_000),
      'a.b.E: '.repeat(50_000),
      '('.repeat(100_000),
    ];
    for (const text of strange) {
      assert.ok(fastestMs(3, () => refusalError(70, text, PROVIDER)) < 200, `${text.slice(0, 10)}…`);
    }
  });
});

describe('refusals of real providers', () => {
  it('get the code of their text, and show nothing else of it', () => {
    let seen = 0;
    for (const { version, name, response } of RECORDED_VERSIONS.flatMap(recordedCalls)) {
      if (response === undefined || response[3] === 20 || (response[2]! & 0xa0) !== 0) continue;
      const frame = answerFrame(response.subarray(16), response[3], response[2]! & 0x1f);
      const error = caught(() => createDecoder().decode(frame, answerPlan()));
      seen++;
      assert.notEqual(error.log?.providerMessage, '(undecodable)', `${version} ${name}`);
      assert.doesNotMatch(error.detail, /\n|\tat |192\.0\.2|127\.0\.0\.1|:2088\d| in \[/, `${version} ${name}`);
      assert.notEqual(error.code, 'PROVIDER_PROTOCOL', `${version} ${name}`);
    }
    assert.ok(seen > 40, `${seen} refusals`);
  });

  it('that cannot be read still have their status', () => {
    for (const [notation, serialization] of [
      ['', 2],
      ['90', 2],
      ["05'ab'", 2],
      ['00000005', 23],
      ["03'abc'", 16],
    ] as const) {
      const error = caught(() => createDecoder().decode(answerFrame(body(notation), 100, serialization), answerPlan()));
      assert.deepEqual([error.code, error.log?.providerMessage], ['PROVIDER_BUSY', '(undecodable)']);
    }
  });
});

function caught(action: () => unknown): GatewayError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}
