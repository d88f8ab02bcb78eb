/** The provider behind every server of a benchmark: the mock provider with the catalog beside the shop. */
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { shopServices } from '../../mock-providers/shop/shop-services.ts';
import { catalogService } from './catalog-service.ts';

const provider = await startMockProvider({
  port: Number(process.env.BENCH_PROVIDER_PORT),
  services: [...shopServices(), catalogService()],
  callsKept: 0,
});
process.stdout.write(`ready ${provider.address}\n`);
process.on('SIGTERM', () => void provider.close().then(() => process.exit(0)));
