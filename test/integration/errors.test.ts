import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../support/gateway-under-test.ts';
import { DIALECT_NAMES, type RouteInput, typesService } from '../support/types-service.ts';

const ERRORS: RouteInput['errors'] = {
  'com.acme.user.NotFoundException': { status: 404, code: 'USER_NOT_FOUND' },
  'com.acme.user.*': { status: 409 },
  'com.acme.*': { status: 422, code: 'ACME' },
  '*': { status: 418, code: 'ANYTHING' },
};

/** Kind of failure, and what the caller learns of it. */
const EXCEPTIONS: readonly (readonly [kind: string, className: string, message: string, fields?: unknown])[] = [
  ['checked', 'com.acme.user.NotFoundException', 'user 404 does not exist'],
  ['runtime', 'java.lang.RuntimeException', 'something went wrong'],
  ['raw', 'com.acme.user.NotFoundException', 'user 404 does not exist', { code: 4041, missingId: 404 }],
  ['null-message', 'java.lang.NullPointerException', ''],
  ['class-cast', 'java.lang.ClassCastException', 'class java.lang.Integer cannot be cast to class java.lang.String'],
  ['leaky', 'java.lang.RuntimeException', 'Failed to call [address], cause: java.net.ConnectException'],
];

describe('a business exception', { concurrency: true }, () => {
  for (const dialect of DIALECT_NAMES) {
    it(`of a ${dialect} provider is a 500 with class, message and fields, and its stack in the log`, async (context) => {
      const provider = await startMockProvider({ dialect });
      context.after(() => provider.kill());
      const gateway = await startGatewayUnderTest(failing(provider), context);
      for (const [kind, className, message, fields] of EXCEPTIONS) {
        const problem = await gateway.problem(`/fail/${kind}`);
        const { exception, detail, code, status, title } = problem;
        assert.deepEqual([status, code, title], [500, 'PROVIDER_EXCEPTION', 'Business exception']);
        if (dialect === 'go') {
          assert.equal(exception?.class, 'java.lang.Throwable');
        } else {
          assert.deepEqual(exception, { class: className, message, ...(fields !== undefined && { fields }) });
          assert.equal(detail, message || 'The method threw an exception without a message.');
        }
        const [line, ...more] = await gateway.log.ofRequest(problem.requestId);
        assert.deepEqual([more.length, line?.status, line?.code], [0, 500, 'PROVIDER_EXCEPTION']);
        const logged = line?.error as { stack: string[]; provider: string };
        assert.equal(logged.provider, `127.0.0.1:${provider.port}`);
        if (dialect !== 'go') assert.match(logged.stack[0]!, /\.java:\d+\)$/);
      }
    });
  }

  it('gets the status and code of the route: exact class before package before all', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(failing(provider, ERRORS), context);
    const answerOf = async (className: string) => {
      provider.setFaults([{ method: '*', fault: { exception: { class: className, message: 'm' } } }]);
      const { status, code, exception } = await gateway.problem('/fail/x');
      assert.deepEqual(exception, { class: className, message: 'm' });
      return `${status} ${code}`;
    };
    assert.equal(await answerOf('com.acme.user.NotFoundException'), '404 USER_NOT_FOUND');
    assert.equal(await answerOf('com.acme.user.LockedException'), '409 PROVIDER_EXCEPTION');
    assert.equal(await answerOf('com.acme.user.inner.DeepException'), '409 PROVIDER_EXCEPTION');
    assert.equal(await answerOf('com.acme.order.EmptyException'), '422 ACME');
    assert.equal(await answerOf('com.acmecorp.Exception'), '418 ANYTHING');
    assert.equal(await answerOf('java.lang.IllegalStateException'), '418 ANYTHING');
  });

  it('that is Dubbo’s own tells nothing of the other services', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(failing(provider), context);
    const message = 'Failed to invoke the method pay in the service com.acme.Payment. No provider on 10.0.0.7';
    provider.setFaults([
      { method: '*', fault: { exception: { class: 'org.apache.dubbo.rpc.RpcException', message } } },
    ]);
    const { text } = await gateway.send('/fail/x');
    assert.doesNotMatch(text, /Payment|10\.0\.0\.7/);
    assert.match(gateway.log.text, /Payment/);
  });
});

