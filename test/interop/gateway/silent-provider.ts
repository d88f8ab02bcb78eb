import { createServer, type Socket } from 'node:net';

/** A port that takes connections and says nothing: shows whether anybody came. */
export interface SilentProvider {
  readonly address: string;
  /** Connections since the start. */
  readonly connections: number;
  close(): void;
}

export function startSilentProvider(): Promise<SilentProvider> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('the system gave no port'));
        return;
      }
      resolve({
        address: `dubbo://127.0.0.1:${address.port}`,
        get connections() {
          return sockets.length;
        },
        close: () => {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}
