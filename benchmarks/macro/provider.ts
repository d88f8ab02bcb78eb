/** The provider behind every server of a benchmark: the mock provider with the catalog beside the shop. */
import type { FaultRule } from '../../mock-providers/faults.ts';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { shopServices } from '../../mock-providers/shop/shop-services.ts';
import { catalogService } from './catalog-service.ts';

const provider = await startMockProvider({
  // Not only 127.0.0.1: on Linux all of 127.0.0.0/8 leads here, and each address passes for a provider of its own.
  host: process.platform === 'linux' ? '0.0.0.0' : '127.0.0.1',
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
