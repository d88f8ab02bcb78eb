import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommand, buildLibrary } from '../../build.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let command: Promise<string> | undefined;

/**
 * Builds `sluice` as it is published, of the sources as they are now, far from all packages that it might need; once in a
 * process.
 *
 * @returns path of the file that Node runs
 */
export function builtCommand(): Promise<string> {
  command ??= newCommand();
  return command;
}

async function newCommand(): Promise<string> {
  const folder = join(packageFolder(), 'dist/command');
  await buildCommand(folder, process.env.NODE_V8_COVERAGE !== undefined);
  return join(folder, 'main.js');
}

/** The same for what applications import, beside the packages that are installed with it. */
export async function builtLibrary(): Promise<string> {
  const folder = packageFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const library = join(folder, 'dist/library');
  await buildLibrary(library);
  return join(library, 'index.js');
}

/** Is gone with this process. */
function packageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-built-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return folder;
}
