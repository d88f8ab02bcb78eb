/**
 * Makes `dist/` of `src/`: `npm run build`.
 *
 * Several hundred modules loaded one by one are most of the time that a start takes, so the command is a few files with
 * all its packages in them; the library is a few files whose packages stay outside, for the application around it may
 * have them already.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const ROOT = fileURLToPath(new URL('.', import.meta.url));
/** Processes of their own: each is started by a file beside the one that starts it. */
const CONFIG_PROCESS = 'src/gateway/config-process-entry.ts';
const WORKER = 'src/workers/worker-entry.ts';
const NOTICES = 'THIRD-PARTY-NOTICES.txt';
/** Folder of the package that a file belongs to, wherever the packages are installed. */
const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
/** CommonJS packages ask for Node's own modules with `require`, which an ES module has not. */
const REQUIRE =
  "import { createRequire as createRequireOfNode } from 'node:module'; const require = createRequireOfNode(import.meta.url);";

/**
 * Writes `main.js` and what it needs into a folder: runs wherever Node does, without any package.
 *
 * @param withSourceMaps whether the files say of which sources they are made, for whoever measures what runs of those
 */
export async function buildCommand(folder: string, withSourceMaps = false): Promise<void> {
  const { metafile } = await bundle(['src/main.ts', CONFIG_PROCESS, WORKER], folder, {
    banner: { js: REQUIRE },
    // V8 keeps the text of all files in memory, and one character beyond Latin-1 in a comment doubles a file. Names and
    // short lines stay, so that a stack trace can be read.
    minifyWhitespace: true,
    lineLimit: 120,
    sourcemap: withSourceMaps && 'inline',
  });
  writeFileSync(join(folder, NOTICES), notices(bundledPackages(metafile)));
}

/** Writes `index.js` and what it needs beside the packages that this one depends on. */
export async function buildLibrary(folder: string): Promise<void> {
  await bundle(['src/index.ts', CONFIG_PROCESS], folder, { packages: 'external' });
}

async function bundle(
  entryPoints: string[],
  outdir: string,
  options: BuildOptions,
): Promise<{ readonly metafile: Metafile }> {
  return build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    entryNames: '[name]',
    bundle: true,
    // What is imported when it is needed stays a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    metafile: true,
    logLevel: 'warning',
  });
}

/** Folders of all packages of which something is in the output. */
function bundledPackages({ inputs }: Metafile): string[] {
  const folders = new Set<string>();
  for (const path of Object.keys(inputs)) {
    const folder = PACKAGE_FOLDER.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [...folders].sort();
}

/** The licences of the packages, which go wherever their code goes. */
function notices(packages: readonly string[]): string {
  return packages
    .map((path) => {
      const folder = join(ROOT, path);
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((candidate) => /^(licen[cs]e|copying)/i.test(candidate));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
      return `${name} ${version}, ${license}${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

async function buildAll(): Promise<void> {
  const dist = join(ROOT, 'dist');
  rmSync(dist, { recursive: true, force: true });
  await Promise.all([buildCommand(join(dist, 'command')), buildLibrary(join(dist, 'library'))]);
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
