import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { assembleGateway } from '../../src/gateway/gateway.ts';
import { readConfigFiles } from '../../src/gateway/read-config-files.ts';
import { type CapturedLog, captureLog } from './captured-log.ts';
import { type ListeningGateway, startListening } from './listening-gateway.ts';

/** A gateway that has its configuration from a file of its own. */
export interface FollowingGateway extends ListeningGateway {
  readonly log: CapturedLog;
  /** `gateway.yaml`, alone in its folder. */
  readonly file: string;
}

export interface FollowingOptions {
  /** Whether the file is read again when it changes, not only when the gateway is told to; default false. */
  readonly watchFiles?: boolean;
  /** Moves the file before it is read the first time, and says what the gateway is told to read; default: the file. */
  readonly place?: (file: string) => string;
  /** Runs between the reading of the file and the start; default: nothing. */
  readonly meanwhile?: (file: string) => void;
  /** The variables that the file may use; default: none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a gateway with this text as its configuration, in a folder that is deleted with the test. */
export async function startFollowing(
  context: TestContext,
  text: string,
  { watchFiles = false, place = (file) => file, meanwhile = () => {}, environment = {} }: FollowingOptions = {},
): Promise<FollowingGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'following-'));
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, text);
  const path = place(file);
  const { config, diagnostics, ...read } = readConfigFiles(path, environment);
  assert.ok(config, JSON.stringify(diagnostics));
  meanwhile(file);
  const log = captureLog();
  const files = { ...read, path };
  const gateway = assembleGateway(config, { logger: log.logger, files, environment, watchFiles });
  const listening = await startListening(context, gateway);
  context.after(() => rmSync(folder, { recursive: true }));
  return { ...listening, log, file };
}
