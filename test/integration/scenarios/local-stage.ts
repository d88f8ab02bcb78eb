import type { TestContext } from 'node:test';
import { catalogService } from '../../../benchmarks/macro/catalog-service.ts';
import { OpenLoopLoad } from '../../../benchmarks/scenarios/load/open-loop-load.ts';
import { faultsOfDelays } from '../../../benchmarks/scenarios/stage/delay-faults.ts';
import { scenarioConfig } from '../../../benchmarks/scenarios/stage/scenario-config.ts';
import type { OpenStage } from '../../../benchmarks/scenarios/stage/stage.ts';
import { startMockProvider } from '../../../mock-providers/mock-provider.ts';
import { shopServices } from '../../../mock-providers/shop/shop-services.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { startGatewayUnderTest } from '../../support/gateway-under-test.ts';

/** A stage within the process of the test, for stories with few requests. It is gone with the test. */
export function localStages(context: TestContext): OpenStage {
  return async (sections) => {
    const provider = await startMockProvider({ services: [...shopServices(), catalogService()], callsKept: 0 });
    context.after(() => provider.kill());
    const config = scenarioConfig(sections, provider.address, { http: 0, admin: 0 });
    const gateway = await startGatewayUnderTest(config, context);
    return {
      setDelays: async (delaysMs) => provider.setFaults(faultsOfDelays(delaysMs)),
      freezeProvider: () => provider.pause(),
      thawProvider: () => provider.resume(),
      startLoad: (plan) => new OpenLoopLoad({ ...plan, port: gateway.port }),
      status: async () => {
        const nowMs = systemClock.nowMs();
        const { bulkheads, admission } = gateway.load;
        return { ...bulkheads!.status(nowMs, systemClock.wallMs() - nowMs), admission: admission!.status };
      },
      order: async () => 404,
      gatewayUsage: () => {
        const { user, system } = process.cpuUsage();
        return { cpuMicros: user + system, residentBytes: process.memoryUsage.rss() };
      },
      stop: async () => {
        await gateway.stop();
        await provider.kill();
      },
    };
  };
}
