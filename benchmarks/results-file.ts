import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything goes that a run leaves behind; ignored by git. */
export const RESULTS_FOLDER = fileURLToPath(new URL('results', import.meta.url));

/** Writes the figures of a run as JSON, and says where. The latest run of a kind replaces the one before. */
export function writeResults(kind: string, results: unknown): string {
  return writeResultFile(`${kind}.json`, `${JSON.stringify(results, null, 2)}\n`);
}

/** Writes a file of a run, and says where. */
export function writeResultFile(name: string, text: string): string {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const path = join(RESULTS_FOLDER, name);
  writeFileSync(path, text);
  return relative(process.cwd(), path);
}
