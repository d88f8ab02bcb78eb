import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { followService } from '../../../src/cli/followed-service.ts';
import type { GatewayConfigInput } from '../../../src/config/schema.ts';
import { checkedConfig } from '../../support/gateway-under-test.ts';

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const methods = { m: {} };

describe('followService()', () => {
  it('says why a registry gives no list, within its time', async () => {
    const input: GatewayConfigInput = {
      registries: { main: { type: 'zookeeper', servers: [`127.0.0.1:${await closedPort()}`], password: 'hunter2' } },
      services: { s: { interface: 'demo.S', registry: 'main', methods } },
    };
    const followed = await followService(checkedConfig(input), 's', { mayAskProviders: false, limitMs: 300 });
    try {
      assert.match(
        followed.problem!,
        /^registry main \(zookeeper\) gave no list within 0\.3 s(: the registry cannot be reached: .+)?$/,
      );
      assert.doesNotMatch(JSON.stringify(followed.problem), /hunter2/);
      assert.deepEqual([...followed.providers.candidates], []);
    } finally {
      followed.close();
    }
  });

  it('waits for nobody where the providers stand in the configuration', async () => {
    const input = { services: { s: { interface: 'demo.S', providers: ['dubbo://127.0.0.1:1'], methods } } };
    const followed = await followService(checkedConfig(input), 's', { mayAskProviders: false });
    assert.deepEqual([followed.source, followed.problem, followed.providers.size], [undefined, undefined, 1]);
    followed.close();
  });
});
