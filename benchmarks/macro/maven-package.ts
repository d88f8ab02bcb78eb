import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms, runBuildTool } from './build-tool.ts';

const TOOLS = ['java', 'javac', 'mvn'];
const WORDS = ['--batch-mode', '--quiet', '--no-transfer-progress', '-Dstyle.color=never', 'package'];

/**
 * Builds a Java package with Maven, unless its jar is newer than all its sources. What it depends on is fetched into
 * Maven's own cache the first time.
 *
 * @param jar path of what is built, below the folder
 * @returns why there is no jar, or undefined
 */
export function buildMavenPackage(folder: string, jar: string): string | undefined {
  const missing = missingPrograms(TOOLS);
  if (missing.length > 0) return `this machine has no ${missing.join(', ')} (a JDK from 17 on and Maven are needed)`;
  if (isUpToDate(join(folder, jar), folder)) return undefined;
  process.stderr.write(`building ${folder} ...\n`);
  return runBuildTool('mvn', WORDS, folder);
}

function isUpToDate(jar: string, folder: string): boolean {
  if (!existsSync(jar)) return false;
  const builtMs = statSync(jar).mtimeMs;
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join('src', name),
  );
  return ['pom.xml', ...sources].every((source) => statSync(join(folder, source)).mtimeMs < builtMs);
}
