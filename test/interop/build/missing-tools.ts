import { spawnSync } from 'node:child_process';
import type { PeerName } from '../peers/peer-names.ts';

/** The programs a peer is built and run with. */
const JAVA_TOOLS: readonly Tool[] = [
  { file: 'java', versionFlag: '-version', description: 'a JDK (java)' },
  { file: 'javac', versionFlag: '-version', description: 'a JDK (javac)' },
  { file: 'mvn', versionFlag: '--version', description: 'Maven (mvn)' },
];
const GO_TOOLS: readonly Tool[] = [{ file: 'go', versionFlag: 'version', description: 'Go (go)' }];

interface Tool {
  readonly file: string;
  readonly versionFlag: string;
  readonly description: string;
}

/** What this machine lacks to build and run a peer, in words; empty when nothing. */
export function missingTools(name: PeerName): string[] {
  const tools = name === 'go' ? GO_TOOLS : JAVA_TOOLS;
  return tools.filter((tool) => !isInstalled(tool)).map((tool) => tool.description);
}

function isInstalled(tool: Tool): boolean {
  return spawnSync(tool.file, [tool.versionFlag], { stdio: 'ignore' }).status === 0;
}
