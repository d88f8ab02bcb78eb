import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import { bulkheadsAnswer } from '../../src/admin/answers/bulkheads-answer.ts';
import { configAnswer, validationAnswer } from '../../src/admin/answers/config-answers.ts';
import {
  connectionsAnswer,
  providersAnswer,
  routesAnswer,
  servicesAnswer,
} from '../../src/admin/answers/inventory-answers.ts';
import { methodAnswer } from '../../src/admin/answers/method-answer.ts';
import { plansAnswer } from '../../src/admin/answers/plans-answer.ts';
import { workersAnswer } from '../../src/admin/answers/workers-answer.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { type CapturedLog, captureLog } from '../support/captured-log.ts';
import type { HttpCaller } from '../support/http-caller.ts';
import { startListening } from '../support/listening-gateway.ts';
import { until } from '../support/until.ts';

const API = '/admin/v1';
const KEY_A = 'demo.Shop:1.0.0#a(java.lang.String,int)';
const KEY_B = 'demo.Shop:1.0.0#b()';

const NOT_KNOWN = 'is not known here, so this value is not checked';

/** A gateway with both its ports, in front of a provider whose methods answer when they are let go. */
interface Operated {
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
  readonly log: CapturedLog;
  readonly provider: MockProvider;
  /** From now on calls of `b` wait. */
  hold(): void;
  /** Number of calls of `b` that wait. */
  held(): number;
  letGo(): void;
}

async function start(
  context: TestContext,
  input: GatewayConfigInput = {},
  variables: Record<string, string> = {},
): Promise<Operated> {
  const waiting: (() => void)[] = [];
  let isHolding = false;
  const b = async () => {
    if (isHolding) await new Promise<void>((resolve) => waiting.push(resolve));
    return 'b';
  };
  const letGo = () => {
    isHolding = false;
    for (const resolve of waiting.splice(0)) resolve();
  };
  const provider = await startMockProvider({
    services: [
      {
        name: 'demo.Shop',
        version: '1.0.0',
        group: '',
        classes: new Map(),
        methods: [method('a', ['java.lang.String', 'int'], 'volatile', () => 'a'), method('b', [], 'volatile', b)],
      },
    ],
  });
  const text = JSON.stringify({
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    defaults: { timeoutMs: 8_000, connectTimeoutMs: 5_000 },
    services: {
      shop: {
        interface: 'demo.Shop',
        version: '1.0.0',
        providers: [provider.address],
        methods: { a: { parameters: ['java.lang.String', 'int'], timeoutMs: 700 }, b: {} },
      },
    },
    routes: [
      {
        id: 'a',
        match: { path: '/a/:id', headers: { 'x-tenant': 'acme' } },
        call: { service: 'shop', method: 'a', args: ['path.id', { value: 7 }] },
        timeoutMs: 7_000,
      },
      { id: 'b', match: { path: '/b' }, call: { service: 'shop', method: 'b' } },
    ],
    ...input,
  });
  const { config, diagnostics, secretPaths } = parseConfig(text, 'test.yaml', variables);
  assert.ok(config, JSON.stringify(diagnostics));
  const log = captureLog();
  const gateway = assembleGateway(config, {
    logger: log.logger,
    files: { path: 'test.yaml', files: [], secretFiles: [], secretPaths, fingerprint: '' },
    watchFiles: false,
  });
  context.after(letGo);
  const { http, admin } = await startListening(context, gateway);
  context.after(() => provider.kill());
  const hold = () => {
    isHolding = true;
  };
  return { http, admin, log, provider, hold, held: () => waiting.length, letGo };
}

function act({ admin }: Operated, action: string, key = KEY_B, body: unknown = {}) {
  const path = `${API}/methods/${encodeURIComponent(key)}/${action}`;
  return admin.json(path, { method: 'POST', body }).then((json) => methodAnswer.parse(json));
}

async function status({ admin }: Operated, query = '') {
  return bulkheadsAnswer.parse(await admin.json(`${API}/bulkheads${query}`));
}

/** The pools of the requests of a route, in turn, as the log says. */
function poolsInLog({ log }: Operated, route: string): unknown[] {
  return log.lines.filter((line) => line.msg === 'request' && line.route === route).map(({ pool }) => pool);
}