/** Texts that must never reach a caller, planted where they come from. */
const PROVIDER_CANARIES = [
  'CanaryStack.java:42',
  '10.99.98.97',
  'com.acme.canary.SecretService',
  'canary-host.internal',
  'dubbo://canary',
];
/** Texts that must reach neither a caller nor the log. */
const SECRETS = {
  CANARY_TOKEN: 'canary-token-5e1f',
  CANARY_ATTACHMENT: 'canary-attachment-77aa',
  header: 'canary-header-901b',
  cookie: 'canary-cookie-3c4d',
  query: 'canary-query-8d2e',
};

describe('nothing that is secret gets out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  let provider: MockProvider;
  let gateway: GatewayUnderTest;
  before(async () => {
    provider = await startMockProvider({ dialect: '2.7' });
    const file = join(folder, 'gateway.yaml');
    writeFileSync(
      file,
      `
defaults: { timeoutMs: 200, maxResponseBytes: 1000 }
services:
  types:
    interface: com.acme.types.TypesService
    providers: ["${provider.address}"]
    token: "\${CANARY_TOKEN}"
    methods:
      fail: { parameters: [java.lang.String] }
      number: { name: describeArgs, parameters: [int, int] }
  canary:
    interface: com.acme.canary.SecretService
    providers: ["${provider.address}"]
    token: "\${CANARY_TOKEN}"
    methods: { call: {} }
  down:
    interface: com.acme.canary.SecretService
    providers: ["dubbo://127.0.0.1:1", "dubbo://canary-host.internal.invalid:20880"]
    methods: { call: {} }
routes:
  - id: fail
    match: { path: /fail }
    call: { service: types, method: fail, args: [{ value: checked }], attachments: { secret: { value: "\${CANARY_ATTACHMENT}" } } }
  - { id: number, match: { path: /number }, call: { service: types, method: number, args: [header.authorization, cookie.session] } }
  - { id: canary, match: { path: /canary }, call: { service: canary, method: call } }
  - { id: down, match: { path: /down }, call: { service: down, method: call } }
`,
    );
    const { config, diagnostics } = loadConfig(file, SECRETS);
    assert.ok(config, JSON.stringify(diagnostics));
    gateway = await startGatewayUnderTest(config);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await gateway.stop();
    await provider.kill();
  });

  it('in bodies, headers and, of secrets, in logs', async () => {
    const stack =
      'com.acme.CanaryException: dubbo://canary-host.internal:20880/com.acme.canary.SecretService from /10.99.98.97:20880\n' +
      '\tat com.acme.canary.SecretService.open(CanaryStack.java:42)\n\tat x.Y.z(CanaryStack.java:42)';
    const message = 'refused by canary-host.internal/10.99.98.97:20880, dubbo://canary/com.acme.canary.SecretService';
    const request = {
      headers: { authorization: SECRETS.header, cookie: `session=${SECRETS.cookie}` },
    };
    for (const code of [25, 30, 31, 35, 40, 50, 60, 70, 80, 90, 100, 111]) {
      for (const id23 of [undefined, true] as const) {
        provider.setFaults([{ method: '*', fault: { status: { code, text: stack }, id23 } }]);
        await gateway.problem(`/fail?key=${SECRETS.query}`, request);
      }
    }
    for (const text of [message, `${message}\n${stack}`]) {
      provider.setFaults([{ method: '*', fault: { exception: { class: 'com.acme.X', message: text } } }]);
      await gateway.problem(`/fail?key=${SECRETS.query}`, request);
    }
    provider.setFaults([{ method: '*', fault: { garbage: 100 }, times: 1 }]);
    await gateway.problem('/fail', request);
    provider.setFaults([{ method: '*', fault: { stall: true }, times: 1 }]);
    await gateway.problem('/fail', request);
    provider.clearFaults();
    for (const path of ['/number', '/canary', '/down', '/nothing', '/fail?%zz', '/fail']) {
      await gateway.problem(`${path}${path.includes('?') ? '&' : '?'}key=${SECRETS.query}`, request);
    }

    const answered = gateway.answered.join('\n');
    for (const canary of [...PROVIDER_CANARIES, ...Object.values(SECRETS), `127.0.0.1:${provider.port}`]) {
      assert.equal(answered.includes(canary), false, `an answer holds ${canary}`);
    }
    for (const secret of Object.values(SECRETS)) {
      assert.equal(gateway.log.text.includes(secret), false, `the log holds ${secret}`);
    }
    assert.match(gateway.log.text, /CanaryStack/, 'the log has what the caller must not see');
    assert.equal(provider.calls.at(-1)?.attachments.token, SECRETS.CANARY_TOKEN, 'the token was sent to the provider');
  });

  it('and nothing of a request or a provider breaks a line of the log', async () => {
    const hostile = 'line\r\n{"level":"info","msg":"forged"}\u001b[31m\u202e\u2028\u0000';
    provider.setFaults([{ method: '*', fault: { exception: { class: `com.acme.X${hostile}`, message: hostile } } }]);
    const requests = () => gateway.log.lines.filter(({ msg }) => msg === 'request').length;
    const before = requests();
    await gateway.problem('/fail', { headers: { 'x-request-id': 'forged"id', 'user-agent': 'a"b' } });
    await gateway.problem(`/%0d%0a%1b%5b31m${encodeURIComponent('\u202e')}`);
    const { text, lines } = gateway.log;
    assert.equal(requests(), before + 2);
    assert.equal(
      lines.some(({ msg }) => msg === 'forged'),
      false,
    );
    assert.deepEqual(
      [...text].filter((character) => character !== '\n' && isInvisible(character)),
      [],
    );
  });
});

