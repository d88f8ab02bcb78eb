import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type MockProvider, startMockProvider } from '../../mock-providers/mock-provider.ts';
import { createGateway, type Gateway } from '../../src/index.ts';
import { PATIENT } from '../support/gateway-under-test.ts';

/** Stands for what an application verifies: only this token is good. */
function claims(request: IncomingMessage): Record<string, unknown> | undefined {
  return request.headers.authorization === 'Bearer good' ? { sub: 'user-1', org: { id: 9007199254740991 } } : undefined;
}

describe('jwt sources in an embedding application', () => {
  let provider: MockProvider;
  let gateway: Gateway;
  let url: string;
  const server = createServer((request, response) => gateway.callback()(request, response));

  before(async () => {
    provider = await startMockProvider();
    gateway = createGateway({
      config: {
        log: { level: 'silent' },
        defaults: PATIENT,
        services: {
          types: {
            interface: 'com.acme.types.TypesService',
            providers: [provider.address],
            methods: { describe: { parameters: ['java.lang.Object'] } },
          },
        },
        routes: [
          {
            id: 'whoami',
            match: { path: '/whoami' },
            call: { service: 'types', method: 'describe', args: [{ sub: 'jwt.sub', org: 'jwt.org.id' }] },
          },
        ],
      },
      claims,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/whoami`;
  });

  after(async () => {
    server.close();
    server.closeAllConnections();
    await gateway.stop();
    await provider.close(0);
  });

  it('read the claims of a caller that was verified', async () => {
    const response = await fetch(url, { headers: { authorization: 'Bearer good' } });
    assert.equal(response.status, 200);
    assert.equal(await response.json(), 'map{string "sub": string "user-1", string "org": long 9007199254740991}');
  });

  it('are a 401 for a caller that was not, and nothing is sent', async () => {
    provider.clearCalls();
    const response = await fetch(url, { headers: { authorization: 'Bearer forged' } });
    assert.equal(response.status, 401);
    assert.equal(((await response.json()) as { code: string }).code, 'UNAUTHENTICATED');
    assert.equal(provider.calls.length, 0);
  });
});
