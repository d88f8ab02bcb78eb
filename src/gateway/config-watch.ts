import { type FSWatcher, type Stats, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface ConfigWatchOptions {
  /** How often in ms the files are looked at, whether something was reported or not; default 5,000. */
  readonly pollMs?: number;
  /** Time in ms without further changes after which one is told of; default 100. */
  readonly quietMs?: number;
}

/** Changes that go on and on are told of after so many times `quietMs`. */
const MAX_QUIET_TIMES = 10;

/**
 * Tells when files have changed. Their directories are watched, not the files: editors and Kubernetes put another file in
 * the place of the old one, which who watches the old one never hears of. Where the system reports nothing, as on some
 * network file systems, the poll finds it. What is compared is inode, size and time of the files, so that whatever else
 * happens in their directories is no change.
 */
export class ConfigWatch {
  readonly #onChange: () => void;
  readonly #quietMs: number;
  readonly #poll: NodeJS.Timeout;
  readonly #watchers = new Map<string, FSWatcher>();
  /** What each path was like when it was last looked at. */
  readonly #stamps = new Map<string, string>();
  #quietTimer: NodeJS.Timeout | undefined;
  #postponed = 0;
  #isClosed = false;

  /** @param onChange called once for changes that follow each other closely */
  constructor(onChange: () => void, { pollMs = 5_000, quietMs = 100 }: ConfigWatchOptions = {}) {
    this.#onChange = onChange;
    this.#quietMs = quietMs;
    this.#poll = setInterval(() => void this.#compare(), pollMs);
    this.#poll.unref();
  }

  /**
   * Watches these files and directories from now on, in place of those before. Resolves when it does. Of those that were
   * watched before, no change is missed.
   */
  async follow(paths: readonly string[]): Promise<void> {
    for (const path of [...this.#stamps.keys()]) if (!paths.includes(path)) this.#stamps.delete(path);
    const directories = new Set(paths.flatMap((path) => [path, dirname(path)]));
    for (const [path, watcher] of this.#watchers) {
      if (directories.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const path of directories) await this.#watchDirectory(path);
    for (const path of paths) if (!this.#stamps.has(path)) this.#stamps.set(path, await stampOf(path));
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#quietTimer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #watchDirectory(path: string): Promise<void> {
    const isDirectory = (await statOf(path))?.isDirectory() === true;
    if (!isDirectory || this.#watchers.has(path) || this.#isClosed) return;
    try {
      const watcher = watch(path, { persistent: false }, () => this.#onEvent());
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    } catch {
      // No watch to be had, as where there are too many: the poll is still there.
    }
  }

  #onEvent(): void {
    if (this.#quietTimer !== undefined && this.#postponed >= MAX_QUIET_TIMES) return;
    this.#postponed++;
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => {
      this.#quietTimer = undefined;
      this.#postponed = 0;
      void this.#compare();
    }, this.#quietMs);
    this.#quietTimer.unref();
  }

  async #compare(): Promise<void> {
    let hasChanged = false;
    for (const [path, before] of [...this.#stamps]) {
      const stamp = await stampOf(path);
      if (stamp === before || this.#stamps.get(path) !== before) continue;
      this.#stamps.set(path, stamp);
      hasChanged = true;
    }
    if (hasChanged && !this.#isClosed) this.#onChange();
  }
}

async function stampOf(path: string): Promise<string> {
  const found = await statOf(path);
  return found === undefined ? 'missing' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}

/** Of what a link leads to; undefined where there is nothing. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
