import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A server on a free port of 127.0.0.1 that counts its requests and connections, and ends with the test. */
export async function serve(
  context: TestContext,
  listener: RequestListener,
): Promise<{ port: number; server: { readonly requests: number; readonly connections: number } }> {
  let requests = 0;
  let connections = 0;
  const server: Server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  server.on('connection', () => {
    connections++;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    server: {
      get requests() {
        return requests;
      },
      get connections() {
        return connections;
      },
    },
  };
}

/** A whole answer with a `Content-Length`. */
export function answer(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
