/** Measures cases of one group; the process of `run-micro.ts`. The job is in the first argument as JSON. */
import { exercise, measurePair } from './measure-pair.ts';
import type { MicroSettings } from './micro-case.ts';
import { MICRO_GROUPS } from './micro-groups.ts';

/** What one process measures. */
export interface GroupJob {
  readonly group: string;
  readonly names: readonly string[];
  readonly settings: MicroSettings;
}

const endWithParent = (): void => process.exit(1);
process.once('disconnect', endWithParent);

const { group, names, settings } = JSON.parse(process.argv[2]!) as GroupJob;
const pairs = MICRO_GROUPS.get(group)!().map(({ name, prepare }) => ({ name, pair: prepare() }));
for (const { name, pair } of pairs) {
  try {
    pair.check();
  } catch (error) {
    throw new Error(`${name}: the two ways do not come to the same result`, { cause: error });
  }
}
// A gateway runs its code on answers of every kind, and V8 compiles it for what it has seen: so all cases come first,
// the chosen and the others, and a figure does not hang on which were chosen.
for (const { pair } of pairs) await exercise(pair, settings.groupWarmUpMs);
for (const { name, pair } of pairs) {
  if (names.includes(name)) process.send!(await measurePair(name, pair, settings));
}
process.off('disconnect', endWithParent).disconnect();