describe('the log', () => {
  it('has one line for each request, with all that is known of it', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const gateway = await startGatewayUnderTest(failing(provider), context);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { headers } = await gateway.send('/ok/5?secret=1', { headers: { 'x-request-id': 'r-1', traceparent } });
    assert.equal(headers['x-request-id'], 'r-1');
    const [line, ...more] = await gateway.log.ofRequest('r-1');
    assert.equal(more.length, 0);
    const { time, durationMs, ...rest } = line as { time: string; durationMs: number };
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(durationMs >= 0 && durationMs < 60_000);
    assert.deepEqual(rest, {
      level: 'info',
      msg: 'request',
      requestId: 'r-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      client: '127.0.0.1',
      method: 'GET',
      path: '/ok/5',
      route: 'ok',
      methodKey: 'com.acme.types.TypesService#describeArgs(int)',
      pool: 'normal',
      provider: `127.0.0.1:${provider.port}`,
      status: 200,
      requestBytes: 0,
      responseBytes: 12,
    });
  });
});

/** Control characters, and those that turn text around or break lines. */
function isInvisible(character: string): boolean {
  return /[\p{Cc}\u202a-\u202e\u2028\u2029]/u.test(character);
}

function failing({ address }: MockProvider, errors: RouteInput['errors'] = {}) {
  return {
    services: {
      types: typesService(address, {
        methods: { fail: { parameters: ['String'] }, describeArgs: { parameters: ['int'] } },
      }),
    },
    routes: [
      {
        id: 'fail',
        match: { path: '/fail/:kind' },
        call: { service: 'types', method: 'fail', args: ['path.kind'] },
        errors,
      },
      { id: 'ok', match: { path: '/ok/:n' }, call: { service: 'types', method: 'describeArgs', args: ['path.n'] } },
    ],
  };
}
