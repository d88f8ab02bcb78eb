/**
 * Runs the test files below the named folders of `test/` with Node's own runner: `run-tests.ts unit integration`.
 * Node 20 takes no glob patterns on its command line, and shells differ in theirs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const testFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const folders = process.argv.slice(2);
const files = folders.flatMap((folder) =>
  readdirSync(join(testFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => relative(process.cwd(), join(testFolder, folder, name))),
);
if (files.length === 0) {
  process.stderr.write(`no test files below: ${folders.join(', ') || '(no folder named)'}\n`);
  process.exit(1);
}
const { status, signal } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', ...files],
  { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } },
);
process.exit(status ?? (signal === null ? 1 : 128));
