import type { TestContext } from 'node:test';
import { checkConfig } from '../../src/config/check-config.ts';
import { formatDiagnostics } from '../../src/config/format-diagnostics.ts';
import type { GatewayConfig, GatewayConfigInput } from '../../src/config/schema.ts';
import { detachedParts } from '../../src/gateway/detached-parts.ts';
import { buildGeneration } from '../../src/gateway/generation.ts';
import { LoadControl } from '../../src/gateway/load-control.ts';
import { AnswerCompression } from '../../src/http/answer-compression.ts';
import { createGatewayApp } from '../../src/http/gateway-app.ts';
import { createHttpServer } from '../../src/http/http-server.ts';
import { zlibCodec } from '../../src/http/zlib-codec.ts';
import { RpcClient } from '../../src/rpc/rpc-client.ts';
import { systemLoopMeter } from '../../src/telemetry/loop-meter.ts';
import { systemClock } from '../../src/time/clock.ts';
import { type CapturedLog, captureLog } from './captured-log.ts';
import { HttpCaller } from './http-caller.ts';
import { until } from './until.ts';

/** How often in ms the HTTP server looks at its time limits. */
const CHECK_INTERVAL_MS = 50;

/** Time limits that hold on a busy machine; tests that are about time set their own. */
export const PATIENT = { timeoutMs: 8_000, connectTimeoutMs: 5_000 };

/** A gateway in this process, on free ports of loopback, put together as `gateway/gateway.ts` does. */
export interface GatewayUnderTest extends HttpCaller {
  readonly port: number;
  /** The Dubbo client, for its counters. */
  readonly rpc: RpcClient;
  /** Admission and bulkheads. */
  readonly load: LoadControl;
  readonly log: CapturedLog;
  /** Waits until no call is in flight anywhere; fails after a minute. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A configuration as from a file, with everything wrong with it in the message when it is. */
export function checkedConfig(input: GatewayConfigInput): GatewayConfig {
  const { config, diagnostics } = checkConfig(input);
  if (config === undefined) throw new Error(formatDiagnostics(diagnostics, 'the configuration of the test'));
  return config;
}

/** Starts a gateway whose parts a test can look at. It is stopped with the test, where one is given. */
export async function startGatewayUnderTest(
  input: GatewayConfigInput,
  context?: TestContext,
): Promise<GatewayUnderTest> {
  const config = checkedConfig({ ...input, defaults: { ...PATIENT, ...input.defaults } });
  const log = captureLog();
  const { logger } = log;
  const rpc = new RpcClient({
    ...config.defaults,
    log: (event) => logger.info(`provider ${event.type}`, { ...event }),
  });
  const load = new LoadControl(config, systemClock, logger);
  const generation = buildGeneration(config, { ...detachedParts(rpc), bulkheads: load.bulkheads });
  const app = createGatewayApp({
    current: () => generation.routes,
    logger,
    clock: systemClock,
    phase: () => 'serving',
    admission: load.admission,
    slowReaders: load.slowReaders,
    heldRequests: load.heldRequests,
    metrics: undefined,
    compression: new AnswerCompression(zlibCodec, systemLoopMeter, systemClock),
  });
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    limits: config.server.limits,
    listener: app.callback(),
    logger,
    checkIntervalMs: CHECK_INTERVAL_MS,
  });
  const { port } = await server.start();
  const caller = new HttpCaller(port);
  const gateway = Object.assign(caller, {
    port,
    rpc,
    load,
    log,
    idle: () => until(() => isIdle(rpc), 'no call in flight'),
    stop: async () => {
      caller.close();
      const stopped = server.stop(0);
      await server.stop(0);
      await stopped;
      generation.release();
      rpc.close();
      load.close();
    },
  });
  context?.after(() => gateway.stop());
  return gateway;
}

function isIdle(rpc: RpcClient): boolean {
  return rpc.pendingCalls === 0 && rpc.stats().every(({ pending }) => pending === 0);
}
