import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { MockProvider } from '../../mock-providers/mock-provider.ts';
import { method } from '../../mock-providers/service.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import type { LogLine } from '../support/captured-log.ts';
import { startDemoShop } from '../support/demo-shop.ts';
import { type FollowingGateway, startFollowing } from '../support/following-gateway.ts';
import { startGatewayUnderTest } from '../support/gateway-under-test.ts';
import type { HttpCaller } from '../support/http-caller.ts';
import { replaceFile } from '../support/replace-file.ts';
import { until } from '../support/until.ts';

type RouteInput = NonNullable<GatewayConfigInput['routes']>[number];

/** A provider whose method `side` says this name, and whose method `hold` answers when it is let go. */
async function provider(context: TestContext, name: string): Promise<MockProvider & { letGo(): void }> {
  const side = method('side', ['java.lang.String'], 'volatile', () => name);
  const { provider: started, letGo } = await startDemoShop(context, [side]);
  return Object.assign(started, { letGo });
}

const METHODS = { side: { parameters: ['java.lang.String'] }, hold: {} };
const sideCall = (service: string) => ({ service, method: 'side', args: ['path.id'] });

function config(providers: Readonly<Record<string, MockProvider>>, route: Partial<RouteInput>): GatewayConfigInput {
  const services = Object.entries(providers).map(([name, { address }]) => {
    return [name, { interface: 'demo.Shop', providers: [address], methods: METHODS }];
  });
  return {
    server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, drainTimeoutMs: 500 },
    defaults: { timeoutMs: 8_000 },
    services: Object.fromEntries(services),
    routes: [{ id: 'shop', match: { path: '/shop/:id' }, ...route }],
  };
}

const canary = (percent: number): Partial<RouteInput> => ({
  stickyOn: 'header.x-user',
  splitOverride: { header: 'x-canary' },
  split: [
    { name: 'stable', weight: 100 - percent, call: sideCall('stable') },
    { name: 'next', weight: percent, call: sideCall('next') },
  ],
});

async function stableAndNext(context: TestContext) {
  return { stable: await provider(context, 'stable'), next: await provider(context, 'next') };
}

describe('a route that is split', () => {
  it('sends its part of the requests to each side, and the log says which', async (context) => {
    const gateway = await startGatewayUnderTest(config(await stableAndNext(context), canary(20)), context);
    const answers = await Promise.all(Array.from({ length: 400 }, (_, id) => gateway.json<string>(`/shop/${id}`)));
    const onNext = answers.filter((answer) => answer === 'next').length;
    assert.ok(onNext > 45 && onNext < 120, `${onNext} of 400`);
    await until(() => requestLines(gateway.log.lines).length === 400, 'all log lines');
    const lines = requestLines(gateway.log.lines);
    assert.equal(lines.filter(({ side }) => side === 'next').length, onNext);
    assert.equal(lines.filter(({ side }) => side === 'stable').length, 400 - onNext);
    assert.equal(lines[0]!.route, 'shop');
  });

  it('gives a tester the side of a header, whoever the user is', async (context) => {
    const gateway = await startGatewayUnderTest(config(await stableAndNext(context), canary(0)), context);
    for (let user = 0; user < 20; user++) {
      const headers = { 'x-user': `user-${user}` };
      assert.equal(await gateway.json('/shop/1', { headers }), 'stable');
      assert.equal(await gateway.json('/shop/1', { headers: { ...headers, 'x-canary': 'next' } }), 'next');
    }
  });

  it('calls each side with its own arguments, attachments and method', async (context) => {
    const providers = await stableAndNext(context);
    const call = { service: 'next', method: 'side', args: ['header.x-name'], attachments: { kind: { value: 'b' } } };
    const split = {
      splitOverride: { cookie: 'side' },
      split: [
        { weight: 1, call: sideCall('stable') },
        { weight: 0, call },
      ],
    };
    const gateway = await startGatewayUnderTest(config(providers, split), context);
    assert.equal(await gateway.json('/shop/7', { headers: { cookie: 'side=2', 'x-name': 'n' } }), 'next');
    assert.equal(await gateway.json('/shop/7'), 'stable');
    assert.deepEqual(providers.stable.calls[0]!.argTexts, ['string "7"']);
    assert.deepEqual(providers.next.calls[0]!.argTexts, ['string "n"']);
    assert.equal(providers.next.calls[0]!.attachments.kind, 'b');
    const [line] = requestLines(gateway.log.lines);
    assert.equal(line!.side, '2', 'a side without a name has its number');
  });

  it('fails as the side does that was chosen', async (context) => {
    const { stable, next } = await stableAndNext(context);
    await next.kill();
    const gateway = await startGatewayUnderTest(config({ stable, next }, canary(0)), context);
    assert.equal((await gateway.send('/shop/1', { headers: { 'x-canary': 'next' } })).status, 503);
    assert.equal((await gateway.send('/shop/1')).status, 200);
  });
});

