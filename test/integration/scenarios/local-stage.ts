import type { TestContext } from 'node:test';
import { OpenLoopLoad } from '../../../benchmarks/load/open-loop-load.ts';
import { catalogService } from '../../../benchmarks/macro/catalog-service.ts';
import { AdminClient } from '../../../benchmarks/scenarios/stage/admin-client.ts';
import { faultsOfDelays } from '../../../benchmarks/scenarios/stage/delay-faults.ts';
import { METHODS, scenarioConfig } from '../../../benchmarks/scenarios/stage/scenario-config.ts';
import type { OpenStage } from '../../../benchmarks/scenarios/stage/stage.ts';
import { startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { shopServices } from '../../../mock-providers/shop/shop-services.ts';
import { createGateway } from '../../../src/index.ts';

/** Calls of each method before a story, one after the other: code that was never run is many times slower. */
const WARM_UP_CALLS = 30;

/** A stage within the process of the test, for stories with few requests. It is gone with the test. */
export function localStages(context: TestContext): OpenStage {
  return async (sections) => {
    const provider = await startMockProvider({ services: [...shopServices(), catalogService()], callsKept: 0 });
    context.after(() => provider.kill());
    const config = scenarioConfig(sections, provider.address, { http: 0, admin: 0 });
    const gateway = createGateway({ config: { ...config, log: { level: 'silent' } } });
    const { http, admin } = await gateway.start();
    const stop = async (): Promise<void> => {
      void gateway.stop();
      // The second time it does not wait for what still runs.
      await gateway.stop();
      await provider.kill();
    };
    context.after(stop);
    await warmUp(http.port);
    const adminClient = new AdminClient(admin.port);
    return {
      setDelays: async (delaysMs) => provider.setFaults(faultsOfDelays(delaysMs)),
      freezeProvider: () => provider.pause(),
      thawProvider: () => provider.resume(),
      startLoad: (plan) => new OpenLoopLoad({ ...plan, port: http.port }),
      status: () => adminClient.status(),
      order: (method, order) => adminClient.order(METHODS[method].key, order),
      gatewayUsage: () => {
        const { user, system } = process.cpuUsage();
        return { cpuMicros: user + system, residentBytes: process.memoryUsage.rss() };
      },
      stop,
    };
  };
}

async function warmUp(port: number): Promise<void> {
  for (const { path } of Object.values(METHODS)) {
    for (let call = 0; call < WARM_UP_CALLS; call++) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
    }
  }
}
