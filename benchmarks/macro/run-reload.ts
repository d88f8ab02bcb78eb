import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { OK } from '../load/load-recording.ts';
import { wallMs } from '../load/open-loop-load.ts';
import { totalsBetween } from '../load/totals.ts';
import { AdminClient } from '../scenarios/stage/admin-client.ts';
import type { CaseStage } from './case-stage.ts';
import { freePorts } from './free-ports.ts';
import { furtherRoutes } from './further-routes.ts';
import { gatewayVariant, replaceSection } from './gateway-variant.ts';
import type { ReloadCase } from './macro-cases.ts';
import { type RunningTarget, startTarget } from './running-target.ts';
import type { ServerProcess } from './server-process.ts';
import { warmUp } from './warm-up.ts';

/** One change of the configuration under load, beside two seconds without one. */
export interface ReloadRound {
  /** From the change of the file until it was in force. */
  readonly inForceMs: number;
  /** The longest time that the event loop of the gateway stood still meanwhile. */
  readonly stallMs: number;
  /** The same in the two seconds after that, in which nothing changed. */
  readonly undisturbedStallMs: number;
  /** The request that took longest during the change, from when it was due; the load's own delays are in it. */
  readonly longestRequestMs: number;
}

export interface ReloadResult {
  readonly name: string;
  readonly summary: string;
  readonly rounds: readonly ReloadRound[];
}

const ROUTES = 5_000;
/** The section that changes: every route depends on it. */
const DEFAULTS = 1;
const VARIANT = gatewayVariant(`${ROUTES} routes reloaded`, () => [furtherRoutes(ROUTES), defaultsYaml(10_000)]);
const MANY_ROUTES = {
  ...VARIANT,
  nodeArguments: ['--import', new URL('loop-watch.js', import.meta.url).href, ...VARIANT.nodeArguments],
  withChannel: true,
};

const STREAM = 'the requests';
const CONNECTIONS = 64;
const SETTLE_MS = 500;
const LOOK_MS = 50;
const ANSWER_WAIT_MS = 5_000;
const IN_FORCE_WAIT_MS = 60_000;
/** Time after a change in which the generation before it is given back. */
const AFTERWARDS_MS = 500;
const UNDISTURBED_MS = 2_000;

/** Changes a default that every route depends on, under load. Any answer but a good one ends the case. */
export async function runReload(
  { name, summary, request, perSecond }: ReloadCase,
  stage: CaseStage,
): Promise<ReloadResult> {
  const [port, adminPort] = (await freePorts(2)) as [number, number];
  MANY_ROUTES.prepare();
  const place = { port, adminPort, pin: stage.cores.server, request, provider: stage.providerPort };
  const gateway = await startTarget(MANY_ROUTES, place);
  try {
    await warmUp(gateway, request, stage);
    const rounds: ReloadRound[] = [];
    while (rounds.length < stage.settings.reloadRounds) {
      rounds.push(await measureReload(gateway, request.path, perSecond, 10_001 + rounds.length, stage));
    }
    return { name, summary, rounds };
  } finally {
    await gateway.server.stop();
  }
}

async function measureReload(
  { port, adminPort, expectedBody, server }: RunningTarget,
  path: string,
  perSecond: number,
  timeoutMs: number,
  stage: CaseStage,
): Promise<ReloadRound> {
  const admin = new AdminClient(adminPort);
  const answerBytes = Buffer.byteLength(expectedBody);
  const running = stage.client.start({
    port,
    streams: [{ name: STREAM, path, perSecond, answerBytes }],
    openConnections: CONNECTIONS,
    maxConnections: 4 * CONNECTIONS,
  });
  await delay(SETTLE_MS);
  const generation = await admin.generation();
  await longestStall(server);
  const changedMs = wallMs();
  replaceSection(MANY_ROUTES, DEFAULTS, defaultsYaml(timeoutMs));
  while ((await admin.generation()) === generation) {
    if (wallMs() - changedMs > IN_FORCE_WAIT_MS) throw new Error(`a change was not in force in ${IN_FORCE_WAIT_MS} ms`);
    await delay(LOOK_MS);
  }
  const inForceMs = wallMs() - changedMs;
  await delay(AFTERWARDS_MS);
  const endMs = wallMs();
  const stallMs = await longestStall(server);
  await delay(UNDISTURBED_MS);
  const undisturbedStallMs = await longestStall(server);
  const { streams } = await running.stop();
  const other = streams
    .flatMap(({ intervals }) => intervals.flatMap(({ outcomes }) => outcomes))
    .find(({ outcome }) => outcome !== OK);
  if (other !== undefined) throw new Error(`${other.latency.count} or more requests ended with: ${other.outcome}`);
  const longestRequestMs = totalsBetween(streams, changedMs, endMs).okMaxMs ?? Number.NaN;
  return { inForceMs, stallMs, undisturbedStallMs, longestRequestMs };
}

/** In ms, since it was asked last. */
async function longestStall({ child }: ServerProcess): Promise<number> {
  const answered = once(child, 'message', { signal: AbortSignal.timeout(ANSWER_WAIT_MS) });
  child.send('longest stall');
  const [maxMs] = (await answered) as [number];
  return maxMs;
}

function defaultsYaml(timeoutMs: number): string {
  return `defaults: { timeoutMs: ${timeoutMs} }`;
}
