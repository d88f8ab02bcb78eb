/**
 * `npm start`: the bundled mock provider and a gateway on `config/gateway.yaml`, until Ctrl-C. The gateway is the built
 * one, in a process of its own, as it would run against real providers.
 */
import { spawn } from 'node:child_process';
import { startMockProvider } from './mock-provider.ts';

const CONFIG = 'config/gateway.yaml';
const PROVIDER_PORT = 20880;

const provider = await startMockProvider({ port: PROVIDER_PORT }).catch((error: NodeJS.ErrnoException) => {
  const reason = error.code === 'EADDRINUSE' ? `port ${PROVIDER_PORT} is in use` : error.message;
  process.stderr.write(`cannot start the mock provider: ${reason}\n`);
  process.exit(1);
});
process.stdout.write(`mock provider: dubbo://127.0.0.1:${PROVIDER_PORT} (a small shop: users, orders, prices)\n`);

const gateway = spawn(process.execPath, ['dist/command/main.js', 'start', '--config', CONFIG], {
  stdio: ['ignore', 'pipe', 'inherit'],
  // A group of its own: Ctrl-C would reach both, and the gateway takes a second signal as "at once".
  detached: true,
});
let announced = false;
gateway.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk);
  if (announced || !chunk.includes('"msg":"listening"')) return;
  announced = true;
  process.stdout.write(`
gateway:       http://127.0.0.1:8080, from ${CONFIG}
health:        http://127.0.0.1:9090/readyz

Try, in another terminal:

  curl -i http://127.0.0.1:8080/users/42
  curl -i -X PUT http://127.0.0.1:8080/users/7 -H 'content-type: application/json' -d '{"name":"Ada","birth":"1815-12-10"}'
  curl -i http://127.0.0.1:8080/users/404

Ctrl-C ends both.

`);
});
gateway.on('exit', (code, signal) => {
  void provider.close().then(() => process.exit(code ?? (signal === null ? 1 : 0)));
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => gateway.kill(signal));
}
