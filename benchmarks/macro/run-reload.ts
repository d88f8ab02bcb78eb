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
import { warmUp } from './warm-up.ts';

/** One change of the configuration under load, beside two seconds without one. */
export interface ReloadRound {
  /** From the change of the file until it was in force. */
  readonly inForceMs: number;
  /** The request that took longest meanwhile, from when it was due. */
  readonly longestMs: number;
  /** The longest of the two seconds after that, in which nothing changed. */
  readonly undisturbedMs: number;
}

export interface ReloadResult {
  readonly name: string;
  readonly summary: string;
  readonly rounds: readonly ReloadRound[];
}

const ROUTES = 5_000;
/** The section that changes: every route depends on it. */
const DEFAULTS = 1;
const MANY_ROUTES = gatewayVariant(`${ROUTES} routes reloaded`, () => [furtherRoutes(ROUTES), defaultsYaml(10_000)]);

const STREAM = 'the requests';
const CONNECTIONS = 64;
const SETTLE_MS = 500;
const LOOK_MS = 50;
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
    await warmUp(gateway, request, false, stage);
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
  { port, adminPort, expectedBody }: RunningTarget,
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
  const changedMs = wallMs();
  replaceSection(MANY_ROUTES, DEFAULTS, defaultsYaml(timeoutMs));
  while ((await admin.generation()) === generation) {
    if (wallMs() - changedMs > IN_FORCE_WAIT_MS) throw new Error(`a change was not in force in ${IN_FORCE_WAIT_MS} ms`);
    await delay(LOOK_MS);
  }
  const inForceMs = wallMs() - changedMs;
  await delay(AFTERWARDS_MS);
  const endMs = wallMs();
  await delay(UNDISTURBED_MS);
  const { streams } = await running.stop();
  const other = streams
    .flatMap(({ intervals }) => intervals.flatMap(({ outcomes }) => outcomes))
    .find(({ outcome }) => outcome !== OK);
  if (other !== undefined) throw new Error(`${other.latency.count} or more requests ended with: ${other.outcome}`);
  const longest = (fromMs: number, toMs: number): number => totalsBetween(streams, fromMs, toMs).okMaxMs ?? Number.NaN;
  return {
    inForceMs,
    longestMs: longest(changedMs, endMs),
    undisturbedMs: longest(endMs, endMs + UNDISTURBED_MS),
  };
}

function defaultsYaml(timeoutMs: number): string {
  return `defaults: { timeoutMs: ${timeoutMs} }`;
}
