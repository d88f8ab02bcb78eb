import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripDubboJsForms } from './answer.ts';

/** A server that answers the requests of the cases. */
export interface Target {
  readonly name: string;
  /** What stands beside its figures in the report. */
  readonly summary: string;
  readonly folder: string;
  /** Arguments of node, run in `folder`. */
  readonly nodeArguments: readonly string[];
  /** What its answers have more than the gateway's is taken off before they are compared. */
  readonly stripAnswer: (value: unknown) => unknown;
  /** Makes it ready to start. Returns why it cannot be, or undefined. */
  prepare(): string | undefined;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PEERS = fileURLToPath(new URL('../peers', import.meta.url));
const COMMAND_TIMEOUT_MS = 240_000;
const MESSAGE_LINES = 6;

/** The server that is measured; the peers are its baselines. */
export const GATEWAY: Target = {
  name: 'gateway',
  summary: 'this gateway, built, with benchmarks/macro/gateway.yaml',
  folder: ROOT,
  nodeArguments: ['dist/main.js', 'start', '--config', 'benchmarks/macro/gateway.yaml'],
  stripAnswer: (value) => value,
  prepare: () => npm(['run', 'build', '--silent'], ROOT),
};

export const PEER_TARGETS: readonly Target[] = [
  {
    name: 'bare-koa',
    summary: "Koa alone: the gateway's answer out of memory, no provider behind it",
    folder: join(PEERS, 'bare-koa'),
    nodeArguments: ['server.js'],
    stripAnswer: (value) => value,
    prepare: () => undefined,
  },
  {
    name: 'koa-dubbo-js',
    summary: 'Koa, @koa/router and dubbo-js 4.0.0 (apache-dubbo-consumer), no log, no limits',
    folder: join(PEERS, 'koa-dubbo-js'),
    nodeArguments: ['server.js'],
    stripAnswer: stripDubboJsForms,
    prepare: () => install(join(PEERS, 'koa-dubbo-js')),
  },
];

/** Installs a peer's own packages as its lock file has them, unless they are there. */
function install(folder: string): string | undefined {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return undefined;
  process.stderr.write(`installing ${folder} ...\n`);
  // The ZooKeeper addon below dubbo-js would be compiled by an install script; the peer does not use it.
  return npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
}

function npm(words: readonly string[], folder: string): string | undefined {
  const { status, stdout, stderr, error } = spawnSync('npm', words, {
    cwd: folder,
    encoding: 'utf8',
    timeout: COMMAND_TIMEOUT_MS,
  });
  if (status === 0) return undefined;
  const lines = (error?.message ?? stdout + stderr).trim().split('\n');
  return `npm ${words.join(' ')} failed: ${lines.slice(0, MESSAGE_LINES).join('\n')}`;
}
