import type { TestContext } from 'node:test';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { HttpCaller } from './http-caller.ts';

/** A gateway that listens, with who calls its two ports. */
export interface ListeningGateway {
  readonly gateway: Gateway;
  readonly http: HttpCaller;
  readonly admin: HttpCaller;
}

/**
 * Starts a gateway whose ports are free ones. It is stopped with the test: after the hooks that the test has set by then,
 * and before those that it sets later.
 */
export async function startListening(context: TestContext, gateway: Gateway): Promise<ListeningGateway> {
  const ports = await gateway.start();
  const [http, admin] = [new HttpCaller(ports.http.port), new HttpCaller(ports.admin.port)];
  context.after(async () => {
    http.close();
    admin.close();
    await gateway.stop();
  });
  return { gateway, http, admin };
}
