import { createServer } from 'node:net';

/** A TCP port that was free a moment ago on all addresses. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('the system gave no port'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}
