import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  /** Whether it calls the provider. */
  readonly hasBackend: boolean;
  /** What its answers have more than the gateway's is taken off before they are compared. */
  readonly stripAnswer: (value: unknown) => unknown;
  /** Makes it ready to start. Returns why it cannot be, or undefined. */
  prepare(): string | undefined;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The built command, in the folder of the gateway. */
const COMMAND = 'dist/command/main.js';
/** What the gateway is configured with. */
export const GATEWAY_YAML = fileURLToPath(new URL('gateway.yaml', import.meta.url));
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
  nodeArguments: gatewayArguments(GATEWAY_YAML),
  warmUp: 'short',
  hasBackend: true,
  stripAnswer: (value) => value,
  prepare: () => npm(['run', 'build', '--silent'], ROOT),
};

/** What is left when nothing is called. */
export const BARE_KOA: Target = {
  name: 'bare-koa',
  summary: "Koa alone: the gateway's answer out of memory, no provider behind it",
  folder: join(PEERS, 'bare-koa'),
  nodeArguments: ['server.js'],
  warmUp: 'short',
  hasBackend: false,
  stripAnswer: (value) => value,
  prepare: () => undefined,
};

export const PEER_TARGETS: readonly Target[] = [
  BARE_KOA,
  {
    name: 'koa-dubbo-js',
    summary: 'Koa, @koa/router and dubbo-js 4.0.0 (apache-dubbo-consumer), no log, no limits',
    folder: join(PEERS, 'koa-dubbo-js'),
    nodeArguments: ['server.js'],
    warmUp: 'short',
    hasBackend: true,
    stripAnswer: stripDubboJsForms,
    prepare: () => install(join(PEERS, 'koa-dubbo-js')),
  },
  {
    name: 'webflux-dubbo',
    summary: "Spring WebFlux and Apache Dubbo's asynchronous generic call, no log, no limits",
    folder: join(PEERS, 'webflux-dubbo'),
    commandLine: ['java', ...JVM_FLAGS, '-jar', 'target/webflux-dubbo.jar', '--end-with-input'],
    warmUp: 'long',
    hasBackend: true,
    stripAnswer: stripJacksonForms,
    prepare: () => buildMavenPackage(join(PEERS, 'webflux-dubbo'), 'target/webflux-dubbo.jar'),
  },
];

/**
 * Arguments of node for a gateway with this configuration.
 *
 * @param command the built command, in the folder of the gateway
 */
export function gatewayArguments(config: string, command = COMMAND): string[] {
  return [command, 'start', '--config', config];
}

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
