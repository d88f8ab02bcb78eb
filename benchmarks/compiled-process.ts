import { fork, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS_FOLDER } from './results-file.ts';

/** Inside of the package, so that what is compiled finds `node_modules` and is taken for ES modules. */
const COMPILED_FOLDER = join(RESULTS_FOLDER, 'compiled');
const PROJECT = fileURLToPath(new URL('tsconfig.compiled.json', import.meta.url));

let compiled: Promise<void> | undefined;

/**
 * Runs a script of this folder in a process of its own, compiled as the published package is. A loader that compiles
 * on the fly changes what V8 takes for granted and makes the transcoder a quarter slower, which no user sees.
 *
 * The job is given as JSON in the first argument; what the script sends to its parent is handed to `onReport`.
 *
 * @param script such as `micro/measure-group.js`; its source is among the `files` of `tsconfig.compiled.json`
 * @param nodeOptions for node itself
 * @throws Error when it cannot be compiled, or ends with anything but exit code 0
 */
export async function runCompiled<Report>(
  script: string,
  job: unknown,
  onReport: (report: Report) => void,
  nodeOptions: readonly string[] = [],
): Promise<void> {
  compiled ??= compile();
  await compiled;
  const child = fork(join(COMPILED_FOLDER, 'benchmarks', script), [JSON.stringify(job)], {
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  child.on('message', (report) => onReport(report as Report));
  await ended(child, script);
}

async function compile(): Promise<void> {
  rmSync(COMPILED_FOLDER, { recursive: true, force: true });
  const compiler = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin', 'tsc');
  await ended(spawn(process.execPath, [compiler, '-p', PROJECT], { stdio: ['ignore', 2, 2] }), 'the compiler');
}

function ended(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${name} ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