describe('a canary that grows', () => {
  it('loses no call, and no user goes back', async (context) => {
    const providers = await stableAndNext(context);
    const { gateway, http, admin, put } = await following(context, config(providers, canary(5)));
    const users = Array.from({ length: 60 }, (_, user) => `user-${user}`);
    const failures: string[] = [];
    const lastSides = new Map<string, string>();
    let isOver = false;
    let answered = 0;
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let turn = client; !isOver; turn += 4) {
        const user = users[turn % users.length]!;
        const { status, text } = await http.send('/shop/1', { headers: { 'x-user': user } });
        answered++;
        if (status !== 200) failures.push(`${status} ${text}`);
        if (lastSides.get(user) === '"next"' && text !== '"next"') failures.push(`${user} went back`);
        lastSides.set(user, text);
      }
    });
    const shares: number[] = [];
    for (const percent of [5, 50, 100]) {
      put(config(providers, canary(percent)));
      const { changes, diagnostics } = await gateway.reload('signal');
      assert.ok(changes, JSON.stringify(diagnostics));
      const seen = answered;
      await until(() => answered > seen + 3 * users.length, 'every user has called again');
      shares.push([...lastSides.values()].filter((side) => side === '"next"').length);
    }
    isOver = true;
    await Promise.all(clients);
    assert.deepEqual(failures, []);
    assert.ok(shares[0]! < 12 && shares[1]! > 15 && shares[1]! < 45, shares.join());
    assert.equal(shares[2], users.length);
    const metrics = await admin.text('/metrics');
    const counts = ['stable', 'next'].map((side) => {
      return Number(
        new RegExp(`^sluice_split_calls_total\\{route="shop",side="${side}",outcome="ok"\\} (\\d+)$`, 'm').exec(
          metrics,
        )?.[1],
      );
    });
    assert.equal(counts[0]! + counts[1]!, answered);
    assert.equal(providers.stable.connections.length, 1, 'no connection was opened anew');
    assert.equal(providers.stable.connections[0]!.number, 1);
  });
});

describe('a mirror', () => {
  const mirrored = (mirror: Partial<NonNullable<RouteInput['mirror']>> = {}): Partial<RouteInput> => ({
    call: sideCall('stable'),
    mirror: { share: 1, call: sideCall('next'), ...mirror },
  });

  it('is called with its share of the requests, whose answers are those of the route', async (context) => {
    const providers = await stableAndNext(context);
    const { http, admin } = await following(context, config(providers, mirrored({ share: 0.3 })));
    const answers = await Promise.all(Array.from({ length: 400 }, (_, id) => http.json(`/shop/${id}`)));
    assert.deepEqual(new Set(answers), new Set(['stable']));
    const { requests } = providers.next.stats;
    assert.ok(requests > 60 && requests < 190, `${requests} of 400`);
    await until(async () => (await counted(admin, 'ok')) === requests, 'all of them counted');
    assert.match(
      await admin.text('/metrics'),
      /sluice_rpc_calls_total\{service="stable",method="side",outcome="ok"\} 400/,
    );
    assert.doesNotMatch(await admin.text('/metrics'), /sluice_rpc_calls_total\{service="next"/);
  });

  it('neither delays nor fails a request, and takes no slot from it', async (context) => {
    const providers = await stableAndNext(context);
    const slow = config(providers, mirrored({ maxInFlight: 3, call: { service: 'next', method: 'hold' } }));
    const { http, admin } = await following(context, { ...slow, bulkhead: { normal: { size: 4 } } });
    for (let id = 0; id < 20; id++) assert.equal(await http.json(`/shop/${id}`), 'stable');
    assert.equal(providers.next.stats.requests, 3);
    assert.equal(await counted(admin, 'dropped'), 17);
    const { pools } = await admin.json<{ pools: { normal: { active: number } } }>('/admin/v1/bulkheads');
    assert.equal(pools.normal.active, 0);
    providers.next.letGo();
    await until(async () => (await counted(admin, 'ok')) === 3, 'the answers nobody waited for');
    assert.equal(await http.json('/shop/20'), 'stable');
    assert.equal(providers.next.stats.requests, 4);
  });

  it('may be down, without arguments, or fail', async (context) => {
    const providers = await stableAndNext(context);
    await providers.next.kill();
    const down = await following(context, config(providers, mirrored()));
    for (let id = 0; id < 5; id++) assert.equal(await down.http.json(`/shop/${id}`), 'stable');
    await until(
      async () => (await counted(down.admin, 'refused')) + (await counted(down.admin, 'failed')) === 5,
      'all counted',
    );
    const call = { service: 'stable', method: 'side', args: [{ from: 'header.x-name', required: true }] };
    const without = await following(context, config(providers, mirrored({ call })));
    assert.equal(await without.http.json('/shop/1'), 'stable');
    assert.equal(await counted(without.admin, 'refused'), 1);
  });
});

function requestLines(lines: readonly LogLine[]): LogLine[] {
  return lines.filter(({ msg }) => msg === 'request');
}

async function counted(admin: HttpCaller, outcome: string): Promise<number> {
  const pattern = new RegExp(`^sluice_mirror_calls_total\\{route="shop",outcome="${outcome}"\\} (\\d+)$`, 'm');
  return Number(pattern.exec(await admin.text('/metrics'))?.[1] ?? 0);
}

interface Followed extends FollowingGateway {
  put(config: GatewayConfigInput): void;
}

/** A whole gateway with a file of its own, which is read again when it is told to. */
async function following(context: TestContext, first: GatewayConfigInput): Promise<Followed> {
  const started = await startFollowing(context, JSON.stringify(first));
  return { ...started, put: (next) => replaceFile(started.file, JSON.stringify(next)) };
}
