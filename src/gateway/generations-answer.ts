import type { GenerationsAnswer } from '../admin/answers/config-answers.ts';
import { timestamp } from '../telemetry/timestamp.ts';
import { configFindingsOfFiles } from './config-finding.ts';
import type { ReloadRecord } from './config-follower.ts';
import type { GenerationRecord } from './generations.ts';

/** The generations and the last reading of the files as the admin API shows them. */
export function generationsAnswer(
  records: readonly GenerationRecord[],
  lastReload: ReloadRecord | undefined,
): GenerationsAnswer {
  return {
    generations: records.map(({ sinceWallMs, ...record }) => ({ ...record, since: timestamp(sinceWallMs) })),
    lastReload: lastReload === undefined ? null : reloadAnswer(lastReload),
  };
}

function reloadAnswer({ source, atWallMs, isSuccessful, errors }: ReloadRecord): GenerationsAnswer['lastReload'] {
  return { source, at: timestamp(atWallMs), successful: isSuccessful, errors: configFindingsOfFiles(errors) };
}
