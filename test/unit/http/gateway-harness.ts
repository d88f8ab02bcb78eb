import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Admission } from '../../../src/admission/admission.ts';
import { ByteText, MAX_BYTE_TEXT } from '../../../src/bytes/byte-text.ts';
import { type GatewayConfigInput, gatewaySchema, type RouteConfig } from '../../../src/config/schema.ts';
import { AnswerCompression } from '../../../src/http/answer-compression.ts';
import { createGatewayApp } from '../../../src/http/gateway-app.ts';
import { type GatewayRoutes, gatewayRoutesSteps } from '../../../src/http/gateway-routes.ts';
import { HeldRequests } from '../../../src/http/held-requests.ts';
import { createHttpServer, type HttpServer } from '../../../src/http/http-server.ts';
import type { GatewayPhase } from '../../../src/http/request-run.ts';
import { SlowReaders } from '../../../src/http/slow-readers.ts';
import { zlibCodec } from '../../../src/http/zlib-codec.ts';
import type { RoutingEntry } from '../../../src/routing/router.ts';
import { routeText } from '../../../src/telemetry/access-log.ts';
import type { LogSink } from '../../../src/telemetry/log-sink.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { runAtOnce } from '../../../src/time/run-in-slices.ts';
import type { CallOutcome, Exchange, RouteTarget } from '../../../src/upstream/exchange.ts';
import { until as untilHolds } from '../../support/until.ts';

type LogLine = Record<string, unknown>;

/** A route for the harness: which requests, and what the call does. */
export interface FakeRoute extends Partial<RouteConfig['match']> {
  readonly id?: string;
  readonly path: string;
  readonly readsBody?: boolean;
  readonly compresses?: boolean;
  readonly maxBodyBytes?: number;
  readonly invoke?: (exchange: Exchange) => Promise<CallOutcome> | CallOutcome;
}

export interface Harness {
  readonly port: number;
  readonly server: HttpServer;
  readonly log: LogLine[];
  phase: GatewayPhase;
  routes: GatewayRoutes;
  /** The lines of requests, once there are as many; waits for at most a minute. */
  requestLines(count: number): Promise<LogLine[]>;
}

export interface HarnessOptions {
  readonly server?: GatewayConfigInput['server'];
  readonly checkIntervalMs?: number;
  readonly random?: () => number;
  readonly admission?: Admission;
  readonly slowReaders?: SlowReaders;
  readonly heldRequests?: HeldRequests;
  readonly compression?: AnswerCompression;
}

/** Limits that no test comes near. */
export function noSlowReaders(): SlowReaders {
  return new SlowReaders({ answerTimeoutMs: 60_000, maxAnswers: 10_000, maxBytes: 2 ** 30 });
}

/** Node's zlib beside an event loop that is never busy. */
export function idleCompression(): AnswerCompression {
  return new AnswerCompression(zlibCodec, () => ({ idle: 0, active: 0 }), systemClock);
}

/** A gateway on a free port of loopback with the given routes; stopped with the test. */
export async function startGateway(
  context: TestContext,
  routes: readonly FakeRoute[],
  {
    server: serverConfig = {},
    checkIntervalMs = 50,
    random = () => 0,
    admission,
    slowReaders = noSlowReaders(),
    heldRequests = new HeldRequests(1_000),
    compression = idleCompression(),
  }: HarnessOptions = {},
): Promise<Harness> {
  const config = gatewaySchema.parse({ server: serverConfig });
  const log: LogLine[] = [];
  const sink: LogSink = {
    write: (line) => void log.push(JSON.parse(line)),
    flushSync: () => {},
    close: async () => {},
  };
  const logger = createLogger({ level: 'debug', sink });
  const harness = {
    log,
    phase: 'serving' as GatewayPhase,
    routes: runAtOnce(gatewayRoutesSteps(config, routes.map(entryOf))),
    requestLines: async (count: number) => {
      await until(() => linesOf(log).length >= count);
      return linesOf(log);
    },
  };
  const app = createGatewayApp({
    current: () => harness.routes,
    logger,
    clock: systemClock,
    phase: () => harness.phase,
    admission,
    slowReaders,
    heldRequests,
    metrics: undefined,
    compression,
    random,
  });
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    limits: config.server.limits,
    listener: app.callback(),
    logger,
    checkIntervalMs,
  });
  const { port } = await server.start();
  context.after(async () => {
    const stopped = server.stop(0);
    await server.stop(0);
    await stopped;
  });
  return Object.assign(harness, { port, server });
}

/** An answer with this JSON value, its bytes kept as those of a call are. */
export function json(value: unknown, headers?: Record<string, string>): CallOutcome {
  const bytes = Buffer.from(JSON.stringify(value));
  const body = bytes.length > MAX_BYTE_TEXT ? bytes : new ByteText(bytes.toString('latin1'));
  return { body, status: 200, headers };
}

/** Waits until a condition holds, for at most a minute. */
export function until(holds: () => boolean): Promise<void> {
  return untilHolds(holds, 'the condition to hold');
}

/** A client that writes and reads raw bytes. */
export interface RawClient {
  readonly socket: Socket;
  /** What has been received so far. */
  readonly text: string;
  send(bytes: string | Buffer): void;
  /** Resolves with all that was received when the other side has closed; rejects after a minute. */
  closed(): Promise<string>;
  /** Resolves when what was received matches; rejects after a minute. */
  received(pattern: RegExp): Promise<string>;
}

export async function rawClient(context: TestContext, port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  context.after(() => socket.destroy());
  const chunks: string[] = [];
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const text = () => chunks.join('');
  const wait = async (holds: () => boolean, what: string) => {
    await untilHolds(holds, what).catch((error: Error) => {
      throw new Error(`${error.message}; received: ${text()}`);
    });
    return text();
  };
  return {
    socket,
    get text() {
      return text();
    },
    send: (bytes) => void socket.write(bytes),
    closed: () => wait(() => isClosed, 'the end of the connection'),
    received: (pattern) => wait(() => pattern.test(text()), String(pattern)),
  };
}

/** Sends bytes on a connection of their own and gives back all that comes until the other side closes. */
export async function sendRaw(context: TestContext, port: number, bytes: string | Buffer): Promise<string> {
  const client = await rawClient(context, port);
  client.send(bytes);
  return client.closed();
}

/** The answers in what a connection received, each with status, headers (lower case) and body. */
export function parseAnswers(text: string) {
  const answers: { status: number; headers: Record<string, string>; body: string }[] = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`not an HTTP answer: ${rest}`);
    const [statusLine, ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine!)![1]);
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    );
    const length = status === 100 ? 0 : Number(headers['content-length'] ?? 0);
    answers.push({ status, headers, body: rest.slice(end + 4, end + 4 + length) });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

function entryOf(route: FakeRoute): RoutingEntry<RouteTarget> {
  const {
    id = 'r',
    readsBody = false,
    maxBodyBytes = 1024,
    compresses = true,
    invoke = () => json({ ok: true }),
    ...match
  } = route;
  return {
    match: { method: 'GET', headers: {}, query: {}, cookie: {}, ...match },
    target: {
      id,
      methodKey: `com.acme.Shop#${id}()`,
      logText: routeText(id, `com.acme.Shop#${id}()`),
      readsBody,
      compresses,
      maxBodyBytes,
      invoke: async (exchange) => invoke(exchange),
    },
  };
}

function linesOf(log: readonly LogLine[]): LogLine[] {
  return log.filter((line) => line.msg === 'request');
}
