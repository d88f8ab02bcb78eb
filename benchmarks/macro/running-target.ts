import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS_FOLDER } from '../results-file.ts';
import { fetchAnswer } from './answer.ts';
import type { CaseRequest } from './case-request.ts';
import { ServerProcess } from './server-process.ts';
import type { Target } from './targets.ts';

/** A target that has given its first right answer. */
export interface RunningTarget {
  readonly target: Target;
  readonly server: ServerProcess;
  readonly origin: string;
  readonly port: number;
  readonly adminPort: number;
  readonly expectedBody: string;
  /** Time from its start to its first right answer. */
  readonly readyMs: number;
}

export interface TargetSurroundings {
  readonly port: number;
  /** Words in front of the server's command line, to pin it to a core. */
  readonly pin: readonly string[];
  readonly request: CaseRequest;
  /** Port of the provider. */
  readonly provider: number;
  readonly adminPort: number;
  /** What a peer without provider answers. */
  readonly answer?: string;
  /** Whether it stands still while others are measured; default false. */
  readonly takesTurns?: boolean;
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROVIDER = fileURLToPath(new URL('provider.ts', import.meta.url));
/**
 * From eight seconds without load on V8 drops shapes and code that are not in use (its memory reducer), and a server needs
 * ten seconds of load or more until it is as fast as before. Under steady load, which is what is measured, that never
 * happens; while others have their turn it would.
 */
const STAYS_WARM = ['--no-memory-reducer'];
/** A JVM takes most of it when the machine is busy. */
const READY_WAIT_MS = 60_000;

/** @param withChannel whether it takes fault rules as messages */
export function startProvider(port: number, pin: readonly string[], withChannel = false): ServerProcess {
  return new ServerProcess({
    name: 'the mock provider',
    pin,
    nodeArguments: ['--import', 'tsx', PROVIDER],
    folder: ROOT,
    environment: { BENCH_PROVIDER_PORT: String(port) },
    withChannel,
  });
}

/** Starts a server and waits until it answers the request. */
export async function startTarget(target: Target, surroundings: TargetSurroundings): Promise<RunningTarget> {
  const { port, pin, request, provider, adminPort, answer, takesTurns = false } = surroundings;
  const origin = `http://127.0.0.1:${port}`;
  const startMs = performance.now();
  const server = new ServerProcess({
    ...target,
    pin,
    engineFlags: takesTurns ? STAYS_WARM : [],
    environment: {
      BENCH_HTTP_PORT: String(port),
      BENCH_ADMIN_PORT: String(adminPort),
      BENCH_PROVIDER: `127.0.0.1:${provider}`,
      BENCH_PROVIDER_PORT: String(provider),
      ...(answer === undefined ? {} : { BENCH_ANSWER_FILE: writeAnswer(answer) }),
    },
  });
  let expectedBody: string | undefined;
  try {
    await server.untilReady(async () => {
      expectedBody = await fetchAnswer(origin, request);
      return expectedBody !== undefined;
    }, READY_WAIT_MS);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const readyMs = performance.now() - startMs;
  return { target, server, origin, port, adminPort, expectedBody: expectedBody!, readyMs };
}

/** A file, since the environment of a process cannot hold a long text. It is read when the server starts. */
function writeAnswer(answer: string): string {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const path = join(RESULTS_FOLDER, 'answer.json');
  writeFileSync(path, answer);
  return path;
}
