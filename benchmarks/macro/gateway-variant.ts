import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS_FOLDER } from '../results-file.ts';
import type { NodeProgram } from './server-process.ts';
import { GATEWAY, GATEWAY_YAML, gatewayArguments, type Target, type TargetFacts } from './targets.ts';

/**
 * The gateway with more in its configuration than benchmarks/macro/gateway.yaml has.
 *
 * @param sections YAML, a file each, in which nothing may stand that gateway.yaml sets
 */
export function gatewayVariant(name: string, sections: () => readonly string[]): NodeProgram & TargetFacts {
  const folder = folderOf(name);
  return {
    ...GATEWAY,
    name,
    nodeArguments: gatewayArguments(folder),
    prepare: () => writeVariant(folder, sections()),
  };
}

/** Puts other YAML in the place of one of its sections, counted from 0, while it runs. */
export function replaceSection({ name }: Target, index: number, yaml: string): void {
  const file = sectionFile(folderOf(name), index);
  writeFileSync(`${file}.new`, `${yaml}\n`);
  renameSync(`${file}.new`, file);
}

function folderOf(name: string): string {
  return join(RESULTS_FOLDER, 'variants', name.replaceAll(' ', '-'));
}

function sectionFile(folder: string, index: number): string {
  return join(folder, `more-${index}.yaml`);
}

/** A folder as configuration: the file that all have, and a file for each of what is more. */
function writeVariant(folder: string, sections: readonly string[]): undefined {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(GATEWAY_YAML, join(folder, 'gateway.yaml'));
  for (const [index, yaml] of sections.entries()) writeFileSync(sectionFile(folder, index), `${yaml}\n`);
}
