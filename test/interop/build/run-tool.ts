import { spawn } from 'node:child_process';

const TOOL_TIMEOUT_MS = 10 * 60_000;
const LOG_LIMIT = 32 * 1024;

/**
 * Runs a build tool to its end.
 *
 * @throws Error with the end of its output when it fails, is missing or takes longer than ten minutes
 */
export function runTool(file: string, toolArguments: readonly string[], folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, toolArguments, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TOOL_TIMEOUT_MS,
    });
    let log = '';
    const keep = (chunk: Buffer): void => {
      log = (log + chunk.toString('utf8')).slice(-LOG_LIMIT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${code ?? signal}:\n${log}`));
    });
  });
}
