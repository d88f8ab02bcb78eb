import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runCli } from '../../../src/cli/cli.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { CapturedTerminal } from '../../support/captured-terminal.ts';

const PROVIDERS = ['dubbo://127.0.0.1:1', 'dubbo://127.0.0.1:2'];

const CONFIG: GatewayConfigInput = {
  services: {
    users: { interface: 'demo.Users', providers: PROVIDERS, methods: { get: { parameters: ['long'] } } },
    hashed: {
      interface: 'demo.Hashed',
      providers: PROVIDERS,
      balancer: 'consistent-hash',
      methods: { get: { parameters: ['long'], idempotent: true, hedge: { afterMs: 50 } } },
    },
    next: {
      interface: 'demo.Users',
      version: '2.0.0',
      providers: PROVIDERS,
      methods: { get: { parameters: ['long'] } },
    },
  },
  routes: [
    { id: 'plain', match: { path: '/plain/:id' }, call: { service: 'users', method: 'get', args: ['path.id'] } },
    {
      id: 'gray',
      match: { path: '/gray/:id' },
      call: { service: 'users', method: 'get', args: ['path.id'], tag: 'header.x-tag', forceTag: true },
    },
    { id: 'hashed', match: { path: '/hashed/:id' }, call: { service: 'hashed', method: 'get', args: ['path.id'] } },
    {
      id: 'split',
      match: { path: '/split/:id' },
      split: [
        { name: 'stable', weight: 95, call: { service: 'users', method: 'get', args: ['path.id'] } },
        { name: 'canary', weight: 5, call: { service: 'next', method: 'get', args: ['path.id'] } },
      ],
      splitOverride: { header: 'x-side' },
    },
  ],
};

async function explain(context: TestContext, ...words: string[]): Promise<{ code: number; out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'explain-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, JSON.stringify(CONFIG));
  const terminal = new CapturedTerminal();
  const code = await runCli(['explain', ...words, '--config', path], terminal);
  return { code, out: terminal.output + terminal.errors };
}

describe('sluice explain', () => {
  it('shows all providers and the one that gets the call', async (context) => {
    const { code, out } = await explain(context, 'GET', '/plain/42');
    assert.equal(code, 0);
    assert.match(
      out,
      /\nPROVIDER +WEIGHT +SHARE +TAKES IT\n127\.0\.0\.1:[12] +100 +50 % +yes, picked\n127\.0\.0\.1:[12] +100 +50 % +yes\n$/,
    );
  });

  it('says what a tag of the request keeps away, and what the caller gets where nobody is left', async (context) => {
    const { code, out } = await explain(context, 'GET', '/gray/42', '-H', 'x-tag: gray');
    assert.equal(code, 1);
    assert.equal(out.match(/no: tag gray only/g)?.length, 2);
    assert.match(out, /Nobody takes the call: the caller gets 503 PROVIDER_NONE\.\n$/);
    assert.equal((await explain(context, 'GET', '/gray/42')).code, 0);
  });

  it('always picks the same one for the same hash', async (context) => {
    const first = await explain(context, 'GET', '/hashed/42');
    assert.match(first.out, /100 % +yes, picked\n.* 0 % +no: its hash belongs to another\n$/);
    for (let time = 0; time < 3; time++) assert.deepEqual(await explain(context, 'GET', '/hashed/42'), first);
  });

  it('shows when a call is made once more', async (context) => {
    const { out } = await explain(context, 'GET', '/hashed/42');
    assert.match(out, /\nhedge +once more at another provider after 50 ms without an answer\n/);
    assert.doesNotMatch((await explain(context, 'GET', '/plain/42')).out, /hedge/);
  });

  it('shows the side of a split that the request goes to', async (context) => {
    const { code, out } = await explain(context, 'GET', '/split/42', '-H', 'x-side: canary');
    assert.equal(code, 0);
    assert.match(out, /\nside +canary; stable gets 95 %, canary gets 5 %\ncalls +demo\.Users:2\.0\.0#get\(long\)\n/);
    const stable = await explain(context, 'GET', '/split/42', '-H', 'x-side: stable');
    assert.match(stable.out, /\nside +stable;.*\ncalls +demo\.Users#get\(long\)\n/);
  });
});
