import { parseArgs } from 'node:util';
import { startMockProvider } from '../../mock-providers/mock-provider.ts';
import { soakService } from './soak-service.ts';

/** A mock provider with the soak service, in a process of its own that ends with its standard input. */
const { values } = parseArgs({ options: { port: { type: 'string' }, methods: { type: 'string' } } });
const provider = await startMockProvider({
  port: Number(values.port),
  services: [soakService(Number(values.methods))],
  callsKept: 0,
});
process.stdout.write(`ready ${provider.address}\n`);
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdin.resume();
