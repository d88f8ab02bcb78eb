import { spawnSync } from 'node:child_process';

const TIMEOUT_MS = 240_000;
const MESSAGE_LINES = 6;

/** Runs a tool to its end, at most four minutes. Returns why it failed, in a few lines, or undefined. */
export function runBuildTool(program: string, words: readonly string[], folder: string): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd: folder,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status === 0) return undefined;
  const lines = (error?.message ?? stdout + stderr).trim().split('\n');
  return `${program} ${words.join(' ')} failed: ${lines.slice(0, MESSAGE_LINES).join('\n')}`;
}

/** The programs among these that this machine has not got. */
export function missingPrograms(programs: readonly string[]): string[] {
  return programs.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
}
