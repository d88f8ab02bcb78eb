import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything goes that a run leaves behind; ignored by git. */
export const RESULTS_FOLDER = fileURLToPath(new URL('results', import.meta.url));

/** Writes the figures of a run as JSON, and says where. The latest run of a kind replaces the one before. */
export function writeResults(kind: string, results: unknown): string {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const path = join(RESULTS_FOLDER, `${kind}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  return relative(process.cwd(), path);
}
