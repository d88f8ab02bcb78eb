import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { registriesAnswer } from '../../src/admin/answers/provider-lists-answer.ts';
import type { GatewayConfigInput } from '../../src/config/schema.ts';
import { builtCommand } from '../support/built-package.ts';
import { FakeNacos, fakeHost } from '../support/fake-nacos.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { HttpCaller } from '../support/http-caller.ts';
import { TYPES_SERVICE } from '../support/types-service.ts';
import { until } from '../support/until.ts';

const MANIFEST = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('the command as it is published', () => {
  it('goes with the licences of all packages that are in it', async () => {
    const notices = readFileSync(join(dirname(await builtCommand()), 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of Object.keys(MANIFEST.dependencies)) {
      const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
      const { version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
      assert.ok(notices.includes(`${name} ${version}, ${license}\n`), name);
    }
    // One that none of them is without.
    assert.match(notices, /^koa-compose \d+\.\d+\.\d+, MIT\n\n[\s\S]{500}/m);
  });

  it('has no character in its files that would double them in memory', async () => {
    const folder = dirname(await builtCommand());
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
    assert.ok(files.includes('main.js'));
    // Under a coverage run the sources are in the files too.
    if (process.env.NODE_V8_COVERAGE !== undefined) return;
    for (const name of files) assert.doesNotMatch(readFileSync(join(folder, name), 'utf8'), /[^\0-\xff]/u, name);
  });

  it('has what it loads only where there is a registry', async (context) => {
    const provider = await startMockProvider();
    context.after(() => provider.kill());
    const nacos = await FakeNacos.start();
    context.after(() => nacos.stop());
    nacos.setHosts(`providers:${TYPES_SERVICE}::`, [fakeHost(provider.port, { ip: '127.0.0.1' })]);
    const config: GatewayConfigInput = {
      server: { http: { host: '127.0.0.1', port: 0 }, admin: { port: 0 } },
      registries: {
        nacos: { type: 'nacos', servers: [nacos.address] },
        zookeeper: { type: 'zookeeper', servers: ['127.0.0.1:1'] },
      },
      services: {
        learnt: { interface: TYPES_SERVICE, registry: 'nacos', methods: { echo: { parameters: ['Object'] } } },
        awaited: { interface: TYPES_SERVICE, registry: 'zookeeper', methods: { echo: { parameters: ['Object'] } } },
      },
      routes: ['learnt', 'awaited'].map((service) => ({
        id: service,
        match: { path: `/${service}` },
        call: { service, method: 'echo', args: ['query.v'] },
      })),
    };
    const folder = mkdtempSync(join(tmpdir(), 'built-'));
    context.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'gateway.yaml'), JSON.stringify(config));
    const gateway = startGatewayProcess(context, ['start', '--config', folder]);
    const ports = await gateway.listening();
    const [http, admin] = [new HttpCaller(ports.http), new HttpCaller(ports.admin)];
    context.after(() => http.close());
    context.after(() => admin.close());
    await until(async () => (await http.send('/learnt?v=x')).status === 200, 'a provider that Nacos names');
    await until(async () => {
      const { registries } = registriesAnswer.parse(await admin.json('/admin/v1/registries'));
      return /ECONNREFUSED$/.test(registries.find(({ name }) => name === 'zookeeper')?.problem ?? '');
    }, 'the word that no ZooKeeper is there');
    assert.equal(gateway.stderr, '');
  });
});
