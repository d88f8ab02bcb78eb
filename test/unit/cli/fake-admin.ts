import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as the fake admin port got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An admin port that answers as a test says. */
export interface FakeAdmin {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** How it answers from now on. */
  answer: (response: ServerResponse, request: SeenRequest) => void;
  stop(): Promise<void>;
}

/** Starts an admin port on loopback, by default on any free port; it is stopped with the test. */
export async function startFakeAdmin(
  context: TestContext,
  answer: FakeAdmin['answer'],
  wantedPort = 0,
): Promise<FakeAdmin> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const seen = { method: request.method!, path: request.url!, headers: request.headers, body };
      requests.push(seen);
      admin.answer(response, seen);
    });
  });
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  server.listen(wantedPort, '127.0.0.1');
  await once(server, 'listening');
  context.after(stop);
  const { port } = server.address() as AddressInfo;
  const admin: FakeAdmin = { url: `http://127.0.0.1:${port}`, port, requests, answer, stop };
  return admin;
}

/** Answers with JSON. The Date header is the given time, if any. */
export function answerJson(response: ServerResponse, json: unknown, wallMs?: number): void {
  if (wallMs !== undefined) response.setHeader('date', new Date(wallMs).toUTCString());
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(json));
}

/** Answers with Problem Details. */
export function answerProblem(response: ServerResponse, status: number, members: Record<string, unknown>): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: `urn:sluice:error:${members.code}`, status, ...members }));
}