describe('an operator', { concurrency: true }, () => {
  it('sees a quarantine by hand at once, in the status and in the pool of the next calls', async (context) => {
    const operated = await start(context);
    assert.equal(await operated.http.json('/b'), 'b');
    const answer = await act(operated, 'quarantine', KEY_B, { reason: 'moved' });
    assert.deepEqual([answer.state, answer.reason, answer.by], ['quarantined', 'moved', 'operator']);
    const { methods, events } = await status(operated, '?state=quarantined');
    assert.deepEqual(methods, [answer]);
    assert.deepEqual(
      events.map(({ at: _, ...event }) => event),
      [{ method: KEY_B, from: 'healthy', to: 'quarantined', reason: 'moved', by: 'operator' }],
    );
    for (let call = 0; call < 3; call++) assert.equal(await operated.http.json('/b'), 'b');
    await until(() => poolsInLog(operated, 'b').length === 4, 'the log lines');
    const pools = poolsInLog(operated, 'b');
    assert.equal(pools[0], 'normal');
    assert.ok(!pools.slice(1).includes('normal') && pools.includes('slow'), String(pools));

    const released = await act(operated, 'release');
    assert.equal(released.state, 'healthy');
    assert.equal(await operated.http.json('/b'), 'b');
    await until(() => poolsInLog(operated, 'b').length === 5, 'the log line');
    assert.equal(poolsInLog(operated, 'b')[4], 'normal');
    assert.deepEqual(
      operated.log.lines
        .filter(({ by }) => by === 'operator')
        .map(({ level, msg, method, reason }) => [level, msg, method, reason]),
      [
        ['warn', 'method quarantined', KEY_B, 'moved'],
        ['info', 'method released', KEY_B, 'released by an operator'],
      ],
    );
  });

  it('keeps a pinned method where it is, whatever its calls show', async (context) => {
    const quarantine = { slowCallMs: 5_000, recoverAfter: 1, minQuarantineMs: 1, probeShare: 1 };
    const operated = await start(context, { bulkhead: { quarantine } });
    await act(operated, 'pin');
    await act(operated, 'quarantine');
    for (let call = 0; call < 5; call++) await operated.http.json('/b');
    const pinned = await act(operated, 'pin');
    assert.deepEqual([pinned.state, pinned.pinned, pinned.earliestRelease], ['quarantined', true, null]);
    assert.equal((await act(operated, 'unpin')).pinned, false);
    for (let call = 0; call < 5; call++) await operated.http.json('/b');
    const [seen] = (await status(operated)).methods;
    assert.deepEqual([seen?.state, seen?.by], ['healthy', 'gateway']);
  });

  it('may be two, and each sees the true state', async (context) => {
    const operated = await start(context);
    const acts = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 'release' : 'quarantine'));
    const answers = await Promise.all(acts.map((action) => act(operated, action)));
    for (const [index, { state }] of answers.entries()) {
      assert.equal(state, acts[index] === 'release' ? 'healthy' : 'quarantined');
    }
    const { methods, events } = await status(operated);
    assert.equal(methods[0]!.state, events.at(-1)!.to);
    assert.equal(methods[0]!.quarantinedTotal, events.filter(({ to }) => to === 'quarantined').length);
    for (const [index, { from, to }] of events.entries()) {
      assert.notEqual(from, to);
      if (index > 0) assert.equal(from, events[index - 1]!.to);
    }
    assert.deepEqual(await act(operated, methods[0]!.state === 'healthy' ? 'release' : 'quarantine'), methods[0]);
  });

  it('learns the nearest keys where a method is unknown', async (context) => {
    const { admin } = await start(context);
    const path = `${API}/methods/${encodeURIComponent('demo.Shop:1.0.0#a()')}/quarantine`;
    const { status: code, text } = await admin.send(path, { method: 'POST' });
    assert.deepEqual([code, (JSON.parse(text) as { nearest: unknown }).nearest], [404, [KEY_A]]);
  });

  it('is answered while the gateway is full, and health checks are', async (context) => {
    const operated = await start(context, { admission: { maxInFlight: 2, maxQueue: 1, maxWaitMs: 8_000 } });
    operated.hold();
    const calls = [operated.http.send('/b'), operated.http.send('/b')];
    await until(() => operated.held() === 2, 'two calls at the provider');
    calls.push(operated.http.send('/b'));
    for (let look = 0; (await status(operated)).admission?.waiting !== 1; look++) assert.ok(look < 1_000);
    assert.equal((await operated.http.problem('/b')).code, 'ADMISSION_QUEUE_FULL');
    const admission = (await status(operated)).admission!;
    assert.deepEqual([admission.inFlight, admission.waiting, admission.queueFullTotal], [2, 1, 1]);
    assert.equal((await operated.admin.send('/healthz')).status, 200);
    assert.equal((await operated.admin.send('/readyz')).status, 200);
    assert.equal((await act(operated, 'quarantine')).state, 'quarantined');
    assert.deepEqual((await status(operated)).methods[0]!.active, { normal: 0, slow: 2, heartbeat: 0 });
    operated.letGo();
    for (const call of calls) assert.equal((await call).status, 200);
  });

  it('changes nothing by looking, however often and during load', async (context) => {
    const operated = await start(context);
    const calls = Array.from({ length: 300 }, () => operated.http.send('/b'));
    const looks = Array.from({ length: 100 }, () => status(operated));
    for (const call of calls) assert.equal((await call).status, 200);
    await Promise.all(looks);
    const { pools, admission, methods, events } = await status(operated);
    const [b, ...others] = methods;
    assert.deepEqual([b?.key, b?.window.calls, others, events], [KEY_B, 300, [], []]);
    assert.deepEqual([pools!.normal.active, pools!.normal.rejectedTotal], [0, 0]);
    assert.deepEqual([admission!.inFlight, admission!.inFlightBytes, admission!.queueFullTotal], [0, 0, 0]);
    assert.equal(operated.provider.stats.requests, 300);
  });
});

