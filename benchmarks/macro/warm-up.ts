import type { CaseRequest } from './case-request.ts';
import type { CaseStage } from './case-stage.ts';
import { BUSY, type MacroSample } from './macro-sample.ts';
import { measureFullLoad } from './measure-load.ts';
import type { RunningTarget } from './running-target.ts';
import { untilIdle } from './until-idle.ts';

const MAX_PAUSE_MS = 5_000;

/**
 * Load for as long as a server needs, and what it was second by second. Only the time counts in which it had its core,
 * else other work on the machine would leave it cold; but at most twice as long. Where the warm-up is long there is a
 * pause after each second of load until the server has nothing left to do: a JVM's compiler gets little of a core that is
 * full of requests.
 *
 * @param connections default: those of the settings
 * @param isWarm whether it was warmed up in an earlier case
 */
export async function warmUp(
  running: RunningTarget,
  request: CaseRequest,
  isWarm: boolean,
  stage: CaseStage,
  connections = stage.settings.connections,
): Promise<MacroSample[]> {
  const kind = isWarm ? 'again' : running.target.warmUp;
  const seconds = stage.settings.warmUpSeconds[kind];
  const samples: MacroSample[] = [];
  const step = Math.min(1, seconds);
  for (let served = 0; served < seconds && samples.length * step < 2 * seconds; ) {
    const full = { seconds: step, connections, mayBeSilent: true };
    const sample = await measureFullLoad(running, request, full, stage);
    samples.push(sample);
    served += step * Math.min(1, sample.serverBusy / BUSY);
    if (kind !== 'short') await untilIdle(running.server.pid, MAX_PAUSE_MS);
  }
  return samples;
}
