import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS_FOLDER } from '../results-file.ts';
import { stripDubboJsForms, stripJacksonForms } from './answer.ts';
import { runBuildTool } from './build-tool.ts';
import { buildMavenPackage } from './maven-package.ts';
import type { NodeProgram, ServerProgram } from './server-process.ts';

/** A server that answers the requests of the cases. It is started in its folder. */
export type Target = ServerProgram & TargetFacts;

/** All of a target but its command line. */
export interface TargetFacts {
  readonly name: string;
  /** What stands beside its figures in the report. */
  readonly summary: string;
  readonly folder: string;
  /** How long it needs under load until its speed is its own: `long` for a JVM, which compiles as it goes. */
  readonly warmUp: 'short' | 'long';
  /** What its answers have more than the gateway's is taken off before they are compared. */
  readonly stripAnswer: (value: unknown) => unknown;
  /** Makes it ready to start. Returns why it cannot be, or undefined. */
  prepare(): string | undefined;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GATEWAY_YAML = fileURLToPath(new URL('gateway.yaml', import.meta.url));
const PEERS = fileURLToPath(new URL('../peers', import.meta.url));

/**
 * A heap with a bound, as in a container, and the collector that the JVM chooses by itself on one core, named so that it
 * is the same one on every machine.
 */
const JVM_FLAGS = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC'];

/** The server that is measured; the peers are its baselines. */
export const GATEWAY: NodeProgram & TargetFacts = {
  name: 'gateway',
  summary: 'this gateway, built, with benchmarks/macro/gateway.yaml',
  folder: ROOT,
  nodeArguments: ['dist/main.js', 'start', '--config', 'benchmarks/macro/gateway.yaml'],
  warmUp: 'short',
  stripAnswer: (value) => value,
  prepare: () => npm(['run', 'build', '--silent'], ROOT),
};

/** What is switched off, by a name for the report. */
const PARTS_OFF: Readonly<Record<string, string>> = {
  log: 'log: { requests: false }',
  metrics: 'server: { admin: { metrics: false } }',
  admission: 'admission: off',
  quarantine: 'bulkhead: { quarantine: off }',
  bulkheads: 'bulkhead: off',
};

/** The gateway with one part off, and with all of them off. */
export function partTargets(): Target[] {
  const off = (name: string, parts: readonly string[]): Target => {
    const folder = join(RESULTS_FOLDER, 'parts', name.replaceAll(' ', '-'));
    return {
      ...GATEWAY,
      name,
      nodeArguments: ['dist/main.js', 'start', '--config', folder],
      prepare: () => writeVariant(folder, parts),
    };
  };
  const { quarantine: _, ...all } = PARTS_OFF;
  return [
    ...Object.entries(PARTS_OFF).map(([part, yaml]) => off(`no ${part}`, [yaml])),
    off('none of them', Object.values(all)),
  ];
}

/** A folder as configuration: the file that is measured, and a file for each part. */
function writeVariant(folder: string, parts: readonly string[]): undefined {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(GATEWAY_YAML, join(folder, 'gateway.yaml'));
  for (const [index, yaml] of parts.entries()) writeFileSync(join(folder, `part-${index}.yaml`), `${yaml}\n`);
}

export const PEER_TARGETS: readonly Target[] = [
  {
    name: 'bare-koa',
    summary: "Koa alone: the gateway's answer out of memory, no provider behind it",
    folder: join(PEERS, 'bare-koa'),
    nodeArguments: ['server.js'],
    warmUp: 'short',
    stripAnswer: (value) => value,
    prepare: () => undefined,
  },
  {
    name: 'koa-dubbo-js',
    summary: 'Koa, @koa/router and dubbo-js 4.0.0 (apache-dubbo-consumer), no log, no limits',
    folder: join(PEERS, 'koa-dubbo-js'),
    nodeArguments: ['server.js'],
    warmUp: 'short',
    stripAnswer: stripDubboJsForms,
    prepare: () => install(join(PEERS, 'koa-dubbo-js')),
  },
  {
    name: 'webflux-dubbo',
    summary: "Spring WebFlux and Apache Dubbo's asynchronous generic call, no log, no limits",
    folder: join(PEERS, 'webflux-dubbo'),
    commandLine: ['java', ...JVM_FLAGS, '-jar', 'target/webflux-dubbo.jar', '--end-with-input'],
    warmUp: 'long',
    stripAnswer: stripJacksonForms,
    prepare: () => buildMavenPackage(join(PEERS, 'webflux-dubbo'), 'target/webflux-dubbo.jar'),
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
  return runBuildTool('npm', words, folder);
}
