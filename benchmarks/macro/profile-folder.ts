import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuiltSources } from './built-sources.ts';

/** A part of the self time in a profile. */
export interface ProfileCost {
  /** `function file:line`, or the area that code belongs to: a folder of the gateway, a package, a module of node. */
  readonly place: string;
  /** Part of the time in which the process did something. */
  readonly share: number;
}

/** Where the time of a profile went, the largest parts first. */
export interface ProfileCosts {
  readonly functions: readonly ProfileCost[];
  readonly areas: readonly ProfileCost[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
  }[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
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

  /**
   * Reads the profile once the process has ended, and keeps a copy for tools such as the inspector of Chrome.
   *
   * @param fromMicros start of what counts, on the clock of `process.hrtime`: before it the process starts and warms up
   */
  read(copyPath: string, fromMicros: number): ProfileCosts {
    const file = readdirSync(this.#path).find((name) => name.endsWith('.cpuprofile'));
    if (file === undefined) throw new Error('the profiled gateway left no profile');
    const path = join(this.#path, file);
    mkdirSync(dirname(copyPath), { recursive: true });
    copyFileSync(path, copyPath);
    return costsOf(JSON.parse(readFileSync(path, 'utf8')) as CpuProfile, fromMicros);
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

function costsOf({ nodes, startTime, samples, timeDeltas }: CpuProfile, fromMicros: number): ProfileCosts {
  const sources = new BuiltSources();
  const costs = new Map(nodes.map(({ id, callFrame }) => [id, costOf(callFrame, sources)]));
  const byPlace = new Map<string, number>();
  const byArea = new Map<string, number>();
  let atMicros = startTime;
  for (const [index, sample] of samples.entries()) {
    const { place, area } = costs.get(sample)!;
    const delta = Math.max(0, timeDeltas[index]!);
    atMicros += delta;
    if (atMicros < fromMicros || place === '(idle)') continue;
    add(byPlace, place, delta);
    add(byArea, area, delta);
  }
  return { functions: largestFirst(byPlace), areas: largestFirst(byArea) };
}

function add(times: Map<string, number>, key: string, delta: number): void {
  times.set(key, (times.get(key) ?? 0) + delta);
}

function largestFirst(times: ReadonlyMap<string, number>): ProfileCost[] {
  let total = 0;
  for (const time of times.values()) total += time;
  return [...times]
    .map(([place, time]) => ({ place, share: time / total }))
    .sort((left, right) => right.share - left.share);
}

function costOf(
  { functionName, url, lineNumber, columnNumber }: CallFrame,
  sources: BuiltSources,
): { readonly place: string; readonly area: string } {
  if (url === '') return { place: functionName, area: 'native code: system calls, garbage collector, strings' };
  const name = functionName || '(anonymous)';
  if (!url.startsWith('file:')) return { place: `${name} ${url}:${lineNumber + 1}`, area: url };
  const source = sources.placeOf(url, lineNumber, columnNumber);
  const file = relative(ROOT, source.path);
  return { place: `${name} ${file}:${source.lineNumber + 1}`, area: file.split('/').slice(0, 2).join('/') };
}