describe('the admin API of a running gateway', { concurrency: true }, () => {
  it('shows services, providers, connections and routes', async (context) => {
    const operated = await start(context);
    const { admin, provider } = operated;
    const address = provider.address.slice('dubbo://'.length);
    const before = providersAnswer.parse(await admin.json(`${API}/providers`)).providers[0]!;
    assert.deepEqual(
      [before.address, before.services, before.state, before.connections],
      [address, ['shop'], 'idle', 0],
    );
    assert.deepEqual(connectionsAnswer.parse(await admin.json(`${API}/connections`)).connections, []);
    assert.deepEqual(workersAnswer.parse(await admin.json(`${API}/workers`)), { workers: [] });
    assert.equal(await operated.http.json('/b'), 'b');
    const after = providersAnswer.parse(await admin.json(`${API}/providers`)).providers[0]!;
    assert.deepEqual([after.state, after.connections, after.pending, after.lastFailure], ['connected', 1, 0, null]);
    assert.deepEqual([after.counters.sent, after.counters.answered], [1, 1]);
    const [connection] = connectionsAnswer.parse(await admin.json(`${API}/connections`)).connections;
    assert.deepEqual([connection?.provider, connection?.state, connection?.pending], [address, 'open', 0]);
    assert.ok(Math.abs(Date.parse(connection!.since) - Date.now()) < 60_000);
    assert.deepEqual(servicesAnswer.parse(await admin.json(`${API}/services`)).services, [
      {
        name: 'shop',
        interface: 'demo.Shop',
        version: '1.0.0',
        group: null,
        generic: 'true',
        timeoutMs: 8_000,
        registry: null,
        confirmedAt: null,
        providers: { total: 1, usable: 1, disabled: 0, ejected: 0, unusable: 0 },
        methods: [
          { name: 'a', key: KEY_A, timeoutMs: 700, oneway: false },
          { name: 'b', key: KEY_B, timeoutMs: 8_000, oneway: false },
        ],
      },
    ]);
    await act(operated, 'quarantine');
    const { routes } = routesAnswer.parse(await admin.json(`${API}/routes`));
    assert.deepEqual(routes[0], {
      id: 'a',
      match: { method: 'GET', path: '/a/:id', host: null, headers: { 'x-tenant': 'acme' }, query: {}, cookie: {} },
      service: 'shop',
      method: KEY_A,
      pool: 'normal',
      timeoutMs: 7_000,
      arguments: [
        { source: 'path.id', type: 'java.lang.String' },
        { source: 'value', type: 'int' },
      ],
      split: null,
      mirror: null,
    });
    assert.deepEqual([routes[1]?.id, routes[1]?.pool, routes.length], ['b', 'slow', 2]);
  });

  it('tells how a provider fails', async (context) => {
    const operated = await start(context);
    await operated.provider.kill();
    assert.equal((await operated.http.send('/b')).status, 503);
    const [failing] = providersAnswer.parse(await operated.admin.json(`${API}/providers`)).providers;
    assert.equal(failing?.state, 'failing');
    assert.match(failing.lastFailure!.message, /ECONNREFUSED/);
    const [shop] = servicesAnswer.parse(await operated.admin.json(`${API}/services`)).services;
    assert.deepEqual(shop?.providers, { total: 1, usable: 0, disabled: 0, ejected: 0, unusable: 1 });
  });

  it('shows the configuration with defaults, and no secret of it anywhere', async (context) => {
    const secret = 'hunter2-hunter2-hunter2';
    const operated = await start(
      context,
      {
        server: {
          http: { host: '127.0.0.1', port: 0 },
          admin: { port: 0, token: secret },
          drainTimeoutMs: 500,
        },
        routes: [
          {
            id: 'b',
            match: { path: '/b', headers: { 'x-key': `\${API_KEY}` } },
            call: { service: 'shop', method: 'b', attachments: { key: { value: `\${API_KEY}` } } },
          },
        ],
      },
      { API_KEY: 'hunter2-of-a-variable' },
    );
    const headers = { authorization: `Bearer ${secret}` };
    const config = configAnswer.parse(
      await operated.admin.json(`${API}/config`, { headers }),
    ) as unknown as GatewayConfigInput;
    assert.equal(config.server?.admin?.token, '***');
    assert.equal(config.defaults?.timeoutMs, 8_000);
    assert.deepEqual(config.routes?.[0]?.match.headers, { 'x-key': '***' });
    assert.equal((await operated.http.send('/b', { headers: { 'x-key': 'hunter2-of-a-variable' } })).status, 200);
    const { endpoints } = await operated.admin.json<{ endpoints: { method: string; path: string }[] }>(API, {
      headers,
    });
    const paths = endpoints
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path.replace('{key}', encodeURIComponent(KEY_B)));
    assert.ok(paths.length >= 9);
    for (const path of [...paths, '/metrics']) {
      assert.doesNotMatch(await operated.admin.text(path, { headers }), /hunter2/, path);
    }
    assert.doesNotMatch(operated.log.text, /hunter2/);
  });

  it('checks a configuration without a look at its own environment and files', async (context) => {
    const { admin } = await start(context);
    const validate = async (body: string, type = 'application/yaml') => {
      const options = { method: 'POST', body, headers: { 'content-type': type } };
      return validationAnswer.parse(await admin.json(`${API}/config/validate`, options));
    };
    assert.deepEqual(await validate('{"services":{}}', 'application/json'), {
      valid: true,
      errors: 0,
      warnings: 0,
      diagnostics: [],
      changes: {
        routes: { added: [], removed: ['a', 'b'], changed: [] },
        services: { added: [], removed: ['shop'], changed: [] },
        sections: ['server', 'defaults'],
        restartRequired: ['server.http.host', 'server.http.port', 'server.admin.port'],
      },
    });
    const text = `log: { levl: info }\ndefaults: { application: "\${PATH}\${file:/etc/hostname}" }\n`;
    assert.deepEqual(await validate(text), {
      valid: false,
      errors: 1,
      warnings: 2,
      diagnostics: [
        { severity: 'error', line: 1, column: 8, path: 'log.levl', message: 'unknown key "levl"', suggestion: 'level' },
        { severity: 'warning', line: 2, column: 27, path: '', message: `\${PATH} ${NOT_KNOWN}` },
        { severity: 'warning', line: 2, column: 34, path: '', message: `\${file:/etc/hostname} ${NOT_KNOWN}` },
      ],
      changes: null,
    });
    const form = { method: 'POST', body: 'x=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    assert.equal((await admin.problem(`${API}/config/validate`, form)).code, 'REQUEST_MEDIA_TYPE');
    const large = { method: 'POST', body: ' '.repeat(1024 ** 2 + 1), headers: { 'content-type': 'application/yaml' } };
    assert.equal((await admin.problem(`${API}/config/validate`, large)).code, 'REQUEST_TOO_LARGE');
  });

  it('shows what was learnt of answers', async (context) => {
    const operated = await start(context);
    const before = plansAnswer.parse(await operated.admin.json(`${API}/plans`));
    assert.deepEqual([before.classes.entries, before.shapes.learnt, before.shapes.bytes], [0, 0, 0]);
    await operated.http.json('/b');
    const after = plansAnswer.parse(await operated.admin.json(`${API}/plans`));
    assert.deepEqual(after, before, 'a text has no shape');
  });

  it('has metrics of all of it', async (context) => {
    const operated = await start(context);
    await operated.http.json('/b');
    await act(operated, 'quarantine');
    await until(() => poolsInLog(operated, 'b').length === 1, 'the end of the request');
    const { headers, text } = await operated.admin.send('/metrics');
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    const expected = [
      'sluice_bulkhead_size{pool="normal"} 4000',
      'sluice_bulkhead_active{pool="slow"} 0',
      'sluice_bulkhead_waiting{pool="heartbeat"} 0',
      'sluice_bulkhead_rejected_total{pool="normal"} 0',
      'sluice_bulkhead_overflowed_total{pool="normal"} 0',
      `sluice_method_quarantined{method="${KEY_B}"} 1`,
      'sluice_method_state_changes_total{to="quarantined",by="operator"} 1',
      'sluice_admission_in_flight 0',
      'sluice_admission_in_flight_bytes 0',
      'sluice_admission_waiting 0',
      'sluice_admission_timed_out_total 0',
      'sluice_admission_queue_full_total 0',
      'sluice_provider_connections{service="shop",state="open"} 1',
      'sluice_provider_connections{service="shop",state="connecting"} 0',
      'sluice_provider_connects_total 1',
      'sluice_rpc_late_answers_total 0',
      'sluice_slow_readers_waiting 0',
      'sluice_log_dropped_lines_total 0',
      'sluice_config_generation 1',
      'sluice_plan_cache_evictions_total 0',
      'sluice_http_requests_total{route="b",method="GET",status="200"} 1',
    ];
    const lines = new Set(text.split('\n'));
    assert.deepEqual(
      expected.filter((line) => !lines.has(line)),
      [],
    );
    assert.match(text, /^sluice_build_info\{version="\d+\.\d+\.\d+",node="v/m);
    assert.match(text, /^process_resident_memory_bytes \d+/m);
    const accept = { accept: 'application/openmetrics-text; version=1.0.0' };
    const open = await operated.admin.send('/metrics', { headers: accept });
    assert.match(open.headers['content-type']!, /^application\/openmetrics-text/);
    assert.ok(open.text.endsWith('# EOF\n'));
    const head = await operated.admin.send('/metrics', { method: 'HEAD' });
    assert.deepEqual([head.status, head.text], [200, '']);
  });

  it('works where bulkheads and admission are off', async (context) => {
    const operated = await start(context, { bulkhead: 'off', admission: 'off' });
    assert.equal(await operated.http.json('/b'), 'b');
    const { pools, admission, methods } = await status(operated);
    assert.deepEqual([pools, admission, methods], [null, null, []]);
    const { routes } = routesAnswer.parse(await operated.admin.json(`${API}/routes`));
    assert.deepEqual(
      routes.map(({ pool }) => pool),
      [null, null],
    );
    assert.doesNotMatch(await operated.admin.text('/metrics'), /^sluice_(?:bulkhead|admission)_/m);
    assert.equal((await operated.admin.send(`${API}/methods/${encodeURIComponent(KEY_B)}`)).status, 404);
  });
});
