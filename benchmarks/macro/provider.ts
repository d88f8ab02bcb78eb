/** The provider behind every server of a benchmark: the mock provider with the catalog beside the shop. */
import type { FaultRule } from '../../mock-providers/faults.ts';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { shopServices } from '../../mock-providers/shop/shop-services.ts';
import { catalogService } from './catalog-service.ts';

const provider = await startMockProvider({
  port: Number(process.env.BENCH_PROVIDER_PORT),
  services: [...shopServices(), catalogService()],
  callsKept: 0,
});
process.stdout.write(`ready ${provider.address}\n`);
// Where there is a message channel, each message replaces the fault rules, and is answered when they hold.
process.on('message', (rules: FaultRule[]) => {
  provider.setFaults(rules);
  process.send!('done');
});
process.on('SIGTERM', () => void provider.close().then(() => process.exit(0)));
