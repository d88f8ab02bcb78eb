import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The self time of one function in a profile. */
export interface ProfileEntry {
  /** `function file:line`, with the file relative to the project. */
  readonly place: string;
  /** Part of the time in which the process did something. */
  readonly share: number;
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A folder that node writes a profile of a process to. */
export class ProfileFolder {
  readonly #path = mkdtempSync(join(tmpdir(), 'gateway-profile-'));

  /** Arguments of node. A sample each 200 us: node's default of 1 ms hides short functions. */
  get nodeArguments(): string[] {
    return ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', this.#path];
  }

  /** The functions with the most self time, once the process has ended. Idle time is left out. */
  largest(count: number): ProfileEntry[] {
    const file = readdirSync(this.#path).find((name) => name.endsWith('.cpuprofile'));
    if (file === undefined) throw new Error('the profiled gateway left no profile');
    const profile = JSON.parse(readFileSync(join(this.#path, file), 'utf8')) as CpuProfile;
    return largestCosts(profile).slice(0, count);
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

function largestCosts({ nodes, samples, timeDeltas }: CpuProfile): ProfileEntry[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const micros = new Map<string, number>();
  let total = 0;
  for (const [index, sample] of samples.entries()) {
    const place = places.get(sample)!;
    if (place === '(idle)') continue;
    const delta = Math.max(0, timeDeltas[index]!);
    micros.set(place, (micros.get(place) ?? 0) + delta);
    total += delta;
  }
  return [...micros]
    .map(([place, time]) => ({ place, share: time / total }))
    .sort((left, right) => right.share - left.share);
}

function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const file = url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : url;
  return `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}
