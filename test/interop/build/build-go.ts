import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GO_PROGRAM, GO_PROGRAM_FOLDER, INTEROP_FOLDER } from '../peers/paths.ts';
import { contentHash, isBuiltFrom, writeStamp } from './content-stamp.ts';
import { runTool } from './run-tool.ts';

const FOLDER = join(INTEROP_FOLDER, 'go');
const SOURCES = ['go.mod', 'go.sum', 'main.go', 'service.go', 'model.go'].map((name) => join(FOLDER, name));

/** Fetches dubbo-go and builds our Go provider, only when its sources or its list of modules have changed. */
export async function buildGoPeer(): Promise<void> {
  const stamp = join(GO_PROGRAM_FOLDER, '.built-from');
  const hash = contentHash(SOURCES, INTEROP_FOLDER);
  if (existsSync(GO_PROGRAM) && isBuiltFrom(stamp, hash)) return;
  mkdirSync(GO_PROGRAM_FOLDER, { recursive: true });
  await runTool('go', ['build', '-mod=readonly', '-o', GO_PROGRAM, '.'], FOLDER);
  writeStamp(stamp, hash);
}
