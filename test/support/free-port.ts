import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems make connections from and hand out by themselves (from 32768 on Linux): a port that is
 * not listened on yet, or not just now, is so taken by nobody else meanwhile.
 */
const FIRST_PORT = 12_000;
const LAST_PORT = 30_000;
const TRIES = 50;

/**
 * A TCP port that was free a moment ago on all addresses.
 *
 * @param together further ports that must be free, as distances from it; default none
 * @throws Error where none is found
 */
export async function freePort(together: readonly number[] = []): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    const areFree = await Promise.all([0, ...together].map((distance) => isFree(port + distance)));
    if (!areFree.includes(false)) return port;
  }
  throw new Error('no free port was found');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => resolve(true));
  });
  if (isListening) await once(server.close(), 'close');
  return isListening;
}
