/**
 * Runs the test files below the named folders of `test/` with Node's own runner: `run-tests.ts unit integration`.
 *
 * Node 20 takes no glob patterns, and it starts a process for each file: half a second each, which for small unit tests
 * is more than they take. So the unit tests of one folder share a process; other tests have one of their own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SHARED = 'unit';

const testFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const entryFolder = mkdtempSync(join(tmpdir(), 'sluice-tests-'));

function testFiles(folder: string): string[] {
  return readdirSync(join(testFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(testFolder, folder, name));
}

/** One file per folder that imports all its tests. */
function sharedEntries(files: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const group = relative(join(testFolder, SHARED), dirname(file)).replaceAll(/[\\/]/g, '-');
    groups.set(group, [...(groups.get(group) ?? []), file]);
  }
  return [...groups].map(([group, members]) => {
    const entry = join(entryFolder, `${group}.test.mjs`);
    writeFileSync(entry, members.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join(''));
    return entry;
  });
}

const folders = process.argv.slice(2);
const entries = folders.flatMap((folder) => (folder === SHARED ? sharedEntries(testFiles(folder)) : testFiles(folder)));
let exitCode = 1;
if (entries.length === 0) {
  process.stderr.write(`no test files below: ${folders.join(', ') || '(no folder named)'}\n`);
} else {
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--test', '--test-concurrency=2', '--test-reporter=spec', ...entries],
    { stdio: 'inherit' },
  );
  exitCode = status ?? 1;
}
rmSync(entryFolder, { recursive: true });
process.exit(exitCode);
