import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoPeer } from './build/build-go.ts';
import { buildJavaPeer, buildNacosServer } from './build/build-java.ts';
import { missingTools } from './build/missing-tools.ts';
import { INTEROP_FOLDER } from './peers/paths.ts';
import { PEERS_VARIABLE, type PeerName, peersNamedBy } from './peers/peer-names.ts';

const FAILURES_REPORTER = new URL('../support/failures-reporter.js', import.meta.url).href;

/**
 * `npm run test:interop [-- PEER...]`: builds real Dubbo providers and runs the tests of this folder against them. A
 * peer is `2.6.12`, `2.7.23`, `3.2.16`, `3.3.6` or `go`, or the beginning of a version; without one all are used.
 *
 * A peer whose tools (JDK and Maven, or Go) are not on this machine is left out with a notice. Where `CI` is `true` that
 * is a failure.
 */
async function main(): Promise<number> {
  const peers = withTools(peersNamedBy(process.argv.slice(2)));
  if (peers === undefined) return 1;
  if (peers.length === 0) {
    console.error('interop: no provider can be built here; no test was run.');
    return 0;
  }
  await build(peers);
  return runTests(peers);
}

/** The peers that can be built here, or undefined where one cannot and none may be left out. */
function withTools(peers: readonly PeerName[]): PeerName[] | undefined {
  const isCi = process.env.CI === 'true';
  let isComplete = true;
  const usable = peers.filter((name) => {
    const missing = missingTools(name);
    if (missing.length === 0) return true;
    isComplete = false;
    console.error(
      `interop: !!! provider ${name} is ${isCi ? 'not possible' : 'SKIPPED'}: ${missing.join(', ')} missing !!!`,
    );
    return false;
  });
  return isCi && !isComplete ? undefined : usable;
}

/** Maven fetches into one local repository, so the Java peers are built one after the other, beside the Go build. */
async function build(peers: readonly PeerName[]): Promise<void> {
  const java = async (): Promise<void> => {
    for (const name of peers) {
      if (name !== 'go') await timed(`provider ${name}`, () => buildJavaPeer(name));
    }
    if (peers.some((name) => name !== 'go')) await timed('the Nacos server', buildNacosServer);
  };
  const go = peers.includes('go') ? timed('provider go', buildGoPeer) : Promise.resolve();
  await Promise.all([java(), go]);
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  console.log(`interop: ${name} is built (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function runTests(peers: readonly PeerName[]): number {
  const files = readdirSync(INTEROP_FOLDER).filter((file) => file.endsWith('.test.ts'));
  // Tests that write README.md take turns; so do those whose word counts, as each has a JVM or two that want a core.
  const concurrency = process.env.UPDATE_DOCS === '1' || process.env.CI === 'true' ? 1 : 2;
  const result = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '--test',
      `--test-concurrency=${concurrency}`,
      ...['--test-reporter=tap', '--test-reporter-destination=stdout'],
      ...[`--test-reporter=${FAILURES_REPORTER}`, '--test-reporter-destination=stderr'],
      ...files.sort().map((file) => join(INTEROP_FOLDER, file)),
    ],
    { stdio: 'inherit', env: { ...process.env, [PEERS_VARIABLE]: peers.join(',') } },
  );
  if (result.error !== undefined) throw result.error;
  return result.status ?? 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`interop: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
