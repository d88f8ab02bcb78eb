/** Measures one hostile case; the process of `run-hostile.ts`, with `--expose-gc`. The job is in the first argument. */
import { cpuTimeMs } from '../cpu-time.ts';
import { compare, summarize } from '../statistics.ts';
import { GatewayRoutes } from './gateway-routes.ts';
import { type HostileResult, type HostileSettings, isSlower } from './hostile-case.ts';
import { HOSTILE_CASES } from './hostile-cases.ts';
import { NormalRoute } from './normal-route.ts';

export interface HostileJob {
  readonly name: string;
  readonly settings: HostileSettings;
}

/** What takes longer to be as fast as before is slow. */
const MAX_RECOVERY_MS = 6_000;

const endWithParent = (): void => process.exit(1);
process.once('disconnect', endWithParent);
const { name, settings } = JSON.parse(process.argv[2]!) as HostileJob;
process.send!(measure(name, settings));
process.off('disconnect', endWithParent).disconnect();

function measure(caseName: string, caseSettings: HostileSettings): HostileResult {
  const { summary, answers, outcome, prepare } = HOSTILE_CASES.find((known) => known.name === caseName)!;
  const routes = new GatewayRoutes();
  const normal = new NormalRoute(routes.add(), caseSettings);
  const hostile = routes.add();
  const before = normal.measure();
  const normalMicrosPerByte = summarize(before.micros).median / normal.body.length;

  const { body } = prepare();
  const count = Math.ceil(answers * caseSettings.partOfAnswers);
  // Memory of the body itself is the provider's doing, and is there before.
  body(0);
  const usedBefore = bytesInUse();
  const residentBefore = process.memoryUsage.rss();
  let bytes = 0;
  let cpuMs = 0;
  for (let index = 0; index < count; index++) {
    const answer = body(index);
    bytes += answer.length;
    const startMs = cpuTimeMs();
    const became = hostile.outcomeOf(answer);
    cpuMs += cpuTimeMs() - startMs;
    if (became !== outcome) throw new Error(`${caseName} became ${became} instead of ${outcome}`);
  }
  const peakBytes = Math.max(0, process.resourceUsage().maxRSS * 1024 - residentBefore);
  // A buffer that has grown is given back by the next answer of any route.
  normal.answerOnce();
  const leftBytes = bytesInUse() - usedBefore;
  const compareNow = () => compare(normal.measure().toReference, before.toReference);
  const normalAfter = compareNow();
  const recoveryStartMs = cpuTimeMs();
  let normalLater = normalAfter;
  while (isSlower(normalLater) && cpuTimeMs() - recoveryStartMs < MAX_RECOVERY_MS) normalLater = compareNow();
  return {
    name: caseName,
    summary,
    outcome,
    answers: count,
    bytes,
    cpuMs,
    costToNormal: outcome === 'ok' ? (cpuMs * 1000) / bytes / normalMicrosPerByte : undefined,
    peakBytes,
    leftBytes,
    normalAfter,
    normalLater,
    recoveryMs: cpuTimeMs() - recoveryStartMs,
  };
}

/** On and off the heap. What a first collection lets go outside of the heap is counted until the next one. */
function bytesInUse(): number {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
