import { createClient } from 'node-zookeeper-client';

const WITHIN_MS = 30_000;

/** Makes a persistent node, and those above it, as an operator would. */
export function createNode(server: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = createClient(server, { sessionTimeout: 2_000 });
    const settle = (error: Error | null): void => {
      clearTimeout(timer);
      client.close();
      if (error === null) resolve();
      else reject(error);
    };
    const timer = setTimeout(() => settle(new Error(`node was not made within ${WITHIN_MS} ms`)), WITHIN_MS);
    client.once('connected', () => client.mkdirp(path, (error) => settle(error ?? null)));
    client.connect();
  });
}
